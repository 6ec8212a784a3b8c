"""Clusters -> names of at most 16 characters, made of the users' own words, no two the same."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Final

from feedback_nlp.records import Taxonomy
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.edges import says_something
from feedback_nlp.themes.keywords import Counts, count_words, is_content, rarity
from feedback_nlp.themes.phrases import NAME_CHARACTERS, Phrase, beginnings, phrases
from feedback_nlp.themes.sayings import Saying
from feedback_nlp.themes.stances import speaking_for
from feedback_nlp.themes.topics import main_topic

_SPEAKERS: Final = 60
"""That many of the most central sayings offer names; all of the cluster are counted."""
_READABLE: Final = 12
"""A longer name is read less gladly..."""
_LENGTH_COST: Final = 0.05
"""...by this much a character."""
_REPEATED: Final = 0.15
"""What it is worth that more people say it in exactly these words, for each e-fold of people."""
_ONLY_NAMED: Final = 0.6
"""Worth of a phrase with no sign that anything is said of a thing: 手势密码."""
_OTHER: Final = 0.3
"""Weight of a word that is not among the telling ones, when only those are known."""


def names(
    clusters: Sequence[Cluster], taxonomy: Taxonomy, *, taken: frozenset[str] = frozenset()
) -> list[str]:
    """Name clusters, one name each in their order; none twice and none of `taken`.

    A name is the phrase that says most of what is said in its cluster and least of what is said in
    the others. Earlier clusters choose first.
    """
    counts = [count_words(cluster) for cluster in clusters]
    rare = rarity(counts)
    chosen: list[str] = []
    for cluster, counted in zip(clusters, counts, strict=True):
        name = _first_free(cluster, counted, rare, taxonomy, frozenset(chosen) | taken)
        chosen.append(name)
    return chosen


def name(
    cluster: Cluster,
    taxonomy: Taxonomy,
    *,
    telling: Sequence[str] = (),
    taken: frozenset[str] = frozenset(),
) -> str:
    """Name one cluster of which only the `telling` words are known; never one of `taken`."""
    counted = count_words(cluster)
    known = {name_key(word) for word in telling}
    rare = {word: 1.0 if word in known or not known else _OTHER for word in counted.voices}
    return _first_free(cluster, counted, rare, taxonomy, taken)


def name_key(text: str) -> str:
    """Return what makes two names the same: case and blanks do not count."""
    return "".join(text.lower().split())


def _first_free(
    cluster: Cluster,
    counted: Counts,
    rare: Mapping[str, float],
    taxonomy: Taxonomy,
    taken: frozenset[str],
) -> str:
    """Return the best name that is free: a good phrase, how a clause begins, or the topic."""
    keys = {name_key(each) for each in taken}
    speakers = speaking_for(cluster.sayings)[:_SPEAKERS]
    topic = taxonomy.topic(main_topic(cluster)).name
    offered = chain(
        _ranked(speakers, counted, rare),
        chain.from_iterable(beginnings(saying.text) for saying in speakers),
        _numbered(topic),
    )
    return next(each for each in offered if name_key(each) not in keys)


def _numbered(topic: str) -> Iterator[str]:
    """Yield the topic, then the topic with 2, 3 and so on, each short enough for a name."""
    yield topic[:NAME_CHARACTERS]
    for number in count(2):
        ending = f" {number}"
        yield topic[: NAME_CHARACTERS - len(ending)] + ending


def _ranked(speakers: Sequence[Saying], counted: Counts, rare: Mapping[str, float]) -> list[str]:
    """Return the phrases of the speakers, the best name first."""
    offers: defaultdict[str, _Offer] = defaultdict(_Offer)
    for saying in speakers:
        # The wholest of all that read the same in one saying stands for them.
        for phrase in sorted(phrases(saying.text), key=lambda each: each.wholeness):
            offers[phrase.key].once[saying.key] = phrase, len(saying.voices)
    worth = {key: offer.worth(counted, rare) for key, offer in offers.items()}
    best = sorted(offers, key=lambda key: (-round(worth[key], 9), key))
    return [offers[key].spelling for key in best]


@dataclass(frozen=True, slots=True)
class _Offer:
    """One phrase and who says it."""

    once: dict[str, tuple[Phrase, int]] = field(default_factory=dict)
    """Key of a saying -> the phrase as it stands there, and how many opinions say it."""

    @property
    def heard(self) -> int:
        return sum(voices for _, voices in self.once.values())

    @property
    def spelling(self) -> str:
        """How most people write it."""
        written: Counter[str] = Counter()
        for phrase, voices in self.once.values():
            written[phrase.text] += voices
        return min(written, key=lambda text: (-written[text], text))

    def worth(self, counted: Counts, rare: Mapping[str, float]) -> float:
        """Return how good a name it is: how much it says of the cluster, and how it reads.

        The first is the cosine of its words to those of the cluster, each weighted by c-TF-IDF: a
        word that few of the cluster use, or that all clusters use, makes it worse.
        """
        phrase, _ = next(iter(self.once.values()))
        said = sorted({key for key in phrase.keys if is_content(key) and key in rare})
        length = math.sqrt(sum(rare[key] ** 2 for key in said))
        if not length:
            return 0.0
        closeness = sum(counted.voices[key] * rare[key] ** 2 for key in said) / length
        wholeness = sum(each.wholeness * voices for each, voices in self.once.values()) / self.heard
        reads = 1 - _LENGTH_COST * max(len(self.spelling) - _READABLE, 0)
        states = 1.0 if says_something(phrase.keys) else _ONLY_NAMED
        return closeness * wholeness * states * reads * (1 + _REPEATED * math.log(self.heard))
