"""Tickets that look like parts of one problem."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from feedback_nlp.records import Proposal, ProposalKind, Voice
from feedback_nlp.themes.ids import by_number

LEAST_SHARED: Final = 3
LEAST_SHARE: Final = 0.2
"""So many reviews, and such a share of those of the smaller theme, speak of both."""


def related(
    tickets: Mapping[str, str],
    said: Mapping[str, Sequence[Voice]],
    proposals: Iterable[Proposal] = (),
) -> dict[str, tuple[str, ...]]:
    """Return for each ticket the others it belongs with, by number; those without any are left out.

    `tickets` maps themes to tickets. Two belong together when many reviews speak of both themes,
    or when it is proposed to merge these.
    """
    reviews = {theme: {voice.review_id for voice in said.get(theme, ())} for theme in tickets}
    pairs = {
        frozenset(pair)
        for pair in combinations(sorted(reviews), 2)
        if _are_said_together(reviews[pair[0]], reviews[pair[1]])
    }
    pairs |= {
        frozenset((each.theme_id, each.other_id))
        for each in proposals
        if each.kind is ProposalKind.MERGE and each.other_id is not None
    }
    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        if len(pair) == 2 and all(theme in tickets for theme in pair):  # noqa: PLR2004 (a pair)
            one, other = (tickets[theme] for theme in pair)
            found[one].add(other)
            found[other].add(one)
    return {key: tuple(sorted(others, key=by_number)) for key, others in sorted(found.items())}


def _are_said_together(one: set[str], other: set[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared / min(len(one), len(other)) >= LEAST_SHARE
