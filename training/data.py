"""Reads the labelled data of `../shared/data`; texts leave it in normalised form."""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.errors import InputError
from feedback_nlp.heads.decide import MOST_TOPICS
from feedback_nlp.heads.scores import INTENTS, POLARITIES, SEVERITIES
from feedback_nlp.text.normalize import normalize

GOLD_TRAIN: Final = "gold/opinions_train.jsonl"
GOLD_DEV: Final = "gold/opinions_dev.jsonl"
SENTIMENT: Final = "train/sentiment.jsonl.gz"
RAW_REVIEWS: Final = "unlabelled/ecommerce_reviews.jsonl.gz"
PAIRS: Final = "pairs/afqmc_train.jsonl.gz"
UNLABELLED: Final = (RAW_REVIEWS, PAIRS)
"""Read for their words only, beside the reviews of `SENTIMENT`."""

SENTIMENT_CAPS: Final = {
    "amazon_zh_3class": 12_000,
    "aste_zh_dianping": 12_000,
    "chnsenticorp_htl_all": 12_000,
    "jd_laptop_clauses": 12_000,
    "online_shopping_10_cats": 12_000,
    "waimai_10k": 12_000,
    "zhejianglab_makeup": 12_000,
}
"""Most rows taken from each source of `SENTIMENT`. Left out: nlpcc14_sc (noisy labels),
bdci2018_car, smp2019_ecisa and bdci2021_bank (another idea of polarity), weibo (emoticons)."""
LONGEST_REVIEW: Final = 80
"""Characters; longer reviews say too many things to teach a clause model."""
_POLARITY: Final = {"negative": "neg", "neutral": "neu", "positive": "pos"}
HELD_OUT_IN: Final = 10
_FIELDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "text": lambda text: isinstance(text, str) and bool(text.strip()),
    "polarity": lambda label: label in POLARITIES,
    "intent": lambda label: label in INTENTS,
    "topics": lambda codes: (
        isinstance(codes, list)
        and 1 <= len(codes) <= MOST_TOPICS
        and all(isinstance(code, str) for code in codes)
    ),
    "severity": lambda level: isinstance(level, int) and 0 <= level <= len(SEVERITIES),
}
"""Fields of a labelled clause and what they may hold."""
_RAW_CAP: Final = 20_000
"""Most reviews of one source of `SENTIMENT` that word vectors are learned from."""
_RAW_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class LabelledClause:
    """One clause with its gold labels."""

    text: str
    """Normalised."""
    polarity: str
    intent: str
    topics: tuple[str, ...]
    severity: int


@dataclass(frozen=True, slots=True)
class LabelledReview:
    """One review with the polarity its source gives the whole of it."""

    text: str
    """As the source has it, or normalised where a function says so."""
    polarity: str
    source: str


def clauses(path: Path) -> tuple[LabelledClause, ...]:
    """Read labelled clauses in file order.

    Raises:
        InputError: when the file is missing, or a row lacks a field or names an unknown label; the
            message names file, line and field.
    """
    codes = frozenset(topic.code for topic in load_taxonomy().topics)
    return tuple(_clause(row, f"{path}:{line}", codes) for line, row in enumerate(rows(path), 1))


def _clause(row: Mapping[str, Any], place: str, codes: frozenset[str]) -> LabelledClause:
    for name, fits in _FIELDS.items():
        if name not in row or not fits(row[name]):
            raise InputError(
                f"{place}: 字段 {name} 不能是 {row.get(name)!r}；取值见 docs/training.md"
            )
    unknown = set(row["topics"]) - codes
    if unknown:
        raise InputError(f"{place}: 类别表里没有 {'、'.join(sorted(unknown))}")
    if (row["polarity"] == "neg") != (row["severity"] > 0):
        raise InputError(
            f"{place}: severity 在 neg 时为 1 到 3，否则为 0，不能是 {row['severity']}"
        )
    return LabelledClause(
        text=normalize(row["text"]).text,
        polarity=row["polarity"],
        intent=row["intent"],
        topics=tuple(row["topics"]),
        severity=row["severity"],
    )


def prior_reviews(path: Path) -> tuple[LabelledReview, ...]:
    """Return the short, positive or negative reviews that teach the polarity prior, normalised.

    Every source is capped, in an order that depends on nothing but the texts; the reviews of
    `held_out_reviews` are not among them.
    """
    taken: Counter[str] = Counter()
    chosen: list[LabelledReview] = []
    for review in sorted(_reviews(path), key=lambda review: digest(review.text)):
        cap = SENTIMENT_CAPS.get(review.source, 0)
        fits = len(review.text) <= LONGEST_REVIEW and review.polarity != "neu"
        if fits and taken[review.source] < cap and not is_held_out(review.text):
            taken[review.source] += 1
            chosen.append(replace(review, text=normalize(review.text).text))
    return tuple(chosen)


def held_out_reviews(
    path: Path, *, per_label: int, unless: Callable[[str], bool] = lambda _: False
) -> tuple[LabelledReview, ...]:
    """Return reviews no model was trained on, at most `per_label` of a source and a polarity.

    A text that `unless` is true of is left out and counts for nothing: the next one takes its
    place, as long as there is one.
    """
    taken: Counter[tuple[str, str]] = Counter()
    chosen: list[LabelledReview] = []
    for review in sorted(_reviews(path), key=lambda review: digest(review.text)):
        key = (review.source, review.polarity)
        held_out = review.source in SENTIMENT_CAPS and is_held_out(review.text)
        if held_out and taken[key] < per_label and not unless(review.text):
            taken[key] += 1
            chosen.append(review)
    return tuple(chosen)


def raw_texts(data: Path) -> tuple[str, ...]:
    """Return every text word vectors are learned from, normalised, distinct and sorted."""
    taken: Counter[str] = Counter()
    texts: set[str] = set()
    for review in sorted(_reviews(data / SENTIMENT), key=lambda review: digest(review.text)):
        taken[review.source] += 1
        if taken[review.source] <= _RAW_CAP:
            texts.add(review.text)
    for path in UNLABELLED:
        for row in rows(data / path):
            texts |= {row[field] for field in ("text", "text_a", "text_b") if field in row}
    return tuple(sorted({normalize(text[:_RAW_LENGTH]).text for text in texts}))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file, `.gz` or not."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; give the data folder with --data")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError(f"{path}:{number}: 不是一行 JSON") from error
            if not isinstance(row, dict):
                raise InputError(f"{path}:{number}: 不是 JSON 对象")
            yield row


def _reviews(path: Path) -> Iterator[LabelledReview]:
    for row in rows(path):
        yield LabelledReview(row["text"], _POLARITY[row["label"]], row["src"])


def digest(text: str) -> str:
    """Return the sha256 of a text: an order and a split that nothing but the text decides."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_held_out(text: str) -> bool:
    """Tell whether no model may learn from this review of `SENTIMENT`: a tenth, by its digest."""
    return int(digest(text)[:8], 16) % HELD_OUT_IN == 0
