"""Assign first: opinions stay in their themes, new ones join or wait, the rest may found themes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Bar, How, Placement, Proposal, Taxonomy, Theme, ThemeState, Voice
from feedback_nlp.themes.assign import Standing, assign
from feedback_nlp.themes.cluster import Cluster, central_first, gather
from feedback_nlp.themes.count import Span
from feedback_nlp.themes.describe import described
from feedback_nlp.themes.ids import by_number, numbered
from feedback_nlp.themes.propose import NOTHING_DECIDED, Decided, Proposer
from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.rows import FloatArray, Rows
from feedback_nlp.themes.sayings import Saying, distinct
from feedback_nlp.themes.vectors import meaning_of, rows_of

Place = tuple[str, int]
"""Review id and start of an opinion."""
ENOUGH_TO_BALANCE: Final = 100
"""Fewer opinions say too little about how alike is alike: what is not surely alike waits."""
NO_ROWS: Final = Rows(np.zeros((0, 1), np.float32), csr_matrix((0, 1), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Past:
    """What is already known of themes."""

    themes: tuple[Theme, ...] = ()
    next_number: int = 1
    """The first number that no theme ever had."""
    placements: tuple[Placement, ...] = ()
    """Where opinions belong, those that are no candidates today included."""
    bars: frozenset[Bar] = frozenset()
    decided: Decided = NOTHING_DECIDED


@dataclass(frozen=True, slots=True)
class Settled:
    """Themes after today's opinions have found their places."""

    themes: tuple[Theme, ...]
    """All but the merged ones, by id; sleeping and closed ones too."""
    placements: tuple[Placement, ...]
    """Of today's opinions, by review id and start. An opinion without one is 未归类."""
    proposals: tuple[Proposal, ...] = ()
    """What discovery would do differently with the open themes."""

    def new(self, past: Past) -> tuple[Placement, ...]:
        """Return the placements that are not in the past."""
        known = {placed.place for placed in past.placements}
        return tuple(placed for placed in self.placements if placed.place not in known)


def settle(
    voices: Sequence[Voice],
    classifier: Classifier,
    taxonomy: Taxonomy,
    *,
    past: Past,
    span: Span,
    recipe: Recipe,
) -> Settled:
    """Let each voice stay where it is, else join the theme it is like, else found one with others.

    The same voices and the same past give the same answer, whatever the order of `voices`. Who says
    the words of a theme's opinion joins that theme; no voice joins a theme from which a person took
    one of the same words. Closed themes are joined like open ones, and stay closed.
    """
    homes = _homes(voices, past)
    sayings = distinct(voices)
    meaning = meaning_of(sayings, classifier)
    homes |= _same_words(sayings, homes, past.bars)
    number, is_new = past.next_number, not past.themes
    # Whoever joins moves the middle of a theme, and may bring it close to others: until nothing
    # moves, so that the next run with the same opinions changes nothing.
    while True:
        joined = _joined(sayings, homes, meaning, recipe, past.bars)
        homes |= joined
        waiting = [voice for voice in voices if place_of(voice) not in homes]
        balanced = is_new and len(waiting) >= ENOUGH_TO_BALANCE
        founded = gather(waiting, classifier, recipe, balanced=balanced)
        homes |= _founded(founded, number)
        if not joined and not founded:
            break
        number, is_new = number + len(founded), False
    rows = rows_of(sayings, meaning, recipe) if sayings else NO_ROWS
    of_theme = _rows_by_theme(sayings, homes)
    parts = {theme_id: rows.take(places) for theme_id, places in of_theme.items()}
    clusters = {
        theme_id: central_first([sayings[row] for row in of_theme[theme_id]], part)
        for theme_id, part in parts.items()
    }
    cohesion = {theme_id: part.cohesion() for theme_id, part in parts.items()}
    at = {place: placed.theme_id for place, placed in homes.items()}
    themes = tuple(
        replace(theme, cohesion=cohesion.get(theme.id))
        for theme in described(voices, at, clusters, taxonomy, known=past.themes, span=span)
    )
    is_open = {theme.id for theme in themes if theme.state is ThemeState.OPEN}
    proposed = Proposer(sayings, rows, recipe, past.decided).propose(
        {theme_id: places for theme_id, places in of_theme.items() if theme_id in is_open}
    )
    return Settled(themes, tuple(homes[place] for place in sorted(homes)), tuple(proposed))


