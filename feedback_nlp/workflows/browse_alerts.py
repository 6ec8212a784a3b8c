"""Browse alerts: those of the last days with the names of their themes. Reads only."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Alert
from feedback_nlp.reports.alerts import ALERT_DAYS
from feedback_nlp.storage import alerts, reviews, themes
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse import Page

MOST_ALERTS: Final = 10_000
"""What a list without pages shows."""


@dataclass(frozen=True, slots=True)
class NamedAlert:
    """An alert and the name of its theme; None when it speaks of one review."""

    alert: Alert
    theme_name: str | None
    is_new: bool
    """Told on the last day of the list for the first time."""


@dataclass(frozen=True, slots=True)
class AlertPage:
    """A part of the alerts, those that held last first, how many there are, and up to which day."""

    alerts: tuple[NamedAlert, ...]
    total: int
    as_of: date | None
    """Day of the newest review; without dates that of the newest alert; None without alerts."""


def recent(
    session: Session, workspace: str, *, days: int | None = ALERT_DAYS
) -> tuple[list[Alert], date | None]:
    """Return the alerts of the last `days`, or all, and the day from which these count back."""
    newest = reviews.time_span(session, workspace)[1]
    if newest is not None:
        as_of = day_of(newest)
    else:
        told = alerts.every(session, workspace)
        if not told:
            return [], None
        as_of = max(alert.last for alert in told)
    since = None if days is None else as_of - timedelta(days=days - 1)
    return alerts.every(session, workspace, since=since), as_of


def list_alerts(
    session: Session, workspace: str, page: Page, *, days: int | None = ALERT_DAYS
) -> AlertPage:
    """Return a page of the alerts of the last `days`, or of all that were ever told."""
    found, as_of = recent(session, workspace, days=days)
    names = {theme.id: theme.name for theme in themes.every(session, workspace, any_state=True)}
    shown = (
        NamedAlert(alert, names.get(alert.subject), alert.day == as_of)
        for alert in found[page.part]
    )
    return AlertPage(tuple(shown), len(found), as_of)
