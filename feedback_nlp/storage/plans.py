"""Plans as they were made: rows are only added."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, func, insert, null, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Lane, Load, OrderChange, PlanRecord, Schedule, Slot, Waiting
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.nested import to_pairs

_T: Final = tables.plans


def latest(session: Session, workspace: str) -> PlanRecord | None:
    """Return the plan that was made last."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    row = session.execute(query.order_by(_T.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _to_plan(row)


def add(session: Session, workspace: str, record: PlanRecord) -> None:
    """Append a plan; its number is one of `next_number`."""
    lock(session, workspace, "plans")
    session.execute(insert(_T), [_values(workspace, record)])


def next_number(session: Session, workspace: str) -> int:
    """Return the number of the next plan, the first is 1.

    Nobody else gets a number in this workspace until the transaction ends.
    """
    lock(session, workspace, "plans")
    query = select(func.max(_T.c.number)).where(_T.c.workspace_id == workspace)
    return 1 + (session.execute(query).scalar_one() or 0)


def _values(workspace: str, record: PlanRecord) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "number": record.number,
        "as_of": record.as_of,
        "made_at": record.made_at,
        "scores": record.scores,
        "schedule": _from_schedule(record.schedule),
        "change": null() if record.change is None else asdict(record.change),
    }


def _to_plan(row: Row[Any]) -> PlanRecord:
    return PlanRecord(
        number=row.number,
        as_of=row.as_of,
        made_at=row.made_at,
        scores=to_pairs(row.scores),
        schedule=_to_schedule(row.schedule),
        change=None if row.change is None else _to_change(row.change),
    )


def _from_schedule(schedule: Schedule) -> dict[str, Any]:
    return {
        "slots": [asdict(slot) | {"due": slot.due.isoformat()} for slot in schedule.slots],
        "waiting": [asdict(each) for each in schedule.waiting],
        "loads": [asdict(load) | {"until": load.until.isoformat()} for load in schedule.loads],
        "gap": schedule.gap,
    }


def _to_schedule(value: Mapping[str, Any]) -> Schedule:
    return Schedule(
        slots=tuple(Slot(**_in_lane(each, "due")) for each in value["slots"]),
        waiting=tuple(Waiting(**_in_lane(each)) for each in value["waiting"]),
        loads=tuple(Load(**_in_lane(each, "until")) for each in value["loads"]),
        gap=value["gap"],
    )


def _in_lane(value: Mapping[str, Any], *days: str) -> dict[str, Any]:
    read = {day: date.fromisoformat(value[day]) for day in days}
    return {**value, "lane": Lane(value["lane"]), **read}


def _to_change(value: Mapping[str, Any]) -> OrderChange:
    moved = tuple((theme_id, before, now) for theme_id, before, now in value["moved"])
    return OrderChange(value["compared"], value["tau"], moved)
