"""What one step of training looks at: labelled texts, a teacher's answers, pairs that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import torch
from torch import Tensor

from training.calibrate import Targets
from training.encoder.batches import batch_of, shuffled
from training.encoder.losses import group_loss, label_loss, pair_loss, soft_loss
from training.encoder.network import Network, Reading

Texts = Sequence[Sequence[int]]
"""Ids of each text."""
_PAIRS: Final = 32
_PROBLEMS: Final = 16
_OF_A_PROBLEM: Final = 3
_WITHOUT_PROBLEM: Final = 6
_PAIR_WEIGHT: Final = 1.0
_PROBLEM_WEIGHT: Final = 0.5


class Task(Protocol):
    """Something to learn from texts, dealt out in steps."""

    def steps(self, *, size: int, seed: int) -> list[list[int]]:
        """Return the places of the texts of every step of one epoch, `size` a step."""
        ...

    def loss(self, network: Network, texts: list[int]) -> Tensor:
        """Return the loss of one step."""
        ...


class SideTask(Protocol):
    """Something to learn beside a task, as many steps as that one leaves room for."""

    def draws(self, *, count: int, seed: int) -> list[int]:
        """Return one number for each of `count` steps."""
        ...

    def loss(self, network: Network, draw: int) -> Tensor:
        """Return the loss of one step; the number decides what it looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Answers:
    """What a teacher says about texts, one row each."""

    scores: np.ndarray = field(repr=False)
    vectors: np.ndarray = field(repr=False)

    def part(self, rows: slice | np.ndarray) -> "Answers":
        """Return the answers of some rows."""
        return Answers(self.scores[rows], self.vectors[rows])

    def take(self, texts: Sequence[int]) -> Reading:
        """Return the answers of these texts as tensors."""
        rows = np.array(texts)
        return Reading(
            torch.tensor(self.scores[rows], dtype=torch.float32),
            torch.tensor(self.vectors[rows], dtype=torch.float32),
        )


@dataclass(frozen=True, slots=True)
class LabelTask:
    """Clauses with labels; where a teacher's answers are given, they count as much."""

    texts: Texts
    targets: Targets
    answers: Answers | None = None

    def steps(self, *, size: int, seed: int) -> list[list[int]]:
        """Deal all texts out."""
        return shuffled(self.texts, size=size, seed=seed)

    def loss(self, network: Network, texts: list[int]) -> Tensor:
        """Return the loss against the labels, plus that against the teacher."""
        said = network(batch_of([self.texts[place] for place in texts]))
        chosen = self.targets.take(np.array(texts))
        labels = np.stack([chosen.polarity, chosen.intent, chosen.severity], axis=1)
        loss = label_loss(
            said.scores, torch.tensor(labels), torch.tensor(chosen.topics, dtype=torch.float32)
        )
        return loss if self.answers is None else loss + soft_loss(said, self.answers.take(texts))


@dataclass(frozen=True, slots=True)
class SoftTask:
    """Texts without labels and what a teacher says about them."""

    texts: Texts
    answers: Answers

    def steps(self, *, size: int, seed: int) -> list[list[int]]:
        """Deal all texts out."""
        return shuffled(self.texts, size=size, seed=seed)

    def loss(self, network: Network, texts: list[int]) -> Tensor:
        """Return the distance from the teacher."""
        said = network(batch_of([self.texts[place] for place in texts]))
        return soft_loss(said, self.answers.take(texts))


@dataclass(frozen=True, slots=True)
class MixedTask:
    """Clauses with labels and texts without, in steps of one kind each, both in every epoch."""

    labelled: LabelTask
    unlabelled: SoftTask

    def steps(self, *, size: int, seed: int) -> list[list[int]]:
        """Deal both out; places of texts without labels follow those of the labelled ones."""
        first = len(self.labelled.texts)
        steps = self.labelled.steps(size=size, seed=seed) + [
            [first + place for place in step]
            for step in self.unlabelled.steps(size=size, seed=seed)
        ]
        return [steps[place] for place in np.random.default_rng(seed).permutation(len(steps))]

    def loss(self, network: Network, texts: list[int]) -> Tensor:
        """Return the loss of one step of either kind."""
        first = len(self.labelled.texts)
        if texts[0] < first:
            return self.labelled.loss(network, texts)
        return self.unlabelled.loss(network, [place - first for place in texts])


@dataclass(frozen=True, slots=True)
class LikenessTask:
    """Texts that mean the same, and complaints about the same problem: for the vectors.

    Steps alternate between the two. Pairs are sorted by length, so that a stretch of them holds
    little padding; complaints of one step are of one product.
    """

    pairs: Sequence[tuple[Sequence[int], Sequence[int], bool]]
    problems: Sequence[Sequence[Texts]]
    """Per product the texts of each problem, at least two."""
    without: Sequence[Texts]
    """Per product the texts that share their problem with no other."""

    def draws(self, *, count: int, seed: int) -> list[int]:
        """Return random numbers, even ones and odd ones by turns."""
        halves = np.random.default_rng(seed).integers(2**30, size=count)
        return [2 * int(half) + place % 2 for place, half in enumerate(halves)]

    def loss(self, network: Network, draw: int) -> Tensor:
        """Return the loss of some problems of one product, or of a stretch of pairs if odd."""
        rng = np.random.default_rng(draw)
        return self._of_pairs(network, rng) if draw % 2 else self._of_problems(network, rng)

    def _of_pairs(self, network: Network, rng: np.random.Generator) -> Tensor:
        start = int(rng.integers(max(1, len(self.pairs) - _PAIRS + 1)))
        chosen = self.pairs[start : start + _PAIRS]
        both = [one for one, _, _ in chosen] + [other for _, other, _ in chosen]
        vectors = network(batch_of(both)).vectors
        one, other = vectors[: len(chosen)], vectors[len(chosen) :]
        alike = torch.tensor([same for _, _, same in chosen])
        return _PAIR_WEIGHT * pair_loss(one, other, alike)

    def _of_problems(self, network: Network, rng: np.random.Generator) -> Tensor:
        product = int(rng.integers(len(self.problems)))
        problems, without = self.problems[product], self.without[product]
        texts: list[Sequence[int]] = []
        groups: list[int] = []
        for problem in _some(rng, len(problems), _PROBLEMS):
            for member in _some(rng, len(problems[problem]), _OF_A_PROBLEM):
                texts.append(problems[problem][member])
                groups.append(problem)
        for place in _some(rng, len(without), _WITHOUT_PROBLEM):
            texts.append(without[place])
            groups.append(-1 - place)
        vectors = network(batch_of(texts)).vectors
        return _PROBLEM_WEIGHT * group_loss(vectors, torch.tensor(groups))


def _some(rng: np.random.Generator, among: int, count: int) -> list[int]:
    return [int(place) for place in rng.choice(among, min(count, among), replace=False)]
