"""Clusters -> quotes: the central ones say what a theme is, the boundary ones how wide it is."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback_nlp.records import Quote, Voice
from feedback_nlp.text.connectives import weight
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.phrases import MIN_WEIGHT
from feedback_nlp.themes.sayings import Saying
from feedback_nlp.themes.stances import speaking_for

CENTRAL: Final = 5
BOUNDARY: Final = 3
_RELEVANCE: Final = 0.6
"""Share of nearness to the centre (or to the rim) in a choice; the rest is being different."""
_POOL: Final = 30
"""That many sayings from the centre on, and as many from the rim on, may be quoted."""


@dataclass(frozen=True, slots=True)
class ThemeQuotes:
    """Original clauses of a theme, no two from one review."""

    central: tuple[Quote, ...]
    """What is typical, the most central first."""
    boundary: tuple[Quote, ...]
    """What still belongs, the farthest from the centre first."""


def quotes(cluster: Cluster) -> tuple[Quote, ...]:
    """Pick up to five central quotes, the most central first, each from another review."""
    return theme_quotes(cluster).central


def theme_quotes(cluster: Cluster, vectors: csr_matrix | None = None) -> ThemeQuotes:
    """Pick up to five central and three boundary quotes, all from different reviews.

    `vectors` are unit rows of the cluster's sayings in their order; without them the characters
    tell how alike two sayings are. In a theme of complaints, complaints and requests go before
    whatever else is said. Central quotes go first; a small theme may have no boundary left.

    Source: maximal marginal relevance, Carbonell and Goldstein 1998.
    """
    sayings = cluster.sayings
    rows = _letter_vectors(sayings) if vectors is None else vectors
    speaking = _speaking(sayings)
    others = sorted(set(range(len(sayings))).difference(speaking))
    from_centre = (speaking + others)[:_POOL]
    central = _pick(sayings, rows, from_centre, CENTRAL)
    # Those on which the classifier abstains, or which are praise, show no edge of a complaint.
    from_rim = [place for place in reversed(speaking) if place not in central][:_POOL]
    boundary = _pick(sayings, rows, from_rim, BOUNDARY, besides=central)
    return ThemeQuotes(
        tuple(_quote(central[place]) for place in sorted(central)),
        tuple(_quote(boundary[place]) for place in sorted(boundary, reverse=True)),
    )


def _speaking(sayings: Sequence[Saying]) -> list[int]:
    """Return the places of sayings that may speak for all and say enough to be understood."""
    speakers = {saying.key for saying in speaking_for(sayings)}
    return [
        place
        for place, saying in enumerate(sayings)
        if saying.key in speakers and weight(saying.text) >= MIN_WEIGHT
    ]


def _pick(
    sayings: Sequence[Saying],
    vectors: csr_matrix,
    pool: Sequence[int],
    limit: int,
    *,
    besides: Mapping[int, Voice] = MappingProxyType({}),
) -> dict[int, Voice]:
    """Pick up to `limit` places of `pool` with a voice each; its first place counts most.

    The relevance of a place falls evenly from the first of the pool to the last: the order of a
    cluster is known exactly, also where its vectors are not. `besides` are picked already.
    """
    relevance = dict(zip(pool, np.linspace(1.0, 0.0, len(pool)), strict=True))
    seen = dict(besides)
    picked: dict[int, Voice] = {}
    likeness = np.zeros(len(pool))
    for place in besides:
        likeness = np.maximum(likeness, _alike(vectors, pool, place))
    while len(picked) < limit:
        reviews = {voice.review_id for voice in seen.values()}
        worth = [
            (round(_RELEVANCE * relevance[place] - (1 - _RELEVANCE) * like, 9), -rank, place, voice)
            for rank, (place, like) in enumerate(zip(pool, likeness, strict=True))
            if place not in seen and (voice := _unheard(sayings[place], reviews)) is not None
        ]
        if not worth:
            break
        _, _, place, voice = max(worth, key=lambda each: each[:2])
        picked[place] = seen[place] = voice
        likeness = np.maximum(likeness, _alike(vectors, pool, place))
    return picked


def _alike(vectors: csr_matrix, pool: Sequence[int], place: int) -> npt.NDArray[np.float64]:
    return np.asarray((vectors[list(pool)] @ vectors[place].T).toarray(), dtype=float).ravel()


def _unheard(saying: Saying, reviews: AbstractSet[str]) -> Voice | None:
    """Return the first voice of a saying whose review is not quoted yet."""
    return next((voice for voice in saying.voices if voice.review_id not in reviews), None)


def _quote(voice: Voice) -> Quote:
    return Quote(voice.review_id, voice.start, voice.end, voice.text)


def _letter_vectors(sayings: Sequence[Saying]) -> csr_matrix:
    """Return unit rows of character 1-2-grams: how alike two wordings are by their letters."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    return csr_matrix(vectorizer.fit_transform([saying.key for saying in sayings]))
