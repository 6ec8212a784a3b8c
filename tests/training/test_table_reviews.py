import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from builders import make_labels

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels, Polarity, Probabilities
from training.data import SENTIMENT, held_out_reviews, rows
from training.held_out import review_figures
from training.own_labels import OPINIONS, PROBLEMS

COLUMNS = ("path", "row", "field", "start", "end", "digest")


def labels_of(folder: Path, numbers: list[int]) -> Path:
    """Write label files that name these rows of the reviews."""
    for name in (OPINIONS, PROBLEMS):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, delimiter="\t")
            lines.writerow(COLUMNS)
            lines.writerows([SENTIMENT, number, "text", 0, 1, "0"] for number in numbers)
    return folder


@dataclass(frozen=True, slots=True)
class Always:
    """Gives every clause the same probabilities."""

    inner: Classifier
    chances: Probabilities

    @property
    def version(self) -> str:
        return "always/2026-11-22"

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return [make_labels(polarity=Polarity.NEU, probabilities=self.chances) for _ in clauses]

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.inner.encode(clauses)


def test_every_review_is_counted_with_its_source(
    tiny_data: Path, tiny_model: Path, tmp_path: Path
) -> None:
    found = review_figures(tiny_data, load_classifier(tiny_model), labels=labels_of(tmp_path, []))
    held_out = held_out_reviews(tiny_data / SENTIMENT, per_label=1000)
    expected = sum(review.polarity != "neu" for review in held_out)
    assert found["reviews"] == expected
    assert found["by_source"] == {
        "waimai_10k": {"reviews": expected, "accuracy": found["accuracy"]}
    }
    low, high = found["interval"]
    assert low <= found["accuracy"] <= high


def test_a_review_that_taught_is_no_test(tiny_data: Path, tiny_model: Path, tmp_path: Path) -> None:
    held_out = {
        review.text
        for review in held_out_reviews(tiny_data / SENTIMENT, per_label=1000)
        if review.polarity != "neu"
    }
    taught = next(n for n, row in enumerate(rows(tiny_data / SENTIMENT)) if row["text"] in held_out)
    classifier = load_classifier(tiny_model)
    found = review_figures(tiny_data, classifier, labels=labels_of(tmp_path, [taught]))
    assert found["reviews"] == len(held_out) - 1


@pytest.mark.parametrize(
    ("chances", "answer"),
    [
        pytest.param(Probabilities(0.2, 0.5, 0.3), "pos", id="neutral, rather positive"),
        pytest.param(Probabilities(0.9, 0.05, 0.05), "neg", id="negative"),
    ],
)
def test_neutral_answers_are_decided_by_the_other_two(
    chances: Probabilities, answer: str, tiny_data: Path, tiny_model: Path, tmp_path: Path
) -> None:
    always = Always(load_classifier(tiny_model), chances)
    found = review_figures(tiny_data, always, labels=labels_of(tmp_path, []))
    held_out = held_out_reviews(tiny_data / SENTIMENT, per_label=1000)
    labels = [review.polarity for review in held_out if review.polarity != "neu"]
    share = labels.count(answer) / len(labels)
    assert found["accuracy"] == pytest.approx(share, abs=1e-4)
