"""Assign first: new wordings join the theme they are closest to, or wait."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix

from feedback_nlp.themes.ids import by_number
from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.rows import Closest, FloatArray, closest
from feedback_nlp.themes.sayings import Saying
from feedback_nlp.themes.vectors import rows_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A theme that exists, with what was said in it."""

    id: str
    sayings: tuple[Saying, ...] = field(repr=False)
    """At least one."""
    vectors: FloatArray = field(repr=False)
    """(n_sayings, n_dimensions), unit length: what `encode` gives for their texts."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where a new wording belongs and why."""

    theme_id: str | None
    """None: it waits."""
    closest: str | None
    """The theme it is closest to, joined or not; None when it may join none."""
    similarity: float
    """The cosine with the mean of that theme; 1 when somebody in it said the same words."""
    same_words: bool
    runner_up: str | None
    runner_up_similarity: float | None


def assign(
    new: Sequence[Saying],
    vectors: FloatArray,
    themes: Sequence[Standing],
    recipe: Recipe,
    *,
    forbidden: AbstractSet[tuple[str, str]] = frozenset(),
) -> list[Assigned]:
    """Return for each new wording the theme it joins, in the order of `new`.

    `vectors` (n_new, n_dimensions), unit length. Alike means what it means in discovery, but for
    what reviews say besides. How rare a word is comes from the wordings of the themes alone: so the
    answer for one wording depends neither on the other new ones nor on any order. `forbidden` holds
    (saying key, theme id): a person said no. Of equally close themes the older one is taken.
    """
    if not new:
        return []
    standing = sorted(themes, key=lambda theme: by_number(theme.id))
    if not standing:
        return [Assigned(None, None, 0.0, False, None, None) for _ in new]  # noqa: FBT003
    nearest = _nearest(new, vectors, standing, recipe, forbidden)
    said_in = _said_in(standing)
    theme_ids = [theme.id for theme in standing]
    # Recipes before `2026-11-22-grain` know one similarity only.
    least = recipe.join_similarity or recipe.min_similarity
    found = []
    for row, saying in enumerate(new):
        same = [
            theme_id
            for theme_id in said_in.get(saying.key, ())
            if (saying.key, theme_id) not in forbidden
        ]
        ranked = _ranked(nearest, row, theme_ids, same[:1])
        best, similarity = ranked[0]
        runner_up, second = ranked[1]
        joins = best if similarity >= least else None
        found.append(
            Assigned(
                theme_id=joins,
                closest=best,
                similarity=similarity,
                same_words=bool(same),
                runner_up=runner_up,
                runner_up_similarity=None if runner_up is None else second,
            )
        )
    return found


def _nearest(
    new: Sequence[Saying],
    vectors: FloatArray,
    themes: Sequence[Standing],
    recipe: Recipe,
    forbidden: AbstractSet[tuple[str, str]],
) -> Closest:
    known: list[Saying] = []
    rows: list[FloatArray] = []
    groups: list[list[int]] = []
    for theme in themes:
        order = sorted(range(len(theme.sayings)), key=lambda row: theme.sayings[row].key)
        groups.append(list(range(len(known), len(known) + len(order))))
        known += [theme.sayings[row] for row in order]
        rows.append(theme.vectors[order])
    meaning = np.concatenate([*rows, vectors])
    every = rows_of([*known, *new], meaning, recipe, fit_on=len(known)).unit()
    centres = every.means(groups).unit()
    place_of = {theme.id: place for place, theme in enumerate(themes)}
    rows_said: dict[str, list[int]] = {}
    for row, saying in enumerate(new):
        rows_said.setdefault(saying.key, []).append(row)
    pairs = [
        (row, place_of[theme_id])
        for key, theme_id in sorted(forbidden)
        if theme_id in place_of
        for row in rows_said.get(key, ())
    ]
    barred = csr_matrix(
        (np.ones(len(pairs)), ([row for row, _ in pairs], [place for _, place in pairs])),
        shape=(len(new), len(themes)),
    )
    return closest(every.take(np.arange(len(known), len(every))), centres, barred)


def _said_in(themes: Sequence[Standing]) -> dict[str, list[str]]:
    """Return the themes in which a wording was said, the one where most said it first."""
    counts: dict[str, Counter[str]] = {}
    for theme in themes:
        for saying in theme.sayings:
            counts.setdefault(saying.key, Counter())[theme.id] += len(saying.voices)
    return {
        key: sorted(heard, key=lambda theme_id: (-heard[theme_id], by_number(theme_id)))
        for key, heard in counts.items()
    }


def _ranked(
    nearest: Closest, row: int, theme_ids: Sequence[str], same: Sequence[str]
) -> list[tuple[str | None, float]]:
    """Return the two closest themes with their cosines; the one of the same words comes first."""
    found: list[tuple[str | None, float]] = [(theme_id, 1.0) for theme_id in same]
    for place, similarity in (
        (int(nearest.best[row]), float(nearest.similarity[row])),
        (int(nearest.second[row]), float(nearest.second_similarity[row])),
    ):
        if place >= 0 and theme_ids[place] not in same:
            found.append((theme_ids[place], similarity))
    return [*found, (None, 0.0), (None, 0.0)][:2]
