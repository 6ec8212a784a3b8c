"""What a team decides about its priorities: one row a change, the latest counts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from feedback_nlp.priority.policy import Changed, differences
from feedback_nlp.records import Criterion, Lane, Policy, RfmRule, Segment, SlaRule
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.policies
_DEFAULTS: Final = Policy()
_NAMED: Final[Mapping[str, type[str]]] = {
    "tiers": str,
    "segments": Segment,
    "strategy": str,
    "capacities": Lane,
    "board": Criterion,
}
"""Fields that are pairs, and the type of their names."""
_LIMITS: Final = ("tiers", "scenarios")
"""Fields of the service level that are pairs."""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy as somebody set it, and how it differs from the one before."""

    number: int
    """Grows with time; unique inside the workspace."""
    policy: Policy
    changes: tuple[Changed, ...]
    author: str
    at: datetime
    reason: str


def current(session: Session, workspace: str) -> Policy:
    """Return the policy that counts: the defaults, and what the latest row says otherwise."""
    query = select(_T.c.content).where(_T.c.workspace_id == workspace)
    content = session.execute(query.order_by(_T.c.id.desc()).limit(1)).scalar_one_or_none()
    return _to_policy(content or {})


def put(
    session: Session, workspace: str, policy: Policy, *, author: str, at: datetime, reason: str
) -> None:
    """Make this the policy that counts; one that counts already writes nothing.

    Only what differs from the defaults is stored, so that better defaults of a later program
    reach teams that never changed them. The names in `tiers` and `strategy` come back sorted
    behind those of the defaults.

    Raises:
        InputError: a string holds a NUL or a lone surrogate, which no database can keep.
    """
    content = _from_policy(policy)
    told = [("author", author), ("reason", reason)]
    limits = (*policy.sla.tiers, *policy.sla.scenarios)
    said = [(name, name) for name, _ in (*policy.tiers, *policy.strategy, *limits)]
    check_storable("政策", [*told, *said, *_numbers(content)])
    lock(session, workspace, "policies")
    if content == _from_policy(current(session, workspace)):
        return
    notes.append(session, _T, workspace, {"content": content, "at": at} | dict(told))


def history(session: Session, workspace: str) -> list[StoredPolicy]:
    """Return every change with what it changed, newest first."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)
    found = []
    before = _DEFAULTS
    for row in session.execute(query):
        stored = _to_stored(row, before)
        found.append(stored)
        before = stored.policy
    return found[::-1]


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once the policy has changed."""
    return notes.newest(session, _T, workspace)


def _to_stored(row: Row[Any], before: Policy) -> StoredPolicy:
    policy = _to_policy(row.content)
    changes = differences(before, policy)
    return StoredPolicy(row.id, policy, changes, row.author, row.at, row.reason)


def _to_policy(content: Mapping[str, Any]) -> Policy:
    values = {name: _overlaid(name, content.get(name, {})) for name in _NAMED}
    rfm = RfmRule(**asdict(_DEFAULTS.rfm) | content.get("rfm", {}))
    return Policy(**{**content, **values, "rfm": rfm, "sla": _to_sla(content.get("sla", {}))})


def _to_sla(stored: Mapping[str, Any]) -> SlaRule:
    default = _DEFAULTS.sla
    pairs = {name: _laid_over(getattr(default, name), stored.get(name, {})) for name in _LIMITS}
    return SlaRule(**asdict(default) | {**stored, **pairs})


def _overlaid(field: str, stored: Mapping[str, float | None]) -> tuple[tuple[Any, float], ...]:
    named = {_NAMED[field](name): stored[name] for name in sorted(stored)}
    return _laid_over(getattr(_DEFAULTS, field), named)


def _laid_over(
    default: Iterable[tuple[Any, float]], stored: Mapping[Any, float | None]
) -> tuple[tuple[Any, float], ...]:
    """Return the default pairs with the stored ones put over them; null takes a name away."""
    together: dict[Any, float | None] = dict(default) | {
        name: stored[name] for name in sorted(stored)
    }
    return tuple((name, value) for name, value in together.items() if value is not None)


def _from_policy(policy: Policy) -> dict[str, Any]:
    """Return what differs from the defaults."""
    content: dict[str, Any] = {}
    for field in fields(policy):
        mine, default = getattr(policy, field.name), getattr(_DEFAULTS, field.name)
        differs: Any
        if field.name in _NAMED:
            differs = _differing(dict(mine), dict(default))
        elif field.name == "rfm":
            differs = _differing(asdict(mine), asdict(default))
        elif field.name == "sla":
            differs = _from_sla(mine, default)
        else:
            differs = None if mine == default else mine
        if differs not in (None, {}):
            content[field.name] = differs
    return content


def _from_sla(mine: SlaRule, default: SlaRule) -> dict[str, Any]:
    pairs = {
        name: _differing(dict(getattr(mine, name)), dict(getattr(default, name)))
        for name in _LIMITS
    }
    plain = _differing(asdict(mine), asdict(default))
    return {name: value for name, value in (plain | pairs).items() if value != {}}


def _differing(mine: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    names = dict.fromkeys([*mine, *default])
    return {str(name): mine.get(name) for name in names if mine.get(name) != default.get(name)}


def _numbers(content: Mapping[str, Any]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in content.items():
        found += _numbers(value) if isinstance(value, dict) else [(name, value)]
    return found
