"""What happened that a webhook was not told of yet: ids, states and figures, no words of users.

How far a webhook has been told is the newest of its deliveries of that kind. What is a little
older is looked at again, because commands write the time at which they began; what was told is
left out by its id.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import ColumnElement, Row, Select, String, case, cast, literal, select
from sqlalchemy.orm import Session

from feedback_nlp.records import CHINA, Delivery, EventKind, Verdict, Webhook
from feedback_nlp.storage import alerts, deliveries, tables

_EVENTS: Final = tables.ticket_events
_ALERTS: Final = tables.alerts
_FOUND: Final = tables.verifications
_ESCALATED: Final = tables.escalations
_IMPORTS: Final = tables.imports
_D: Final = tables.deliveries

OVERLAP: Final = {
    EventKind.TICKET_CHANGED: timedelta(days=2),
    EventKind.ALERT_RAISED: timedelta(days=35),
    EventKind.VERIFICATION_DONE: timedelta(days=35),
    EventKind.ESCALATION_OPENED: timedelta(days=2),
    EventKind.IMPORT_FINISHED: timedelta(days=2),
}
"""How much later than another event of its kind one may be stored that is older."""
_SPIKE: Final = ("observed", "expected", "ratio", "low", "high")

Told = tuple[datetime, Mapping[str, Any]]
Asked = tuple[Select[Any], ColumnElement[str]]
Source = tuple[Callable[[str, datetime], Asked], Callable[[Row[Any]], Told]]


def untold(
    session: Session, workspace: str, hook: Webhook, kind: EventKind, *, limit: int
) -> list[Delivery]:
    """Return at most `limit` events of a kind since the webhook was made, oldest first.

    They are deliveries that nobody has stored.
    """
    last = deliveries.newest(session, workspace, hook.number, kind)
    since = hook.at if last is None else max(hook.at, last - OVERLAP[kind])
    ask, tell = _SOURCES[kind]
    query, key = ask(workspace, since)
    event_id = literal(f"{kind.value}:") + key
    was_told = (
        select(_D.c.event_id)
        .where(
            _D.c.workspace_id == workspace,
            _D.c.webhook_id == hook.number,
            _D.c.event_id == event_id,
        )
        .exists()
    )
    query = query.add_columns(event_id.label("event_id")).where(~was_told).limit(limit)
    found: dict[str, Delivery] = {}
    for row in session.execute(query):
        at, content = tell(row)
        found[row.event_id] = Delivery(hook.number, row.event_id, kind, content, at)
    return list(found.values())


def _ticket_events(workspace: str, since: datetime) -> Asked:
    query = select(_EVENTS).where(_EVENTS.c.workspace_id == workspace, _EVENTS.c.at >= since)
    return query.order_by(_EVENTS.c.at, _EVENTS.c.id), cast(_EVENTS.c.id, String)


def _of_ticket(row: Row[Any]) -> Told:
    content = {"ticket": row.ticket_id, "change": row.kind}
    if row.kind == "moved":  # other changes hold what people wrote
        content |= {name: row.detail[name] for name in ("from", "to") if name in row.detail}
    return row.at, content | _link("tickets", row.ticket_id)


def _alerts(workspace: str, since: datetime) -> Asked:
    query = alerts.ours(workspace).where(_ALERTS.c.day >= _day(since))
    return query.order_by(_ALERTS.c.day, _ALERTS.c.id), _ALERTS.c.id + literal("")


def _of_alert(row: Row[Any]) -> Told:
    of_theme = row.theme_id is not None
    name, key = ("theme", row.theme_id) if of_theme else ("review", row.review_id)
    figures = {each: row.spike[each] for each in _SPIKE if each in row.spike}
    content = {"alert": row.kind, name: key, "day": row.day.isoformat(), **figures}
    return _noon(row.day), content | _link(f"{name}s", key)


def _verifications(workspace: str, since: datetime) -> Asked:
    """Select what stands: looks that decide nothing are told to nobody."""
    query = select(_FOUND).where(
        _FOUND.c.workspace_id == workspace,
        _FOUND.c.as_of >= _day(since),
        _FOUND.c.content["final"].as_boolean(),
    )
    verdict = case({each.value: each.name.lower() for each in Verdict}, value=_FOUND.c.verdict)
    release = cast(_FOUND.c.content["release"].as_integer(), String)
    key = _FOUND.c.ticket_id + literal(":") + release + literal(":") + verdict
    return query.order_by(_FOUND.c.as_of, _FOUND.c.ticket_id), key


def _of_verification(row: Row[Any]) -> Told:
    content = {
        "ticket": row.ticket_id,
        "release": row.content["release"],
        "verdict": row.verdict,
        "as_of": row.as_of.isoformat(),
        "count": row.content["count"],
    }
    return _noon(row.as_of), content | _link("tickets", row.ticket_id)


def _escalations(workspace: str, since: datetime) -> Asked:
    mine = (_ESCALATED.c.workspace_id == workspace) & (_ESCALATED.c.at >= since)
    query = select(_ESCALATED).where(mine)
    return query.order_by(_ESCALATED.c.at, _ESCALATED.c.review_id), _ESCALATED.c.review_id


def _of_escalation(row: Row[Any]) -> Told:
    content = {"review": row.review_id, "due": row.due.isoformat()}
    return row.at, content | _link("reviews", row.review_id)


def _imports(workspace: str, since: datetime) -> Asked:
    mine = (_IMPORTS.c.workspace_id == workspace) & (_IMPORTS.c.finished_at >= since)
    query = select(_IMPORTS).where(mine)
    return query.order_by(_IMPORTS.c.finished_at, _IMPORTS.c.id), cast(_IMPORTS.c.id, String)


def _of_import(row: Row[Any]) -> Told:
    content = {"import": row.id, "counts": dict(row.counts)}
    return row.finished_at, content | _link("imports", str(row.id))


def _link(noun: str, key: str) -> dict[str, str]:
    return {"link": f"/v1/{noun}/{quote(key, safe='')}"}


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _noon(day: date) -> datetime:
    # As precise as a day is; in either zone the same one.
    return datetime.combine(day, time(12), CHINA).astimezone(UTC)


_SOURCES: Final[Mapping[EventKind, Source]] = {
    EventKind.TICKET_CHANGED: (_ticket_events, _of_ticket),
    EventKind.ALERT_RAISED: (_alerts, _of_alert),
    EventKind.VERIFICATION_DONE: (_verifications, _of_verification),
    EventKind.ESCALATION_OPENED: (_escalations, _of_escalation),
    EventKind.IMPORT_FINISHED: (_imports, _of_import),
}
