"""How the nested fields of themes, priorities and tickets look in their JSON columns."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from feedback_nlp.priority.effort import WEEKS_PER_MONTH
from feedback_nlp.records import EffortSource, Priority, Quadrant, Quote, WeekCount


def to_quotes(value: Iterable[dict[str, Any]]) -> tuple[Quote, ...]:
    """Read what `from_quotes` wrote."""
    return tuple(Quote(**quote) for quote in value)


def from_quotes(quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    """Write quotes as objects."""
    return [asdict(quote) for quote in quotes]


def to_trend(value: Iterable[Sequence[Any]]) -> tuple[WeekCount, ...]:
    """Read what `from_trend` wrote."""
    return tuple(WeekCount(date.fromisoformat(week), count) for week, count in value)


def from_trend(trend: Iterable[WeekCount]) -> list[list[Any]]:
    """Write weeks as pairs of ISO date and count."""
    return [[week.week.isoformat(), week.count] for week in trend]


def to_pairs(value: Iterable[Sequence[Any]]) -> tuple[tuple[Any, Any], ...]:
    """Read pairs; JSON turned them into lists."""
    return tuple((first, second) for first, second in value)


def to_priority(value: dict[str, Any]) -> Priority:
    """Read what `from_priority` wrote, older programs included."""
    quadrant = value.get("quadrant")
    fields = _of_old(value) | value
    return Priority(
        **fields
        | {
            "reasons": to_pairs(value["reasons"]),
            "effort_source": EffortSource(value.get("effort_source", EffortSource.DEFAULT)),
            "quadrant": None if quadrant is None else Quadrant(quadrant),
        }
    )


def _of_old(value: dict[str, Any]) -> dict[str, Any]:
    """Return what programs before the interval of reach would have written."""
    reach, weeks = value.get("reach"), round(value.get("effort", 0.0) * WEEKS_PER_MONTH, 1)
    return {"reach_low": reach, "reach_high": reach, "weeks": weeks}


def from_priority(priority: Priority) -> dict[str, Any]:
    """Write a priority as an object."""
    return asdict(priority)
