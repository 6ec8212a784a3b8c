"""The texts an encoder learns from, beside labelled clauses: normalised, and in a fixed order."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.split import split_clauses
from training.data import (
    GOLD_DEV,
    GOLD_TRAIN,
    PAIRS,
    RAW_REVIEWS,
    SENTIMENT,
    digest,
    is_held_out,
    rows,
)
from training.embedding import PAIRS_TEST, PRODUCTS, theme_complaints
from training.own_labels import LABELS, complaints
from training.passages import Passages, squashed

TOPICS_PUBLIC: Final = "train/topics_public.jsonl.gz"
PHONES: Final = "demo/phone_reviews.jsonl.gz"
GAMES: Final = "demo/game_reviews.jsonl.gz"
APP: Final = "demo/alipay_appstore.jsonl.gz"
TICKETS: Final = "demo/citizen_tickets.jsonl.gz"
MORE_PAIRS: Final = "pairs/lcqmc_dev.jsonl.gz"

READ_FOR_PIECES: Final = (
    SENTIMENT,
    RAW_REVIEWS,
    TOPICS_PUBLIC,
    PAIRS,
    MORE_PAIRS,
    APP,
    PHONES,
    GAMES,
    TICKETS,
    GOLD_TRAIN,
)
REVIEWS_OF: Final = {
    SENTIMENT: 38_000,
    RAW_REVIEWS: 6_000,
    PHONES: 2_000,
    GAMES: 4_000,
    TICKETS: 300,
    PAIRS: 1_500,
}
"""Most texts of each file that a student learns to read as its teacher does."""
LESS_OF: Final = {
    "nlpcc14_sc": 0,
    "bdci2018_car": 1_500,
    "smp2019_ecisa": 500,
    "jd_laptop_clauses": 2_500,
    "aste_zh_dianping": 3_000,
}
"""Sources of `SENTIMENT` that would crowd out the others, or are no reviews of products."""
KEPT_FOR_RECIPES: Final = "shop_jd"
"""The product that no encoder learns problems from: clustering recipes are chosen on it."""
_FIELDS: Final = ("title", "text", "text_a", "text_b")
_LONGEST_PAIR: Final = 40
_LONGEST_JOINED: Final = 45
_LEAST: Final = 2
_NEGATIVE_PAIRS: Final = 6_000
_POSITIVE_PAIRS: Final = 6_000


class Pair(NamedTuple):
    """Two normalised texts and whether they mean the same."""

    one: str
    other: str
    alike: bool


def texts_for_pieces(data: Path) -> Iterator[str]:
    """Yield every text whose pieces the tokenizer shall keep."""
    for path in READ_FOR_PIECES:
        for row in rows(data / path):
            yield from (row[field] for field in _FIELDS if field in row)


def unlabelled_clauses(data: Path, *, most: int, seed: int) -> tuple[str, ...]:
    """Return clauses as serving cuts them, and pairs of neighbours joined, in a drawn order.

    Left out: reviews kept for tests, and reviews that contain a clause of the development set or
    of the complaints that themes are judged on.
    """
    tested = Passages(_tested(data))
    found: dict[str, str] = {}
    for text in _reviews(data):
        if tested.within(normalize(text).text):
            continue
        clauses = split_clauses(text)
        joined = [
            normalize(text[one.start : other.end]).text
            for one, other in list(pairwise(clauses))[::2]
            if other.end - one.start <= _LONGEST_JOINED
        ]
        for clause in [*(clause.normalized for clause in clauses), *joined]:
            if len(clause) >= _LEAST and not tested.within(clause):
                found.setdefault(squashed(clause), clause)
    texts = list(found.values())
    drawn = np.random.default_rng(seed).permutation(len(texts))[:most]
    return tuple(texts[place] for place in drawn.tolist())


def likeness_pairs(data: Path) -> tuple[Pair, ...]:
    """Return pairs of questions labelled as alike or not, short ones first.

    Left out: those that share a question with the pairs that vectors are judged on.
    """
    tested = {text for pair in _pairs(data / PAIRS_TEST) for text in (pair.one, pair.other)}
    pairs = [
        pair for pair in _pairs(data / MORE_PAIRS) if tested.isdisjoint((pair.one, pair.other))
    ]
    left = {True: _POSITIVE_PAIRS, False: _NEGATIVE_PAIRS}
    for pair in sorted(_pairs(data / PAIRS), key=lambda pair: digest(pair.one + pair.other)):
        if left[pair.alike]:
            left[pair.alike] -= 1
            pairs.append(pair)
    short = [pair for pair in pairs if max(len(pair.one), len(pair.other)) <= _LONGEST_PAIR]
    return tuple(sorted(short, key=lambda pair: (max(len(pair.one), len(pair.other)), pair)))


def problems(
    data: Path, *, labels: Path = LABELS
) -> tuple[tuple[tuple[tuple[str, ...], ...], tuple[str, ...]], ...]:
    """Return for each product the clauses of each problem, and those without a shared problem."""
    by_problem: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    without: dict[str, list[str]] = defaultdict(list)
    for each in complaints(data, labels=labels):
        if each.product == KEPT_FOR_RECIPES:
            continue
        if each.problem is None:
            without[each.product].append(each.text)
        else:
            by_problem[each.product][each.problem].append(each.text)
    return tuple(
        (
            tuple(tuple(texts) for texts in groups.values() if len(texts) > 1),
            tuple(without[product]),
        )
        for product, groups in sorted(by_problem.items())
    )


def _reviews(data: Path) -> Iterator[str]:
    """Yield the texts of each file in an order that nothing but the texts decides."""
    for path, most in REVIEWS_OF.items():
        found = [
            (row.get("text") or row["text_a"], row.get("src", "")) for row in rows(data / path)
        ]
        taken: Counter[str] = Counter()
        for text, source in sorted(found, key=lambda one: digest(one[0])):
            full = taken[source] >= LESS_OF.get(source, most) or taken.total() >= most
            if not full and not (path == SENTIMENT and is_held_out(text)):
                taken[source] += 1
                yield text


def _pairs(path: Path) -> Iterator[Pair]:
    for row in rows(path):
        one, other = normalize(row["text_a"]).text, normalize(row["text_b"]).text
        yield Pair(one, other, bool(int(row["label"])))


def _tested(data: Path) -> Iterator[str]:
    """Yield the normalised clauses that figures are measured on."""
    for row in rows(data / GOLD_DEV):
        yield normalize(row["text"]).text
    for product in PRODUCTS:
        yield from theme_complaints(data, product)
