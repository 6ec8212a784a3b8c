"""The order of themes: how sure it is, what would change it, and how it differs from before."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from feedback_nlp.priority.board import board_score
from feedback_nlp.priority.effort import MOST_WEEKS, WEEKS_PER_MONTH
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.quadrants import quadrants
from feedback_nlp.priority.rice import Scored
from feedback_nlp.records import OrderChange, Priority, Theme
from feedback_nlp.themes.ids import by_number

TOPS: Final = (3, 10)
MOST_MOVES: Final = 5
LEAST_MONTHS: Final = 0.01
MOST_MONTHS: Final = MOST_WEEKS / WEEKS_PER_MONTH
ROUNDED: Final = 0.0051
"""Scores are rounded to cents: one that is past another by this much still is when rounded."""
BOARD_TOP: Final = 10.0


def ranked(
    scored: Sequence[Scored], themes: Mapping[str, Theme], grounds: Grounds
) -> tuple[Priority, ...]:
    """Return the priorities best first, with all that comes of comparing them.

    Ties go to the lower theme number. The order of `scored` does not matter.
    """
    order = sorted(scored, key=lambda s: (-s.priority.score, by_number(s.priority.theme_id)))
    if not order:
        return ()
    ranks = _ranks(np.stack([each.draws for each in order]))
    tops = [np.mean(ranks <= top, axis=1) for top in TOPS]
    needs = {each.priority.theme_id: each.priority.need for each in order}
    weeks = {each.priority.theme_id: each.priority.weeks for each in order}
    fields = quadrants(needs, weeks, grounds.policy)
    stand_ins = _Shares(needs), _Shares(weeks)
    found = []
    for place, each in enumerate(order):
        key = each.priority.theme_id
        priority = replace(
            each.priority,
            top3=round(float(tops[0][place]), 3),
            top10=round(float(tops[1][place]), 3),
            quadrant=fields[key],
        )
        board = board_score(
            grounds.votes.get(key, ()),
            grounds.policy.board,
            benefit=BOARD_TOP * stand_ins[0].of(needs[key]),
            feasibility=BOARD_TOP * (1 - stand_ins[1].of(weeks[key])),
        )
        reasons = [("order", _order_reason(priority, place, order, ranks, themes))]
        if board is not None:
            priority = replace(priority, board=round(board.score, 2))
            reasons.append(("board", board.reason))
        found.append(replace(priority, reasons=(*priority.reasons, *reasons)))
    return tuple(found)


def compare_orders(before: Sequence[tuple[str, float]], now: Sequence[Priority]) -> OrderChange:
    """Compare with the scores of an earlier plan, best first.

    Source: M. G. Kendall, The treatment of ties in ranking problems (1945): tau-b, by SciPy.
    """
    scores = {priority.theme_id: priority.score for priority in now}
    both = [(old, scores[key]) for key, old in before if key in scores]
    tau = float(kendalltau(*zip(*both, strict=True)).statistic) if len(both) > 1 else None
    place_before = {key: rank for rank, (key, _) in enumerate(before, 1)}
    moves = [
        (priority.theme_id, place_before[priority.theme_id], rank)
        for rank, priority in enumerate(now[: TOPS[-1]], 1)
        if priority.theme_id in place_before and place_before[priority.theme_id] != rank
    ]
    moves.sort(key=lambda move: (-abs(move[1] - move[2]), move[2]))
    # All scores equal: no order to speak of.
    known = None if tau is None or np.isnan(tau) else round(tau, 4)
    return OrderChange(len(both), known, tuple(moves[:MOST_MOVES]))


def _ranks(draws: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return each theme's rank in each draw, from 1; of equals the one ahead stays ahead."""
    places = np.argsort(-draws, axis=0, kind="stable")
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, places, np.arange(1, len(draws) + 1)[:, None], axis=0)
    return ranks


class _Shares:
    """What share of the other themes lies below a value, in [0, 1]; equals lie half below."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._sorted = sorted(values.values())

    def of(self, value: float) -> float:
        """Return 0.5 when there is nothing to compare with."""
        others = len(self._sorted) - 1
        low, high = bisect_left(self._sorted, value), bisect_right(self._sorted, value)
        return (low + high - 1) / 2 / others if others else 0.5


def _order_reason(
    priority: Priority,
    place: int,
    order: Sequence[Scored],
    ranks: npt.NDArray[np.int64],
    themes: Mapping[str, Theme],
) -> str:
    sure = (
        f"第 {place + 1} 名；{ranks.shape[1]} 次抽样中排在前 3 的占 {_chance(priority.top3)}，"
        f"前 10 的占 {_chance(priority.top10)}"
    )
    parts = [sure]
    # What the score would be at an effort of one month, before it is rounded.
    alone = float(np.median(order[place].draws)) * priority.effort
    if place:
        above = order[place - 1].priority
        needed = _down(alone / (above.score + ROUNDED))
        if LEAST_MONTHS <= needed < priority.effort:
            parts.append(
                f"投入降到 {needed:g} 人月以内（现为 {priority.effort:g}）"
                f"就会超过第 {place} 名{_named(above, themes)}"
            )
    if place + 1 < len(order):
        below = order[place + 1].priority
        chance = float(np.mean(ranks[place + 1] < ranks[place]))
        parts.append(f"下一名{_named(below, themes)}排到它前面的占 {_chance(chance)}")
        limit = _up(alone / (below.score - ROUNDED)) if below.score else MOST_MONTHS
        if limit < MOST_MONTHS:
            parts.append(f"投入超过 {limit:g} 人月就会落到它后面")
    return "；".join(parts)


def _chance(share: float) -> str:
    """Write a share of the draws; some is neither none nor all."""
    return f"{min(max(share, 0.01), 0.99) if 0 < share < 1 else share:.0%}"


def _down(months: float) -> float:
    """Return the last hundredth before it."""
    return (ceil(months * 100) - 1) / 100


def _up(months: float) -> float:
    return ceil(months * 100) / 100


def _named(priority: Priority, themes: Mapping[str, Theme]) -> str:
    return f"“{themes[priority.theme_id].name}”"
