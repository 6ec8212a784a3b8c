"""Wordings -> groups, as the recipes before `2026-11-22-grain` made them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, vstack
from scipy.spatial.distance import squareform

from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.sayings import Saying


def by_blocks(vectors: csr_matrix, sayings: Sequence[Saying], recipe: Recipe) -> list[list[int]]:
    """Group the most frequent wordings, let the others join, then group what is left by topic.

    Only wordings of one block can found a group; any wording may join one that is large enough.

    Source: average linkage (UPGMA), Sokal and Michener 1958.
    """

    def heard(group: Iterable[int]) -> int:
        return sum(len(sayings[i].voices) for i in group)

    share = recipe.broad_share * heard(range(len(sayings)))
    broad = max(share, recipe.broad_opinions)

    def parted(block: list[int], similarity: float) -> Iterator[list[int]]:
        """Yield the groups of a block; a broad one is parted again at a higher similarity."""
        for places in _link(vectors[block], similarity):
            group = [block[i] for i in places]
            higher = similarity + recipe.broad_step
            if heard(group) > broad and higher <= recipe.max_similarity:
                yield from parted(group, higher)
            else:
                yield group

    def found(block: list[int]) -> list[int]:
        """Add the groups of a block that are large enough; return the wordings of the others."""
        small: list[int] = []
        for group in parted(block, recipe.min_similarity):
            if heard(group) >= recipe.min_opinions:
                groups.append(group)
            else:
                small += group
        return small

    groups: list[list[int]] = []
    every = range(len(sayings))
    small = found(list(every[: recipe.block]))
    if len(sayings) > recipe.block:
        waiting = sorted([*small, *every[recipe.block :]], key=lambda i: (_topic(sayings[i]), i))
        small = []
        while waiting := _join(vectors, groups, waiting, recipe.min_similarity):
            small += found(waiting[: recipe.block])
            waiting = waiting[recipe.block :]
        _join(vectors, groups, sorted(small), recipe.min_similarity)
    return [sorted(group) for group in groups]


def _topic(saying: Saying) -> str:
    return saying.voices[0].labels.topics[0].code


def _link(vectors: csr_matrix, min_similarity: float) -> list[list[int]]:
    size = vectors.shape[0]
    if size == 1:
        return [[0]]
    distance = np.clip(1.0 - (vectors @ vectors.T).toarray(), 0.0, None)
    np.fill_diagonal(distance, 0.0)
    # Rounded, so that equal similarities tie on every machine.
    tree = linkage(squareform(np.round(distance, 9), checks=False), method="average")
    labels = fcluster(tree, t=1.0 - min_similarity, criterion="distance")
    members: dict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[int(label)].append(index)
    return list(members.values())


def _join(
    vectors: csr_matrix, groups: list[list[int]], later: list[int], min_similarity: float
) -> list[int]:
    """Add each later wording to the group with the highest mean similarity; return the rest."""
    if not groups or not later:
        return later
    centroids = csr_matrix(vstack([csr_matrix(vectors[group].mean(axis=0)) for group in groups]))
    rest: list[int] = []
    for begin in range(0, len(later), 1000):
        part = later[begin : begin + 1000]
        similarity = np.round((vectors[part] @ centroids.T).toarray(), 9)
        for index, row in zip(part, similarity, strict=True):
            best = int(row.argmax())
            if row[best] >= min_similarity:
                groups[best].append(index)
            else:
                rest.append(index)
    return rest
