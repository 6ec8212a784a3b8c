"""Wordings -> groups at the grain of one improvement ticket: average linkage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.rows import Rows, closest
from feedback_nlp.themes.sayings import Saying, is_recurring

_STEP = 0.01
"""How far the similarity sinks at a time."""

Group = list[int]
"""Places of sayings."""


def grouped(
    rows: Rows, sayings: Sequence[Saying], recipe: Recipe, *, balanced: bool = True
) -> list[Group]:
    """Group wordings that speak of one problem; a group may turn out too small to be a theme.

    Three steps: average linkage, at the highest similarity that leaves few opinions alone; themes
    with much the same mean become one; the closest of those left alone join in. Of more wordings
    than one block holds, one block after the other founds groups, at the finest similarity: among
    many, most have close neighbours. So it is without `balanced` too: among those that no theme
    took, few speak of one thing, and most are to stay alone.

    Source: average linkage (UPGMA), Sokal and Michener 1958.
    """
    maker = _Maker(rows, sayings, recipe)
    if balanced and len(sayings) <= recipe.block:
        groups = maker.merged(maker.balanced(list(range(len(sayings)))))
        return maker.filled(groups, certain=np.inf)
    groups = maker.merged(_by_blocks(maker))
    return maker.filled(groups, certain=recipe.join_similarity, next_best=balanced)


def _by_blocks(maker: "_Maker") -> list[Group]:
    """Found groups of the most frequent wordings, then of those that are close to none of them."""
    rows, sayings, recipe = maker.rows, maker.sayings, maker.recipe
    groups, left = maker.founded(list(range(min(recipe.block, len(sayings)))))
    waiting = sorted(
        [*left, *range(recipe.block, len(sayings))],
        key=lambda place: (sayings[place].voices[0].labels.topics[0].code, place),
    )
    latest = groups
    while waiting:
        waiting = _apart(rows, waiting, rows.means(latest).unit(), recipe.join_similarity)
        latest, _ = maker.founded(waiting[: recipe.block])
        waiting = waiting[recipe.block :]
        groups = [*groups, *latest]
    return groups


def _apart(rows: Rows, places: Group, centres: Rows, similarity: float) -> Group:
    """Return the wordings that are close to none of these groups."""
    if not len(centres) or not places:
        return places
    nearest = closest(rows.take(places), centres).similarity
    return [place for place, near in zip(places, nearest, strict=True) if near < similarity]


@dataclass(frozen=True, slots=True)
class _Maker:
    rows: Rows
    sayings: Sequence[Saying]
    recipe: Recipe

    def balanced(self, block: Group) -> list[Group]:
        """Return the themes at the highest similarity that leaves few opinions in none."""
        tree = _Tree.of(self.rows.take(block))
        most = self.recipe.found_share * self._heard(block)
        similarity = self.recipe.finest
        while True:
            themes = list(filter(self._is_theme, self._cut(tree, block, similarity)))
            left = self._heard(block) - sum(map(self._heard, themes))
            lower = round(similarity - _STEP, 2)
            if left <= most or lower < self.recipe.coarsest:
                return themes
            similarity = lower

    def merged(self, themes: list[Group]) -> list[Group]:
        """Join the themes whose means are much alike; of very many only the largest."""
        themes = sorted(themes, key=lambda theme: (-self._heard(theme), theme))
        some, rest = themes[: self.recipe.block], themes[self.recipe.block :]
        if not some:
            return []
        tree = _Tree.of(self.rows.means(some).unit())
        parts = tree.cut(list(range(len(some))), self.recipe.merge_similarity)
        return [[place for part in each for place in some[part]] for each in parts] + rest

    def filled(self, themes: list[Group], *, certain: float, next_best: bool = True) -> list[Group]:
        """Let others join the theme they are closest to: the `certain` ones, then the next best."""
        inside = {place for theme in themes for place in theme}
        others = [place for place in range(len(self.sayings)) if place not in inside]
        if not themes or not others:
            return themes
        nearest = closest(self.rows.take(others), self.rows.means(themes).unit())
        left = self._heard(others)
        least = self.recipe.left_share * self._heard(range(len(self.sayings)))
        grown = [list(theme) for theme in themes]
        for row in np.argsort(-nearest.similarity, kind="stable").tolist():
            similarity, heard = nearest.similarity[row], self._heard([others[row]])
            is_next_best = similarity >= self.recipe.least_similarity and left > least
            if similarity < certain and not (next_best and is_next_best):
                break
            grown[nearest.best[row]].append(others[row])
            left -= heard
        return grown

    def founded(self, block: Group) -> tuple[list[Group], Group]:
        """Return the groups at the finest similarity that may be themes, and who is in none."""
        if not block:
            return [], []
        groups = self._cut(_Tree.of(self.rows.take(block)), block, self.recipe.finest)
        themes = [group for group in groups if self._is_theme(group)]
        left = [place for group in groups if not self._is_theme(group) for place in group]
        return themes, sorted(left)

    def _cut(self, tree: "_Tree", block: Group, similarity: float) -> list[Group]:
        """Cut the tree; a group that says too many things is cut again, higher."""
        share = self.recipe.broad_share * self._heard(range(len(self.sayings)))
        broad = max(share, self.recipe.broad_opinions)
        waiting = [(similarity, list(range(len(block))))]
        found: list[Group] = []
        while waiting:
            height, places = waiting.pop()
            for part in tree.cut(places, height):
                group = [block[place] for place in part]
                higher = height + self.recipe.broad_step
                if higher <= self.recipe.max_similarity and self._heard(group) > broad:
                    waiting.append((higher, part))
                else:
                    found.append(group)
        return sorted(found)

    def _heard(self, places: Iterable[int]) -> int:
        return sum(len(self.sayings[place].voices) for place in places)

    def _is_theme(self, group: Group) -> bool:
        return is_recurring([self.sayings[place] for place in group], self.recipe)


@dataclass(frozen=True, slots=True)
class _Tree:
    """Which wordings of a block join at which mean similarity."""

    steps: npt.NDArray[np.float64] | None = field(repr=False)
    """scipy's linkage matrix; None for a single wording."""

    @classmethod
    def of(cls, rows: Rows) -> "_Tree":
        if len(rows) == 1:
            return cls(None)
        alike = rows.similarities(rows)
        distance = np.clip(np.subtract(1.0, alike, out=alike), 0.0, None, out=alike)
        np.fill_diagonal(distance, 0.0)
        return cls(linkage(squareform(distance, checks=False), method="average"))

    def cut(self, places: Group, similarity: float) -> list[Group]:
        """Return the parts of these wordings, whole branches of the tree, in order."""
        if self.steps is None:
            return [places]
        labels = fcluster(self.steps, t=1.0 - similarity, criterion="distance")
        parts: dict[int, Group] = defaultdict(list)
        for place in places:
            parts[int(labels[place])].append(place)
        return list(parts.values())