def _founded(clusters: Sequence[Cluster], number: int) -> dict[Place, Placement]:
    """Place the voices of new themes, numbered in the order of the clusters."""
    return {
        place: Placement(*place, numbered(each), How.FOUNDED)
        for each, cluster in enumerate(clusters, number)
        for place in map(place_of, cluster.voices)
    }


def place_of(voice: Voice) -> Place:
    """Say which opinion a voice is."""
    return voice.review_id, voice.start


def _homes(voices: Iterable[Voice], past: Past) -> dict[Place, Placement]:
    """Return where voices are already; a clause that is cut anew stays where its part was."""
    by_place = {placed.place: placed for placed in past.placements}
    in_review: defaultdict[str, list[Placement]] = defaultdict(list)
    for placed in sorted(past.placements, key=lambda each: each.place):
        in_review[placed.review_id].append(placed)
    homes: dict[Place, Placement] = {}
    for voice in voices:
        place = place_of(voice)
        if place in by_place:
            homes[place] = by_place[place]
            continue
        inside = [
            placed
            for placed in in_review[voice.review_id]
            if voice.start < placed.start < voice.end
        ]
        if inside:
            homes[place] = Placement(*place, inside[0].theme_id, How.CARRIED)
    return homes


def _same_words(
    sayings: Sequence[Saying], homes: Mapping[Place, Placement], bars: frozenset[Bar]
) -> dict[Place, Placement]:
    """Place the voices whose words somebody has said in a theme."""
    found: dict[Place, Placement] = {}
    for saying, barred in zip(sayings, _barred(sayings, bars), strict=True):
        places = [place_of(voice) for voice in saying.voices]
        said_in = Counter(homes[place].theme_id for place in places if place in homes)
        allowed = sorted(set(said_in) - barred, key=lambda key: (-said_in[key], by_number(key)))
        if allowed:
            found |= {
                place: Placement(*place, allowed[0], How.SAME_WORDS)
                for place in places
                if place not in homes
            }
    return found


def _barred(sayings: Sequence[Saying], bars: frozenset[Bar]) -> list[set[str]]:
    """Return for each saying the themes from which a person took one of its voices."""
    themes: defaultdict[Place, set[str]] = defaultdict(set)
    for bar in bars:
        themes[bar.review_id, bar.start].add(bar.theme_id)
    nothing: set[str] = set()
    return [
        nothing.union(*(themes[p] for p in map(place_of, saying.voices) if p in themes))
        for saying in sayings
    ]


def _joined(
    sayings: Sequence[Saying],
    homes: Mapping[Place, Placement],
    meaning: FloatArray,
    recipe: Recipe,
    bars: frozenset[Bar],
) -> dict[Place, Placement]:
    """Place the new sayings that are close enough to a theme."""
    rows = _rows_by_theme(sayings, homes)
    placed = {row for of_theme in rows.values() for row in of_theme}
    new = [row for row in range(len(sayings)) if row not in placed]
    standing = [
        Standing(theme_id, tuple(sayings[row] for row in of_theme), meaning[of_theme])
        for theme_id, of_theme in rows.items()
    ]
    barred = _barred(sayings, bars)
    forbidden = {(sayings[row].key, theme_id) for row in new for theme_id in barred[row]}
    answers = assign(
        [sayings[row] for row in new], meaning[new], standing, recipe, forbidden=forbidden
    )
    return {
        place: Placement(
            *place,
            answer.theme_id,
            How.JOINED,
            similarity=answer.similarity,
            runner_up=answer.runner_up,
            runner_up_similarity=answer.runner_up_similarity,
        )
        for row, answer in zip(new, answers, strict=True)
        if answer.theme_id is not None
        for place in map(place_of, sayings[row].voices)
    }


def _rows_by_theme(
    sayings: Sequence[Saying], homes: Mapping[Place, Placement]
) -> dict[str, list[int]]:
    """Return the rows of the sayings of each theme, by id."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, saying in enumerate(sayings):
        places = [place for place in map(place_of, saying.voices) if place in homes]
        for theme_id in {homes[place].theme_id for place in places}:
            rows[theme_id].append(row)
    return dict(sorted(rows.items()))
