"""Propose, don't overwrite: themes that look like one, and themes that look like two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from feedback_nlp.records import Proposal, ProposalKind
from feedback_nlp.themes.ids import by_number
from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.rows import Rows
from feedback_nlp.themes.sayings import Saying, is_recurring

LEAST_SHARE: Final = 0.2
"""A part with a smaller share of a theme's opinions is no theme of its own."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What people have said no to, or done themselves: it is not proposed again."""

    apart: frozenset[frozenset[str]] = frozenset()
    """Pairs of themes that are not to be merged."""
    whole: frozenset[str] = frozenset()
    """Themes that are not to be split."""


NOTHING_DECIDED: Final = Decided()


@dataclass(frozen=True, slots=True)
class Proposer:
    """All sayings with their rows, in one order, and the recipe to judge them by."""

    sayings: Sequence[Saying]
    rows: Rows
    recipe: Recipe
    decided: Decided = NOTHING_DECIDED

    def propose(self, themes: Mapping[str, Sequence[int]]) -> list[Proposal]:
        """Return what discovery would do differently with these themes, merges first.

        `themes` are those that are open, with the places of their sayings. A recipe that knows no
        `merge_similarity` proposes nothing.
        """
        if not self.recipe.merge_similarity:
            return []
        ordered = {key: themes[key] for key in sorted(themes, key=by_number)}
        return [*self._merges(ordered), *self._splits(ordered)]

    def _merges(self, themes: Mapping[str, Sequence[int]]) -> list[Proposal]:
        """Pair themes whose means are as alike as those that discovery joins; each theme once."""
        order = list(themes)
        if len(order) < 2:  # noqa: PLR2004 (a merge needs two)
            return []
        centres = self.rows.means([themes[key] for key in order]).unit()
        alike = centres.similarities(centres)
        close = sorted(
            (-alike[one, other], one, other)
            for one, other in combinations(range(len(order)), 2)
            if alike[one, other] >= self.recipe.merge_similarity
            and frozenset((order[one], order[other])) not in self.decided.apart
        )
        used: set[int] = set()
        found = []
        for negative, one, other in close:
            if not used & {one, other}:
                used |= {one, other}
                kind = ProposalKind.MERGE
                found.append(Proposal(kind, order[one], order[other], float(-negative)))
        return found

    def _splits(self, themes: Mapping[str, Sequence[int]]) -> list[Proposal]:
        """Part themes whose sayings are less alike than any that discovery would join."""
        found = []
        for theme_id, places in themes.items():
            if theme_id in self.decided.whole:
                continue
            part = self._second_part(list(places[: self.recipe.block]))
            if part and self._is_theme(part, self._heard(places)):
                rest = sorted(set(places) - set(part))
                between = self.rows.take(part).similarities(self.rows.take(rest)).mean()
                members = sorted(
                    (voice.review_id, voice.start)
                    for place in part
                    for voice in self.sayings[place].voices
                )
                similarity = round(float(between), 6)
                found.append(
                    Proposal(ProposalKind.SPLIT, theme_id, None, similarity, tuple(members))
                )
        return found

    def _second_part(self, places: list[int]) -> list[int]:
        """Return the second largest part of a theme; empty when it holds together.

        Source: average linkage (UPGMA), Sokal and Michener 1958.
        """
        if len(places) < 2:  # noqa: PLR2004 (a split needs two)
            return []
        rows = self.rows.take(places)
        distance = (1.0 - rows.similarities(rows)).clip(min=0.0)
        for place in range(len(places)):
            distance[place, place] = 0.0
        tree = linkage(squareform(distance, checks=False), method="average")
        labels = fcluster(tree, t=1.0 - self.recipe.coarsest, criterion="distance").tolist()
        parts = [
            [place for place, label in zip(places, labels, strict=True) if label == part]
            for part in sorted(set(labels))
        ]
        parts.sort(key=lambda part: (-self._heard(part), part))
        return parts[1] if len(parts) > 1 else []

    def _is_theme(self, part: Sequence[int], total: int) -> bool:
        recurring = is_recurring([self.sayings[place] for place in part], self.recipe)
        return recurring and self._heard(part) >= LEAST_SHARE * total

    def _heard(self, places: Sequence[int]) -> int:
        return sum(len(self.sayings[place].voices) for place in places)
