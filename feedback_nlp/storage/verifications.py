"""What was known on one day about whether a release helped: one row a ticket and day."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import (
    Baseline,
    Comparison,
    Denominator,
    Doubt,
    Relapse,
    Verdict,
    Verification,
)
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.verifications

_KEYS: Final = ("ticket_id", "as_of", "verdict")
"""Fields that have a column of their own."""


def put(session: Session, workspace: str, found: Verification) -> None:
    """Store what was found; it takes the place of what was found about this ticket that day.

    The ticket must be stored.

    Raises:
        InputError: a number that is not finite.
    """
    figures = asdict(found)
    for part in (figures, *figures["comparisons"], figures["relapse"] or {}):
        check_storable(f"工单 {found.ticket_id} 的验证", part.items())
    lock(session, workspace, "verifications")
    session.execute(
        delete(_T).where(
            _T.c.workspace_id == workspace,
            _T.c.ticket_id == found.ticket_id,
            _T.c.as_of == found.as_of,
        )
    )
    session.execute(insert(_T), [{"workspace_id": workspace, **_values(found)}])


def latest(session: Session, workspace: str) -> dict[str, Verification]:
    """Map each ticket that was ever looked at to what was found last."""
    newer = _T.alias()
    is_old = exists().where(
        newer.c.workspace_id == _T.c.workspace_id,
        newer.c.ticket_id == _T.c.ticket_id,
        newer.c.as_of > _T.c.as_of,
    )
    query = select(_T).where(_T.c.workspace_id == workspace, ~is_old)
    rows = session.execute(query.order_by(func.length(_T.c.ticket_id), _T.c.ticket_id))
    return {row.ticket_id: _to_verification(row) for row in rows}


def history(session: Session, workspace: str, ticket_id: str) -> list[Verification]:
    """Return what was found about one ticket, first day first."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.ticket_id == ticket_id)
    return [_to_verification(row) for row in session.execute(query.order_by(_T.c.as_of))]


def _values(found: Verification) -> dict[str, Any]:
    content = {name: _plain(value) for name, value in asdict(found).items() if name not in _KEYS}
    return {
        "ticket_id": found.ticket_id,
        "as_of": found.as_of,
        "verdict": found.verdict.value,
        "content": content,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (any field of the record)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _to_verification(row: Row[Any]) -> Verification:
    found: dict[str, Any] = dict(row.content)
    doubt, spike, relapse = found["doubt"], found["spike"], found.get("relapse")
    return Verification(
        **found
        | {
            "ticket_id": row.ticket_id,
            "as_of": row.as_of,
            "verdict": Verdict(row.verdict),
            "first": date.fromisoformat(found["first"]),
            "last": date.fromisoformat(found["last"]),
            "denominator": Denominator(found["denominator"]),
            "comparisons": tuple(_to_comparison(each) for each in found["comparisons"]),
            "doubt": None if doubt is None else Doubt(doubt),
            "spike": None if spike is None else _days(spike),
            "next_look": found["next_look"] and date.fromisoformat(found["next_look"]),
            "relapse": relapse and _to_relapse(relapse),
        }
    )


def _to_comparison(value: dict[str, Any]) -> Comparison:
    first, last = _days((value["first"], value["last"]))
    baseline = Baseline(value["baseline"])
    return Comparison(**value | {"baseline": baseline, "first": first, "last": last})


def _to_relapse(value: dict[str, Any]) -> Relapse:
    since, alarm = _days((value["since"], value["alarm"]))
    return Relapse(**value | {"since": since, "alarm": alarm})


def _days(pair: Any) -> tuple[date, date]:  # noqa: ANN401 (two ISO dates, as JSON keeps them)
    first, last = pair
    return date.fromisoformat(first), date.fromisoformat(last)
