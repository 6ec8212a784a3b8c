"""Clusters -> the words that set each of them apart from the others."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_nlp.text.segment import stop_words
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.phrases import words

KEYWORDS: Final = 5
_LETTER: Final = re.compile(r"[^\W\d_]")
_EMPTY: Final = re.compile(
    r"[不没][了到上出起进去来开下动完掉住成通着过能会要是有让给]{1,2}|没有|无法|没法|不能|难以|只能|不用"
)
"""The half of a word, as 不了 of 付不了, and negations: they count in a name, but never alone."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each word was said in one cluster, and how it was written there."""

    voices: Mapping[str, int]
    written: Mapping[str, str]
    """The most frequent spelling of each."""


def count_words(cluster: Cluster) -> Counts:
    """Count in how many opinions of a cluster each word occurs, stop words left out."""
    voices: Counter[str] = Counter()
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for saying in cluster.sayings:
        said = {word.key: saying.text[word.start : word.end] for word in words(saying.text)}
        for key, spelling in said.items():
            if is_content(key):
                voices[key] += len(saying.voices)
                spellings[key][spelling] += len(saying.voices)
    written = {
        key: min(spellings[key], key=lambda spelling: (-spellings[key][spelling], spelling))
        for key in spellings
    }
    return Counts(voices, written)


def is_content(key: str) -> bool:
    """Say whether a word may tell what a theme is about: no stop word, no number."""
    return key not in stop_words() and bool(_LETTER.search(key))


def is_telling(key: str) -> bool:
    """Say whether a word tells by itself what a theme is about."""
    return is_content(key) and len(key) > 1 and not _EMPTY.fullmatch(key)


def rarity(counts: Sequence[Counts]) -> dict[str, float]:
    """Return for each word how telling it is by its rarity over all clusters.

    Source: class-based TF-IDF, Grootendorst 2022, arXiv:2203.05794, equation 2: the factor
    log(1 + A / f) with A words a cluster on average and f occurrences in all of them.
    """
    overall: Counter[str] = Counter()
    for count in counts:
        overall.update(count.voices)
    average = sum(overall.values()) / max(len(counts), 1)
    return {word: math.log1p(average / heard) for word, heard in overall.items()}


def keywords(clusters: Sequence[Cluster]) -> list[tuple[str, ...]]:
    """Pick up to five words a cluster that set it apart, in the users' own spelling."""
    counts = [count_words(cluster) for cluster in clusters]
    rare = rarity(counts)
    return [pick_keywords(count, rare) for count in counts]


def pick_keywords(count: Counts, rare: Mapping[str, float]) -> tuple[str, ...]:
    """Pick the most telling words; of two of which one holds the other the more telling one.

    A word of one single opinion is taken only where no other is left.
    """
    heard = count.voices
    telling = [word for word in heard if is_telling(word)]
    telling.sort(key=lambda word: (heard[word] == 1, -heard[word] * rare[word], word))
    chosen: list[str] = []
    for word in telling:
        if len(chosen) < KEYWORDS and not any(word in each or each in word for each in chosen):
            chosen.append(word)
    return tuple(count.written[word] for word in chosen)
