"""Work out by when something would have to be answered and resolved. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.records import CHINA, Taxonomy
from feedback_nlp.sla.calendar import due_after, is_workday, unknown_years
from feedback_nlp.sla.clocks import agree
from feedback_nlp.sla.limits import Limit, Told, limit_of
from feedback_nlp.storage import policies

YEARS: Final = (2000, 2100)


@dataclass(frozen=True, slots=True)
class Due:
    """The limits of something that comes at a certain time; all times are China time."""

    at: datetime
    working_day: bool
    limit: Limit
    answer: datetime
    resolution: datetime | None
    """None when it does not complain."""
    unknown_years: tuple[int, ...]
    """Their holidays are not known: plain weekdays."""


def sla_due(
    session: Session, workspace: str, told: Told, *, at: datetime, taxonomy: Taxonomy
) -> Due:
    """Return the limits that the present policy gives.

    Raises:
        InputError: the time is not between 2000 and 2100.
    """
    first, last = YEARS
    local = at.astimezone(CHINA)
    if not first <= local.year <= last:
        raise InputError(f"时间要在 {first} 年到 {last} 年之间，不能是 {local:%Y-%m-%d}")
    agreement = agree(policies.current(session, workspace).sla, taxonomy)
    limit = limit_of(told, agreement.rule, taxonomy)
    answer = due_after(local, limit.hours, agreement.opening)
    resolution = None
    if told.complaint:
        resolution = due_after(local, agreement.rule.resolve_hours, agreement.opening)
    return Due(
        at=local,
        working_day=is_workday(local.date())[0],
        limit=limit,
        answer=answer,
        resolution=resolution,
        unknown_years=unknown_years(local, max(answer, resolution or answer)),
    )
