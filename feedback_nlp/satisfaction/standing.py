"""Targets against actuals: reached, missed, or not to be told from so few answers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedback_nlp.records import Target
from feedback_nlp.satisfaction.estimates import Estimate
from feedback_nlp.satisfaction.measures import better


class Standing(StrEnum):
    """How a target stands."""

    MET = "met"
    MISSED = "missed"
    UNCLEAR = "unclear"
    """The interval of the actual value holds the target."""
    NO_DATA = "no_data"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class Progress:
    """A target and where its metric is, from its first day to the newest day of data."""

    target: Target
    standing: Standing
    actual: Estimate | None
    gap: float | None
    """How far the actual value is beyond the target; negative when it falls short of it."""
    elapsed: float
    """Share of the days of the period that there is data for, in [0, 1]."""


def progress(target: Target, actual: Estimate | None, *, as_of: date | None) -> Progress:
    """Judge a target by `actual`, the metric from the target's first day to `as_of`."""
    if as_of is None or as_of < target.first:
        return Progress(target, Standing.NOT_STARTED, None, None, 0.0)
    days = (target.last - target.first).days + 1
    elapsed = min(1.0, ((as_of - target.first).days + 1) / days)
    if actual is None:
        return Progress(target, Standing.NO_DATA, None, None, elapsed)
    sign = better(target.metric)
    gap = sign * (actual.value - target.value) + 0.0  # no minus before a zero
    if actual.low <= target.value <= actual.high:
        standing = Standing.UNCLEAR
    else:
        standing = Standing.MET if gap > 0 else Standing.MISSED
    return Progress(target, standing, actual, gap, elapsed)
