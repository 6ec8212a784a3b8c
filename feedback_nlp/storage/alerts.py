"""What people were told: one row an alert. An episode that goes on keeps its row."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, Select, delete, exists, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Alert, AlertKind, Denominator, Spike
from feedback_nlp.storage import tables
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.nested import from_quotes, to_quotes
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.reviews import stored_ids

_T: Final = tables.alerts
_R: Final = tables.reviews


def every(session: Session, workspace: str, *, since: date | None = None) -> list[Alert]:
    """Return the alerts that held on day `since` or later, or all; latest first, then by key."""
    query = ours(workspace)
    return _read(session, query if since is None else query.where(_T.c.last >= since))


def open_on(session: Session, workspace: str, day: date) -> list[Alert]:
    """Return the alerts that held on this day: those of the day and episodes that went on."""
    return _read(session, ours(workspace).where(_T.c.day <= day, _T.c.last >= day))


def of_day(session: Session, workspace: str, day: date) -> list[Alert]:
    """Return the alerts that were new on this day."""
    return _read(session, ours(workspace).where(_T.c.day == day))


def put(session: Session, workspace: str, alerts: Iterable[Alert]) -> None:
    """Store alerts; one whose key is known takes the place of what was stored under it.

    Left out is what speaks of a theme or a review that is not stored: a person was erased
    meanwhile. Doing it twice changes nothing.
    """
    for noun in ("reviews", "themes"):  # reviews first, as everywhere
        lock(session, workspace, noun)
    wanted = _of_stored(session, workspace, {alert.key: alert for alert in alerts}.values())
    for chunk in chunks(wanted):
        keys = [alert.key for alert in chunk]
        session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.id.in_(keys)))
        session.execute(insert(_T), [_values(workspace, alert) for alert in chunk])


def _of_stored(session: Session, workspace: str, alerts: Iterable[Alert]) -> list[Alert]:
    found = list(alerts)
    told = {alert.subject for alert in found if not alert.kind.of_theme}
    reviews = stored_ids(session, workspace, sorted(told))
    query = select(tables.themes.c.id).where(tables.themes.c.workspace_id == workspace)
    themes = set(session.execute(query).scalars())
    return [
        alert for alert in found if alert.subject in (themes if alert.kind.of_theme else reviews)
    ]


def ours(workspace: str) -> Select[Any]:
    """Select the alerts, less those of reviews that turned out to be a competitor's."""
    told_of_theirs = (
        exists()
        .where(_R.c.workspace_id == workspace, _R.c.id == _T.c.review_id, is_theirs(workspace))
        .correlate(_T)
    )
    return select(_T).where(_T.c.workspace_id == workspace, ~told_of_theirs)


def _read(session: Session, query: Select[Any]) -> list[Alert]:
    return [_to_alert(row) for row in session.execute(query.order_by(_T.c.last.desc(), _T.c.id))]


def _to_alert(row: Row[Any]) -> Alert:
    return Alert(
        kind=AlertKind(row.kind),
        subject=row.review_id if row.theme_id is None else row.theme_id,
        day=row.day,
        last=row.last,
        reason=row.reason,
        quotes=to_quotes(row.quotes),
        spike=_to_spike(row.spike) if row.spike else None,
    )


def _to_spike(value: dict[str, Any]) -> Spike:
    return Spike(**value | {"denominator": Denominator(value["denominator"])})


def _values(workspace: str, alert: Alert) -> dict[str, Any]:
    of_theme = alert.kind.of_theme
    return {
        "workspace_id": workspace,
        "id": alert.key,
        "kind": alert.kind.value,
        "theme_id": alert.subject if of_theme else None,
        "review_id": None if of_theme else alert.subject,
        "day": alert.day,
        "last": alert.last,
        "reason": alert.reason,
        "quotes": from_quotes(alert.quotes),
        "spike": {} if alert.spike is None else asdict(alert.spike),
    }
