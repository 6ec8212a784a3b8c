"""Whether, and what, of all that a night reads has changed since a moment."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Row, func, select, true
from sqlalchemy.orm import Session

from feedback_nlp.records import EditKind
from feedback_nlp.storage import tables
from feedback_nlp.storage.columns import dump_json

_WATCHED: Final = (
    tables.reviews,
    tables.survey_answers,
    tables.usage_events,
    tables.exposure,
    tables.customers,
    tables.orders,
    tables.policies,
    tables.efforts,
    tables.votes,
    tables.targets,
    tables.competitors,
    tables.label_corrections,
    tables.quarantine,
    tables.erasures,
    tables.theme_events,
    tables.theme_proposals,
    tables.plans,
    tables.ticket_events,
    tables.outcomes,
    tables.releases,
    tables.escalations,
    tables.sends,
    tables.opt_outs,
)
_TELLING: Final = (
    "revision",
    "imported_at",
    "at",
    "made_at",
    "decided_at",
    "withdrawn_at",
    "closed_at",
    "erased_at",
)
"""Columns that only grow, or that are filled once."""


def mark(session: Session, workspace: str) -> str:
    """Return what differs once anything came in, was decided or was planned."""
    found = []
    for table in _WATCHED:
        columns = [table.c[name] for name in _TELLING if name in table.c]
        told = [part for column in columns for part in (func.count(column), func.max(column))]
        query = select(func.count(), *told).where(table.c.workspace_id == workspace)
        found.append([table.name, *_plain(session.execute(query).one())])
    revisions = select(func.sum(tables.reviews.c.revision))
    mine = revisions.where(tables.reviews.c.workspace_id == workspace)
    found.append(["revisions", session.execute(mine).scalar_one()])
    return blake2b(dump_json(found).encode(), digest_size=16).hexdigest()


def came_after(session: Session, workspace: str, moment: datetime) -> int:
    """Count what was imported after a moment, of any kind."""
    found = 0
    for table in _WATCHED:
        if "imported_at" in table.c:
            query = select(func.count()).where(
                table.c.workspace_id == workspace, table.c.imported_at > moment
            )
            found += session.execute(query).scalar_one()
    return found


def by_people(session: Session, workspace: str, until: datetime) -> dict[str, int]:
    """Count what people did up to a moment that no copy of the data tells: by kind, if any."""
    events, found = tables.theme_events.c, {}
    edited = (events.at, events.kind.in_([kind.value for kind in EditKind]))
    deeds = {
        "theme_edits": edited,
        "proposals": (tables.theme_proposals.c.decided_at, true()),
        "quarantine": (tables.quarantine.c.decided_at, true()),
        "erasures": (tables.erasures.c.erased_at, true()),
    }
    for name, (moment, wanted) in deeds.items():
        mine = moment.table.c.workspace_id == workspace
        query = select(func.count()).where(mine, moment <= until, wanted)
        if count := session.execute(query).scalar_one():
            found[name] = count
    return found


def _plain(row: Row[Any]) -> list[object]:
    return [value.isoformat() if isinstance(value, datetime) else value for value in row]
