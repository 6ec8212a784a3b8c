"""Opinions -> groups that speak of one problem. Deterministic, and blind to input order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Voice
from feedback_nlp.themes.blocks import by_blocks
from feedback_nlp.themes.grain import grouped
from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.rows import FloatArray, Rows
from feedback_nlp.themes.sayings import Saying, distinct, is_recurring
from feedback_nlp.themes.vectors import (
    in_context,
    meaning_of,
    rows_in_context,
    rows_of,
    vectors_of,
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Sayings about one problem, the most central one first."""

    sayings: tuple[Saying, ...]

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All voices of the cluster, by review and position."""
        return tuple(
            sorted(
                (voice for saying in self.sayings for voice in saying.voices),
                key=lambda voice: (voice.review_id, voice.start),
            )
        )


def gather(
    voices: Sequence[Voice],
    classifier: Classifier,
    recipe: Recipe,
    *,
    vectors: FloatArray | None = None,
    balanced: bool = True,
) -> list[Cluster]:
    """Group `voices` by what they mean and the words they use, largest cluster first.

    Two wordings are as alike as their meaning, their words and their reviews (`vectors.py`).
    Voices that name no aspect, and groups below the recipe's minimum, are in no cluster.

    `balanced`: whether most are to find a group; else only what is surely alike, as among those
    that no theme took. Recipes before `2026-11-22-grain` know no difference.

    `vectors` (n_voices, n_dimensions), unit length: what the classifier's `encode` gave for the
    normalised texts of `voices`, in their order; then it is not asked again.
    """
    sayings = distinct(voices)
    if not sayings:
        return []
    meaning = meaning_of(sayings, classifier, voices=voices, vectors=vectors)
    if recipe.is_grain:
        clusters = _by_grain(sayings, meaning, recipe, balanced=balanced)
    else:
        own = vectors_of(sayings, meaning, recipe)
        groups = by_blocks(in_context(own, sayings, weight=recipe.context_weight), sayings, recipe)
        clusters = [central_first([sayings[i] for i in group], own[group]) for group in groups]
    kept = [cluster for cluster in clusters if is_recurring(cluster.sayings, recipe)]
    return sorted(kept, key=lambda cluster: (-len(cluster.voices), cluster.sayings[0].key))


def _by_grain(
    sayings: Sequence[Saying], meaning: FloatArray, recipe: Recipe, *, balanced: bool
) -> list[Cluster]:
    own = rows_of(sayings, meaning, recipe)
    rows = rows_in_context(own, sayings, weight=recipe.context_weight)
    groups = grouped(rows, sayings, recipe, balanced=balanced)
    return [
        central_first([sayings[i] for i in group], own.take(group)) for group in map(sorted, groups)
    ]


def central_first(sayings: Sequence[Saying], vectors: csr_matrix | Rows) -> Cluster:
    """Return a cluster of these sayings, given a vector of each: the most central comes first."""
    weights = np.array([len(saying.voices) for saying in sayings], dtype=float)
    if isinstance(vectors, Rows):
        closeness = vectors.similarities(vectors.mean(weights)).ravel()
    else:
        centre: npt.NDArray[np.float64] = np.asarray(vectors.T @ weights).ravel() / weights.sum()
        closeness = np.round(vectors @ centre, 9)
    order = sorted(range(len(sayings)), key=lambda i: (-closeness[i], sayings[i].key))
    return Cluster(tuple(sayings[i] for i in order))
