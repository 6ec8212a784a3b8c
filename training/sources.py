"""What each data set is and under which licence it was found; goes into every manifest."""

from pathlib import Path
from typing import Final

from feedback_nlp.artifacts import DataSource
from training.data import GOLD_DEV, GOLD_TRAIN, PAIRS, RAW_REVIEWS, SENTIMENT, rows
from training.own_labels import LABELS, OPINIONS, PROBLEMS, count

_LABELS: Final = "labels by six language-model annotators, one pass: careful, model-made"
_OWN: Final = "labels by twelve language-model annotators, one pass, no human check"
_LICENCES: Final = {
    GOLD_TRAIN: "labels: this project; texts: public reviews, none stated or research",
    GOLD_DEV: "labels: this project; texts: public reviews, none stated or research",
    SENTIMENT: "none stated or research, by source",
    RAW_REVIEWS: "none stated",
    PAIRS: "research",
    "pairs/lcqmc_dev.jsonl.gz": "research",
    "train/topics_public.jsonl.gz": "none stated",
    "demo/phone_reviews.jsonl.gz": "none stated",
    "demo/game_reviews.jsonl.gz": "none stated",
    "demo/alipay_appstore.jsonl.gz": "Apache-2.0",
    "demo/citizen_tickets.jsonl.gz": "contest",
    f"training/labels/{OPINIONS}": "labels: this project; texts: as their sources, not included",
    f"training/labels/{PROBLEMS}": "labels: this project; texts: as their sources, not included",
}
_LINEAR: Final = {
    GOLD_TRAIN: ("train", _LABELS),
    GOLD_DEV: ("settings, calibration, thresholds and the figures", _LABELS),
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
    f"training/labels/{OPINIONS}": ("teacher; student's texts", _OWN),
    f"training/labels/{PROBLEMS}": (
        "vectors: complaints about one problem lie near; one product: choice of recipes",
        "by four language-model annotators, one pass, no human check",
    ),
    GOLD_TRAIN: ("student's finish; calibration and thresholds by cross-validation", _LABELS),
    GOLD_DEV: ("choice of the recipe, and the figures", _LABELS),
    SENTIMENT: (_STUDENT, f"{_TEXTS}; a tenth is kept apart for the review figures"),
    RAW_REVIEWS: (_STUDENT, _TEXTS),
    "demo/phone_reviews.jsonl.gz": (_STUDENT, _TEXTS),
    "demo/game_reviews.jsonl.gz": (_STUDENT, _TEXTS),
    "demo/citizen_tickets.jsonl.gz": (_STUDENT, _TEXTS),
    PAIRS: ("vectors: pairs alike or not; student's texts; choice of pieces", "pair labels used"),
    "pairs/lcqmc_dev.jsonl.gz": ("vectors: pairs alike or not", "pair labels used"),
    "train/topics_public.jsonl.gz": (_ONLY_PIECES, _TEXTS),
    "demo/alipay_appstore.jsonl.gz": (_ONLY_PIECES, "some clauses of it are in opinions.tsv"),
}


def source(path: str, *, rows: int) -> DataSource:
    """Return a linear model's entry for one data file of which `rows` rows were used."""
    use, note = _LINEAR[path]
    return DataSource(path=path, use=use, rows=rows, licence=_LICENCES[path], note=note)


def encoder_sources(data: Path, *, labels: Path = LABELS) -> tuple[DataSource, ...]:
    """Return an encoder's entries, with the number of rows each file has."""
    return tuple(
        DataSource(
            path=path,
            use=use,
            rows=_rows_of(path, data, labels),
            licence=_LICENCES[path],
            note=note,
        )
        for path, (use, note) in _ENCODER.items()
    )


def _rows_of(path: str, data: Path, labels: Path) -> int:
    folder, _, name = path.rpartition("/")
    if folder == "training/labels":
        return count(labels / name)
    return sum(1 for _ in rows(data / path))
