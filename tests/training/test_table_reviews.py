import csv
import gzip
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from builders import make_labels
from evaluation_data import UNSEEN, add_held_out_reviews
from tiny_model import sample_rows

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels, Polarity, Probabilities
from training.data import GOLD_TRAIN, SENTIMENT, LabelledReview, held_out_reviews, rows
from training.held_out import review_figures
from training.own_labels import OPINIONS, PROBLEMS

COLUMNS = (
    "product path row field start end digest polarity intent topics severity problem".split()  # noqa: SIM905
)


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


@pytest.fixture
def data(tiny_data: Path, tmp_path: Path) -> Path:
    """Return the tiny data with other reviews: no clause of `gold/` is in one."""
    folder = tmp_path / "data"
    shutil.copytree(tiny_data, folder, ignore=shutil.ignore_patterns(Path(SENTIMENT).name))
    add_held_out_reviews(folder)
    return folder


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Return label files without a row."""
    folder = tmp_path / "labels"
    folder.mkdir()
    for name in (OPINIONS, PROBLEMS):
        (folder / name).write_text("\t".join(COLUMNS) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def classifier(tiny_model: Path) -> Classifier:
    return load_classifier(tiny_model)


def add_label(labels: Path, table: str, text: str, span: str, *, row: int, of: str = "") -> None:
    """Label a span of the review in one row; its digest is that `of` another text, if given."""
    start = text.index(span)
    digest = hashlib.sha256((of or span).encode()).hexdigest()[:8]
    place = ["shop", SENTIMENT, row, "text", start, start + len(span), digest]
    with (labels / table).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerow([*place, "neu", "other", "a.b", 0, "c1"])


def add_review(data: Path, text: str) -> int:
    """Add a review and return its row."""
    with gzip.open(data / SENTIMENT, "at", encoding="utf-8") as file:
        row = {"text": text, "label": "positive", "src": "waimai_10k"}
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return sum(1 for _ in rows(data / SENTIMENT)) - 1


def add_gold(data: Path, *texts: str) -> None:
    """Add training clauses."""
    with (data / GOLD_TRAIN).open("a", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps(sample_rows()[0] | {"text": text}, ensure_ascii=False) + "\n")


def held_out(data: Path) -> tuple[LabelledReview, ...]:
    return held_out_reviews(data / SENTIMENT, per_label=1000)


def test_every_review_is_counted_with_its_source(
    data: Path, labels: Path, classifier: Classifier
) -> None:
    found = review_figures(data, classifier, labels=labels)
    expected = len(held_out(data))
    assert found["reviews"] == expected > 10
    assert found["by_source"] == {
        "waimai_10k": {"reviews": expected, "accuracy": found["accuracy"]}
    }
    low, high = found["interval"]
    assert low <= found["accuracy"] <= high


@pytest.mark.parametrize("table", [OPINIONS, PROBLEMS])
def test_a_review_with_a_clause_labelled_anywhere_is_no_test(
    table: str, data: Path, labels: Path, classifier: Classifier
) -> None:
    before = review_figures(data, classifier, labels=labels)["reviews"]
    clause = held_out(data)[0].text.split("，", maxsplit=1)[0]
    other = f"{clause}！还会再来"
    add_label(labels, table, other, clause, row=add_review(data, other))
    assert review_figures(data, classifier, labels=labels)["reviews"] == before - 1


def test_a_review_with_a_training_clause_of_gold_is_no_test(
    data: Path, labels: Path, classifier: Classifier
) -> None:
    before = review_figures(data, classifier, labels=labels)["reviews"]
    add_gold(data, held_out(data)[0].text.split("，", maxsplit=1)[0])
    assert review_figures(data, classifier, labels=labels)["reviews"] == before - 1


@pytest.mark.parametrize(
    "of",
    [
        pytest.param("", id="a clause too short to be looked for"),
        pytest.param("another release", id="labels made for other data"),
    ],
)
def test_a_review_that_was_labelled_itself_is_no_test(
    of: str, data: Path, labels: Path, classifier: Classifier
) -> None:
    before = review_figures(data, classifier, labels=labels)["reviews"]
    text = held_out(data)[0].text
    row = next(number for number, row in enumerate(rows(data / SENTIMENT)) if row["text"] == text)
    add_label(labels, OPINIONS, text, text[:2], row=row, of=of)
    assert review_figures(data, classifier, labels=labels)["reviews"] == before - 1


def test_other_reviews_take_the_place_of_those_left_out(data: Path) -> None:
    def negative(per_label: int, *without: LabelledReview) -> list[LabelledReview]:
        texts = {review.text for review in without}
        found = held_out_reviews(
            data / SENTIMENT, per_label=per_label, unless=lambda text: text in texts
        )
        return [review for review in found if review.polarity == "neg"]

    first, second, third = negative(3)
    assert negative(2) == [first, second]
    assert negative(2, first) == [second, third]


def test_where_no_review_is_left_every_figure_is_nought(
    data: Path, labels: Path, classifier: Classifier
) -> None:
    add_gold(data, *UNSEEN.values())
    found = review_figures(data, classifier, labels=labels)
    assert (found["reviews"], found["accuracy"], found["by_source"]) == (0, 0.0, {})


@pytest.mark.parametrize(
    ("chances", "answer"),
    [
        pytest.param(Probabilities(0.2, 0.5, 0.3), "pos", id="neutral, rather positive"),
        pytest.param(Probabilities(0.9, 0.05, 0.05), "neg", id="negative"),
    ],
)
def test_neutral_answers_are_decided_by_the_other_two(
    chances: Probabilities, answer: str, data: Path, labels: Path, classifier: Classifier
) -> None:
    found = review_figures(data, Always(classifier, chances), labels=labels)
    polarities = [review.polarity for review in held_out(data)]
    assert found["accuracy"] == pytest.approx(polarities.count(answer) / len(polarities), abs=1e-4)
