"""Review board: votes of 0 to 10 -> one weighted score, with a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from feedback_nlp import names
from feedback_nlp.records import Criterion, Vote


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """What one criterion got."""

    criterion: Criterion
    points: float
    """Mean of the votes, or the stand-in; 0 to 10."""
    votes: int
    """Persons who voted; 0 for a stand-in."""
    weight: float
    """Share of the score after renormalisation."""

    @property
    def stand_in(self) -> bool:
        """Whether it was computed instead of voted."""
        return self.votes == 0


@dataclass(frozen=True, slots=True)
class BoardScore:
    """What the board thinks of a theme."""

    score: float
    """0 to 10."""
    criteria: tuple[CriterionScore, ...]
    """Those that count, in the order of the weights."""
    reason: str
    """One Chinese sentence."""


def board_score(
    votes: Sequence[Vote],
    weights: Sequence[tuple[Criterion, float]],
    *,
    benefit: float | None = None,
    feasibility: float | None = None,
) -> BoardScore | None:
    """Score one theme by the votes about it; of each person and criterion the latest counts.

    A criterion without votes takes the computed stand-in, from 0 to 10; without one it is left
    out, and the other weights grow to sum to 1. None when nobody voted, or only for criteria of
    weight 0 and nothing else is known.

    Source: 产品销售增长策略研讨活动方案, “可行性(40%)、创新性(30%)、效益预期(30%)”.
    """
    voted = _voted(votes)
    if not voted:
        return None
    stand_ins = {Criterion.BENEFIT: benefit, Criterion.FEASIBILITY: feasibility}
    found = []
    for criterion, weight in weights:
        points = voted.get(criterion)
        stand_in = stand_ins.get(criterion)
        if weight and points:
            found.append(CriterionScore(criterion, fsum(points) / len(points), len(points), weight))
        elif weight and stand_in is not None:
            found.append(CriterionScore(criterion, stand_in, 0, weight))
    total = fsum(each.weight for each in found)
    if not total:
        return None
    criteria = tuple(
        CriterionScore(each.criterion, each.points, each.votes, each.weight / total)
        for each in found
    )
    score = fsum(each.weight * each.points for each in criteria)
    lowest, highest = min(each.points for each in criteria), max(each.points for each in criteria)
    score = min(max(score, lowest), highest)  # weights sum to 1 but for the last digit
    left_out = [
        name for name, weight in weights if weight and name not in {c.criterion for c in found}
    ]
    return BoardScore(score, criteria, _reason(score, criteria, left_out))


def _voted(votes: Sequence[Vote]) -> Mapping[Criterion, list[float]]:
    latest: dict[tuple[Criterion, str], Vote] = {}
    for vote in votes:
        before = latest.get((vote.criterion, vote.author))
        if before is None or vote.at >= before.at:
            latest[vote.criterion, vote.author] = vote
    found: dict[Criterion, list[float]] = defaultdict(list)
    for vote in latest.values():
        if vote.points is not None:
            found[vote.criterion].append(vote.points)
    return dict(found)


def _reason(score: float, criteria: Sequence[CriterionScore], left_out: Sequence[Criterion]) -> str:
    parts = [
        f"{names.CRITERION[each.criterion]} {_figure(each.points)}（"
        f"{'没有人投票，按数据估算' if each.stand_in else f'{each.votes} 票'}，"
        f"权重 {each.weight:.0%}）"
        for each in criteria
    ]
    missing = "、".join(names.CRITERION[each] for each in left_out)
    rest = f"；{missing}没有人投票，不计" if missing else ""
    return f"评审得分 {_figure(score)}（满分 10）：{'、'.join(parts)}{rest}"


def _figure(points: float) -> str:
    return f"{points:.1f}".removesuffix(".0")
