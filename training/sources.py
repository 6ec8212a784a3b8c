"""What each data set is and under which licence it was found; goes into every manifest."""

from typing import Final

from feedback_nlp.artifacts import DataSource
from training.data import GOLD_DEV, GOLD_TRAIN, PAIRS, RAW_REVIEWS, SENTIMENT

_LABELS: Final = "labels by six language-model annotators, one pass: careful, model-made"
_NOTES: Final = {
    GOLD_TRAIN: (
        "train",
        "labels: this project; texts: public reviews, none stated or research",
        _LABELS,
    ),
    GOLD_DEV: (
        "settings, calibration, thresholds and the figures",
        "labels: this project; texts: public reviews, none stated or research",
        _LABELS,
    ),
    SENTIMENT: (
        "train: the polarity prior, and word vectors without labels",
        "none stated or research, by source",
        "prior: stars and labels of seven sources, capped, positive and negative only",
    ),
    RAW_REVIEWS: ("train: word vectors", "none stated", "texts only"),
    PAIRS: ("train: word vectors", "research", "texts only, the pair labels are not used"),
}


def source(path: str, *, rows: int) -> DataSource:
    """Return the manifest's entry for one data file of which `rows` rows were used."""
    use, licence, note = _NOTES[path]
    return DataSource(path=path, use=use, rows=rows, licence=licence, note=note)
