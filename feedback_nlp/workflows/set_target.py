"""Targets: a person says what a metric should reach in a period, or takes that back."""

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.records import Metric, Signature, Target
from feedback_nlp.satisfaction.measures import BOUNDS
from feedback_nlp.storage import targets
from feedback_nlp.workflows.signing import signed

MOST_DAYS: Final = 1_827
"""Five years, with their leap days."""
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a metric should reach from `first` to `last`, both included."""

    metric: Metric
    value: float
    first: date
    last: date


def set_target(session: Session, workspace: str, wish: Wish, signature: Signature) -> Target:
    """Set a target. Needs a write transaction.

    Raises:
        InputError: the value is off the scale, the period is empty or too long, or the author is
            missing; the message names the field.
        ConflictError: there is a target for this metric and period already.
    """
    least, most = BOUNDS[wish.metric]
    if not isfinite(wish.value) or not least <= wish.value <= most:
        bounds = f"{least:g} 到 {most:g} 之间，不能是 {wish.value:g}"
        raise InputError(f"value：{wish.metric.value} 的目标要在 {bounds}")
    if wish.last < wish.first:
        raise InputError(f"to：结束日期 {wish.last} 早于开始日期 {wish.first}")
    if wish.first < EARLIEST or wish.last > LATEST:
        raise InputError(f"from、to：日期要在 {EARLIEST} 到 {LATEST} 之间")
    if (wish.last - wish.first).days >= MOST_DAYS:
        raise InputError(f"to：从 {wish.first} 到 {wish.last} 超过 5 年，请分成几个目标")
    by = signed(signature)
    wanted = Target(
        number=0,
        metric=wish.metric,
        value=float(wish.value),
        first=wish.first,
        last=wish.last,
        author=by.author,
        at=by.at,
        reason=by.reason,
    )
    return targets.add(session, workspace, wanted)


def withdraw_target(
    session: Session, workspace: str, number: int, *, by: str, now: datetime
) -> Target:
    """Take a target back. Needs a write transaction.

    Raises:
        InputError: nobody says who does it.
        NotFoundError: there is no such target.
        ConflictError: it was withdrawn before.
    """
    author = signed(Signature(by, now)).author
    return targets.withdraw(session, workspace, number, by=author, now=now)
