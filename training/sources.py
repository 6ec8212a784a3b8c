"""What each data set is and under which licence it was found; goes into every manifest."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from feedback_nlp.artifacts import DataSource
from training.data import GOLD_DEV, GOLD_TRAIN, PAIRS, RAW_REVIEWS, SENTIMENT, rows
from training.own_labels import LABELS, OPINIONS, PROBLEMS, count

_LABELS: Final = "labels by six language-model annotators, one pass: careful, model-made"
_OWN: Final = "labels by twenty language-model annotators, one pass, no human check"
_THEIRS: Final = "labels added or replaced by who trained the model"
_THEIR_LICENCE: Final = "known to who trained the model"
_SETTINGS: Final = "settings, "
"""Chosen on the development clauses of this project, never on anybody else's."""
_OURS: Final = "labels: this project"
"""How the licence of every file begins that this project labelled, and of no other."""
_FOLDER: Final = "training/labels"
OUR_GOLD: Final = frozenset({GOLD_TRAIN, GOLD_DEV})
OUR_LABELS: Final = frozenset({f"{_FOLDER}/{OPINIONS}", f"{_FOLDER}/{PROBLEMS}"})
_GOLD_ROWS: Final = {GOLD_TRAIN: 4_940, GOLD_DEV: 848}
"""A file of another length is not the one of this project: own clauses are added to it."""
_LICENCES: Final = {
    GOLD_TRAIN: f"{_OURS}; texts: public reviews, none stated or research",
    GOLD_DEV: f"{_OURS}; texts: public reviews, none stated or research",
    SENTIMENT: "none stated or research, by source",
    RAW_REVIEWS: "none stated",
    PAIRS: "research",
    "pairs/lcqmc_dev.jsonl.gz": "research",
    "train/topics_public.jsonl.gz": "none stated",
    "demo/phone_reviews.jsonl.gz": "none stated",
    "demo/game_reviews.jsonl.gz": "none stated",
    "demo/alipay_appstore.jsonl.gz": "Apache-2.0",
    "demo/citizen_tickets.jsonl.gz": "contest",
    f"{_FOLDER}/{OPINIONS}": f"{_OURS}; texts: as their sources, not included",
    f"{_FOLDER}/{PROBLEMS}": f"{_OURS}; texts: as their sources, not included",
}
_LINEAR: Final = {
    GOLD_TRAIN: ("train", _LABELS),
    GOLD_DEV: (f"{_SETTINGS}calibration, thresholds and the figures", _LABELS),
    SENTIMENT: (
        "train: the polarity prior, and word vectors without labels",
        "prior: stars and labels of seven sources, capped, positive and negative only",
    ),
    RAW_REVIEWS: ("train: word vectors", "texts only"),
    PAIRS: ("train: word vectors", "texts only, the pair labels are not used"),
}
_ONLY_PIECES: Final = "choice of the tokenizer's pieces"
_STUDENT: Final = "student: clauses as the teacher reads them; choice of pieces"
_TEXTS: Final = "texts only"
_ENCODER: Final = {
    f"{_FOLDER}/{OPINIONS}": ("teacher and student", _OWN),
    f"{_FOLDER}/{PROBLEMS}": (
        "vectors: complaints about one problem lie near; one product: choice of recipes",
        "by four language-model annotators, one pass, no human check",
    ),
    GOLD_TRAIN: ("student's finish; calibration and thresholds by cross-validation", _LABELS),
    GOLD_DEV: (f"{_SETTINGS}the figures", _LABELS),
    SENTIMENT: (_STUDENT, f"{_TEXTS}; a tenth is kept apart for the review figures"),
    RAW_REVIEWS: (_STUDENT, _TEXTS),
    "demo/phone_reviews.jsonl.gz": (_STUDENT, _TEXTS),
    "demo/game_reviews.jsonl.gz": (_STUDENT, _TEXTS),
    "demo/citizen_tickets.jsonl.gz": (_STUDENT, _TEXTS),
    PAIRS: ("vectors: pairs alike or not; student's texts; choice of pieces", "pair labels used"),
    "pairs/lcqmc_dev.jsonl.gz": ("vectors: pairs alike or not", "pair labels used"),
    "train/topics_public.jsonl.gz": (_ONLY_PIECES, _TEXTS),
    "demo/alipay_appstore.jsonl.gz": (_ONLY_PIECES, f"{_TEXTS}, beside what opinions.tsv names"),
}


def source(path: str, *, rows: int) -> DataSource:
    """Return a linear model's entry for one data file of which `rows` rows were used."""
    use, note = _LINEAR[path]
    return _source(path, use, note, rows)


def encoder_sources(data: Path, *, labels: Path = LABELS) -> tuple[DataSource, ...]:
    """Return an encoder's entries, with the number of rows each file has."""
    return tuple(
        _label_table(path, use, note, labels)
        if path in OUR_LABELS
        else _source(path, use, note, sum(1 for _ in rows(data / path)))
        for path, (use, note) in _ENCODER.items()
    )


def ours(sources: Iterable[DataSource]) -> frozenset[str]:
    """Return the paths of the data files that this project labelled."""
    return frozenset(source.path for source in sources if source.licence.startswith(_OURS))


def _source(path: str, use: str, note: str, rows: int) -> DataSource:
    """Return the entry of a file in the data folder."""
    licence = _LICENCES[path]
    if _GOLD_ROWS.get(path, rows) != rows:
        use, licence, note = use.removeprefix(_SETTINGS), _THEIR_LICENCE, _THEIRS
    return DataSource(path=path, use=use, rows=rows, licence=licence, note=note)


def _label_table(path: str, use: str, note: str, labels: Path) -> DataSource:
    """Return the entry of a label file, under its own name when it is not the packaged one."""
    table = labels / path.rpartition("/")[2]
    if labels != LABELS:
        path, note = f"{labels.name}/{table.name}", _THEIRS
    licence = _LICENCES.get(path, _THEIR_LICENCE)
    return DataSource(path=path, use=use, rows=count(table), licence=licence, note=note)
