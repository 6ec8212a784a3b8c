"""Rollouts and loyalty -> schemas."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from api.schemas.releases import DaysOut
from api.schemas.rollouts import (
    EffectOut,
    LoyaltyOut,
    LoyaltyRowOut,
    LoyaltySegmentOut,
    RolloutOut,
    RolloutsOut,
    ShiftOut,
    SideOut,
)
from feedback_nlp.verification.loyalty import Effect, LoyaltyRow, Shift
from feedback_nlp.verification.rollout_wording import advice_sentence, rollout_sentence
from feedback_nlp.workflows.compare_rollout import Watched
from feedback_nlp.workflows.follow_customers import Loyalty

_DIGITS: Final = 6


def rollouts_out(number: int, found: Sequence[Watched]) -> RolloutsOut:
    """Show one release, ticket by ticket."""
    return RolloutsOut(release=number, rollouts=[_rollout(each) for each in found])


def loyalty_out(found: Loyalty) -> LoyaltyOut:
    """Show customers before and after a release."""
    windows = found.windows
    return LoyaltyOut(
        ticket=found.ticket_id,
        theme=found.theme_id,
        release=found.release,
        released=found.released,
        complained=found.complained,
        before=windows and _days(windows.before),
        after=windows and _days(windows.after),
        with_usage=found.with_usage,
        lack=found.lack,
        total=None if found.total is None else LoyaltyRowOut(**_row(found.total)),
        segments=[LoyaltySegmentOut(segment=row.segment, **_row(row)) for row in found.segments],
    )


def _rollout(each: Watched) -> RolloutOut:
    found = each.rollout
    return RolloutOut(
        ticket=each.ticket.id,
        theme=each.ticket.theme_id,
        as_of=found.as_of,
        first=found.first,
        last=found.last,
        having=SideOut(count=found.count_with, base=found.base_with),
        lacking=SideOut(count=found.count_without, base=found.base_without),
        denominator=found.denominator,
        ratio=round(found.ratio, _DIGITS),
        low=round(found.low, _DIGITS),
        high=round(found.high, _DIGITS),
        target=each.ticket.target,
        advice=found.advice,
        more=found.more,
        before_count=found.before_count,
        before_ratio=None if found.before_ratio is None else round(found.before_ratio, _DIGITS),
        dispersion=round(found.dispersion, _DIGITS),
        sentence=rollout_sentence(found),
        meaning=advice_sentence(found, target=each.ticket.target),
    )


def _days(days: tuple[date, date]) -> DaysOut:
    first, last = days
    return DaysOut(first=first, last=last)


def _row(row: LoyaltyRow) -> dict[str, Any]:
    return {
        "affected": row.affected,
        "others": row.others,
        "repurchase": row.repurchase and _effect(row.repurchase),
        "retention": row.retention and _effect(row.retention),
    }


def _effect(effect: Effect) -> EffectOut:
    return EffectOut(
        affected=_shift(effect.affected),
        others=_shift(effect.others),
        value=round(effect.value, _DIGITS),
        low=round(effect.low, _DIGITS),
        high=round(effect.high, _DIGITS),
    )


def _shift(shift: Shift) -> ShiftOut:
    return ShiftOut(
        users=shift.users, before=round(shift.before, _DIGITS), after=round(shift.after, _DIGITS)
    )
