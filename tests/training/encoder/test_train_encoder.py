"""The whole recipe on our own clauses with a tiny base: what it promises, not how good it is."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tiny_base import write_base
from tiny_corpus import write_corpus, write_labels

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.artifacts.manifest import Manifest
from feedback_nlp.errors import InputError
from training.card import card
from training.data import GOLD_TRAIN, clauses
from training.encoder.fit import Schedule
from training.encoder.recipe import EncoderSettings
from training.train_encoder import train_encoder

VERSION = "encoder-tiny/2026-11-22"
QUICK = Schedule(epochs=1, rate=1e-3, size=16)


class StoppedError(Exception):
    """Stands for a machine that went away."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Data, labels and settings of one tiny training."""

    data: Path
    labels: Path
    cases: Path
    settings: EncoderSettings

    def train(self, folder: Path, *, stop_at: str | None = None, unlabelled: int = 40) -> list[str]:
        """Train into `folder`; returns what was said."""
        said: list[str] = []

        def say(line: str) -> None:
            said.append(line)
            if stop_at is not None and stop_at in line:
                raise StoppedError

        train_encoder(
            self.data,
            folder / VERSION,
            work=folder / "work",
            cores=1,
            say=say,
            settings=replace(self.settings, unlabelled=unlabelled),
            labels=self.labels,
            cases=self.cases,
        )
        return said


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    cases = folder / "cases.jsonl"
    case = {"id": "a", "kind": "plain", "text": "太差了", "expect": {"polarity": "neg"}}
    cases.write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    return Bench(
        write_corpus(folder / "data"),
        write_labels(folder / "labels"),
        cases,
        EncoderSettings(
            base=str(write_base(folder / "base")),
            rarest=1,
            teacher_layers=2,
            layers=1,
            inner=24,
            dimensions=8,
            unlabelled=40,
            folds=2,
            vector_layers=(1,),
            vector_steps=3,
            teacher=QUICK,
            student=QUICK,
            finish=QUICK,
        ),
    )


@pytest.fixture(scope="module")
def trained(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    bench.train(folder)
    return folder


def artefact(folder: Path) -> dict[str, bytes]:
    """What must be the same after every training: all but the minutes it took."""
    kept = {"model.onnx", "tokenizer.model", "calibration.json", "thresholds.json"}
    return {p.name: p.read_bytes() for p in (folder / VERSION).iterdir() if p.name in kept}


def test_the_artefact_loads_and_answers(bench: Bench, trained: Path) -> None:
    classifier = load_classifier(trained / VERSION)
    gold = clauses(bench.data / GOLD_TRAIN)
    labels = classifier.label([clause.text for clause in gold])
    assert len(labels) == len(gold)
    assert classifier.version == VERSION
    assert classifier.encode(["太差了"]).shape == (1, 8)


def test_the_card_holds_the_figures_of_eval_json(trained: Path) -> None:
    folder = trained / VERSION
    evaluation = json.loads((folder / "eval.json").read_text("utf-8"))
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_text("utf-8"))
    assert (folder / "README.md").read_text("utf-8") == card(manifest, evaluation)
    recipe = evaluation["recipe"]
    assert (recipe["teacher_layers"], recipe["layers"], recipe["folds"]) == (2, 1, 2)
    assert recipe["out_of_fold"] == len(clauses_of(manifest))
    assert evaluation["behaviour"]["plain"][1] == 1
    assert {"base", "teacher", "answers", "student", "fold-0", "fold-1", "finish", "vectors"} == {
        stage["what"] for stage in recipe["stages"]
    }


def clauses_of(manifest: Manifest) -> range:
    return range(next(source.rows for source in manifest.data if source.path == GOLD_TRAIN))


def test_training_again_gives_the_same_artefact(
    bench: Bench, trained: Path, tmp_path: Path
) -> None:
    bench.train(tmp_path)
    assert artefact(tmp_path) == artefact(trained)


@pytest.mark.parametrize(
    "stage", ["teacher: begins", "student: begins", "fold-1: begins", "measuring"]
)
def test_a_stopped_training_goes_on_and_ends_the_same(
    bench: Bench, trained: Path, tmp_path: Path, stage: str
) -> None:
    with pytest.raises(StoppedError):
        bench.train(tmp_path, stop_at=stage)
    assert not (tmp_path / VERSION).exists()
    said = bench.train(tmp_path)
    assert "base: done before" in said
    assert artefact(tmp_path) == artefact(trained)


def test_a_finished_training_is_only_measured_again(bench: Bench, trained: Path) -> None:
    before = artefact(trained)
    said = bench.train(trained)
    assert not [line for line in said if line.endswith("begins")]
    assert artefact(trained) == before


def test_other_settings_do_not_take_up_old_results(
    bench: Bench, trained: Path, tmp_path: Path
) -> None:
    bench.train(tmp_path)
    said = bench.train(tmp_path, unlabelled=10)
    assert "teacher: done before" in said
    assert "student: begins" in said
    assert "finish: begins" in said
    assert artefact(tmp_path) != artefact(trained)


def test_a_folder_that_is_no_model_is_not_replaced(bench: Bench, tmp_path: Path) -> None:
    out = tmp_path / VERSION
    out.mkdir(parents=True)
    (out / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="里面有文件，但不是模型"):
        bench.train(tmp_path)
    assert (out / "diary.txt").read_text("utf-8") == "mine"
