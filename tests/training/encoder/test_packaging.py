"""What is told of a packaged encoder beside its figures."""

from pathlib import Path

import pytest
from tiny_corpus import write_corpus, write_labels

from training.data import GOLD_DEV, GOLD_TRAIN, PAIRS
from training.own_labels import LABELS, OPINIONS, count
from training.packaging import attempts
from training.sources import OUR_GOLD, OUR_LABELS, encoder_sources, ours, source


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("data"))


def test_labels_of_this_project_are_told_from_others(data: Path, tmp_path: Path) -> None:
    labels = write_labels(tmp_path / "mine")
    assert ours(encoder_sources(data)) == OUR_LABELS
    theirs = encoder_sources(data, labels=labels)
    assert ours(theirs) == set()
    table = next(each for each in theirs if each.path == f"mine/{OPINIONS}")
    assert (table.rows, table.note) == (
        count(labels / OPINIONS),
        "labels added or replaced by who trained the model",
    )
    assert {each.path for each in theirs} & OUR_LABELS == set()


@pytest.mark.parametrize(
    ("path", "rows", "labelled", "use"),
    [
        pytest.param(GOLD_TRAIN, 4_940, {GOLD_TRAIN}, "train", id="as released"),
        pytest.param(GOLD_TRAIN, 4_941, set(), "train", id="with a clause more"),
        pytest.param(
            GOLD_DEV,
            80,
            set(),
            "calibration, thresholds and the figures",
            id="settings were not chosen on it",
        ),
        pytest.param(PAIRS, 5, set(), "train: word vectors", id="without labels"),
    ],
)
def test_a_file_that_somebody_added_to_is_theirs(
    path: str, rows: int, labelled: set[str], use: str
) -> None:
    found = source(path, rows=rows)
    assert ours([found]) == labelled
    assert (found.rows, found.use) == (rows, use)


def test_the_attempts_are_told_with_our_labels_only(data: Path) -> None:
    beside_gold = encoder_sources(data, labels=LABELS)
    gold = [source(path, rows=rows) for path, rows in ((GOLD_TRAIN, 4_940), (GOLD_DEV, 848))]
    assert ours(gold) == OUR_GOLD
    assert attempts([*gold, *beside_gold])
    assert attempts(gold) == attempts(beside_gold) == []
