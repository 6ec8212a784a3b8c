"""Change a ticket: move it through its life, assign it, edit it, comment on it."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import Any, Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.names import TICKET_FIELD
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import CHINA, Signature, Ticket, TicketState
from feedback_nlp.storage import ticket_life, tickets
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.storable import is_storable
from feedback_nlp.tickets.life import check_move, needs_reason
from feedback_nlp.tickets.trail import drafted_value, told
from feedback_nlp.workflows.signing import is_line, signed

LONGEST_NAME: Final = 64
"""Of an owner and of a department."""
LONGEST_TITLE: Final = 100
LONGEST_COMMENT: Final = 2_000
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2100, 12, 31)
DEFAULT_TARGET: Final = 0.9
FIXABLE: Final = ("title", "department", "due", "target")
"""Fields that keep what a person set; the rest is drafted, or has a life of its own."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SHOWN: Final = 5
"""So many changes a conflict tells of; the history has them all."""


@dataclass(frozen=True, slots=True)
class TicketEdit:
    """What a person wants to be otherwise; None leaves a field as it is."""

    title: str | None = None
    department: str | None = None
    due: date | None = None
    target: float | None = None
    defaults: frozenset[str] = field(default_factory=frozenset)
    """Fields to be given back to the drafts."""


def move_ticket(  # noqa: PLR0913 (a move has all of these)
    session: Session,
    workspace: str,
    ticket_id: str,
    to: TicketState,
    signature: Signature,
    *,
    expected: int | None = None,
    system: bool = False,
) -> Ticket:
    """Move a ticket to another state and return it. Needs a write transaction.

    `expected` is the revision that the person saw; `system` says that no person moves it.

    Raises:
        NotFoundError: no ticket has this id.
        ConflictError: its state does not allow the move (the message lists what it allows), or
            somebody changed the ticket since the revision that was seen.
        InputError: nobody signed, or the move must be explained and is not.
    """
    by = signed(signature)
    ticket = _begin(session, workspace, ticket_id, expected)
    check_move(ticket.id, ticket.state, to, system=system)
    if not by.reason and needs_reason(to, system=system):
        raise InputError(f"reason：移到“{to}”要写明原因")
    detail = {"from": ticket.state.value, "to": to.value} | ({"system": "1"} if system else {})
    return _changed(session, workspace, replace(ticket, state=to), by, [("moved", detail)])


def assign_ticket(  # noqa: PLR0913 (an assignment has all of these)
    session: Session,
    workspace: str,
    ticket_id: str,
    signature: Signature,
    *,
    owner: str | None = None,
    department: str | None = None,
    expected: int | None = None,
) -> Ticket:
    """Say who does it: an owner, "" for nobody, or a department. Needs a write transaction.

    What is None stays; the same again changes nothing.

    Raises:
        NotFoundError: no ticket has this id.
        ConflictError: somebody changed the ticket since the revision that was seen.
        InputError: nobody signed, nothing is to be assigned, or a name cannot be used.
    """
    if owner is None and department is None:
        raise InputError("owner、department：请写明负责人或责任部门")
    by = signed(signature)
    wanted: dict[str, Any] = {}
    if owner is not None:
        wanted["owner"] = _line("owner", owner, LONGEST_NAME) if owner.strip() else None
    if department is not None:
        wanted["department"] = _line("department", department, LONGEST_NAME)
    ticket = _begin(session, workspace, ticket_id, expected)
    return _set(session, workspace, ticket, wanted, by, kind="assigned")


def edit_ticket(
    session: Session,
    workspace: str,
    ticket_id: str,
    edit: TicketEdit,
    signature: Signature,
    *,
    expected: int | None = None,
) -> Ticket:
    """Set fields for good, so that drafts leave them alone, or give them back to the drafts.

    A field given back has its drafted value again. Needs a write transaction. The same again
    changes nothing.

    Raises:
        NotFoundError: no ticket has this id.
        ConflictError: somebody changed the ticket since the revision that was seen.
        InputError: nobody signed, nothing is to be edited, or a value cannot be used.
    """
    by, wanted = signed(signature), _wanted(edit)
    ticket = _begin(session, workspace, ticket_id, expected)
    return _set(session, workspace, ticket, wanted, by, kind="edited", back=edit.defaults)


def comment_ticket(
    session: Session, workspace: str, ticket_id: str, text: str, signature: Signature
) -> Event:
    """Write a comment of one or several lines; personal data in it is masked.

    The revision stays. Needs a write transaction.

    Raises:
        NotFoundError: no ticket has this id.
        InputError: nobody signed, or the comment is empty, too long or cannot be stored.
    """
    by = signed(signature)
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not 0 < len(words) <= LONGEST_COMMENT or not is_storable(words) or _CONTROL.search(words):
        raise InputError(f"text：备注要有 1 到 {LONGEST_COMMENT} 个字，可以换行，不含控制字符")
    ticket = _begin(session, workspace, ticket_id, None)
    event = _event(ticket, by, "commented", {"text": mask(words).text})
    ticket_life.note(session, workspace, [event])
    return event


def _begin(session: Session, workspace: str, ticket_id: str, expected: int | None) -> Ticket:
    ticket_life.begin(session, workspace)
    ticket = tickets.get(session, workspace, ticket_id)
    if ticket is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    if expected not in {None, ticket.revision}:
        raise _stale(session, workspace, ticket, expected or 0)
    return ticket


def _stale(session: Session, workspace: str, ticket: Ticket, expected: int) -> ConflictError:
    """Say who changed what since the revision that somebody saw."""
    since = []
    for event in tickets.history(session, workspace, ticket.id):
        detail = dict(event.detail)
        if int(detail.get("revision", 0)) > expected and event.kind != "commented":
            at = f"{event.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
            since.append(f"{at} {detail['author']} {told(event.kind, detail)}")
    more = f"；此前还有 {len(since) - _SHOWN} 处改动" if len(since) > _SHOWN else ""
    changes = f"：{'；'.join(since[-_SHOWN:])}{more}" if since else ""
    return ConflictError(
        f"工单 {ticket.id} 现在是第 {ticket.revision} 版，不是第 {expected} 版{changes}。"
        "什么也没有写入，请看过后再改",
        revision=ticket.revision,
    )


def _wanted(edit: TicketEdit) -> dict[str, Any]:
    """Return the new values by field; raises InputError."""
    given = {name: getattr(edit, name) for name in FIXABLE if getattr(edit, name) is not None}
    if unknown := sorted(edit.defaults - set(FIXABLE)):
        raise InputError(f"defaults：没有字段“{unknown[0]}”，可选：{'、'.join(FIXABLE)}")
    if both := sorted(edit.defaults & set(given)):
        raise InputError(f"{both[0]}：不能既设定又交还草稿")
    if not given and not edit.defaults:
        raise InputError(f"请写明要改什么：{'、'.join(FIXABLE)}")
    if edit.title is not None:
        given["title"] = mask(_line("title", edit.title, LONGEST_TITLE)).text
    if edit.department is not None:
        given["department"] = _line("department", edit.department, LONGEST_NAME)
    if edit.due is not None and not EARLIEST <= edit.due <= LATEST:
        raise InputError(f"due：日期要在 {EARLIEST} 到 {LATEST} 之间，不能是 {edit.due}")
    if edit.target is not None and not (isfinite(edit.target) and 0 < edit.target <= 1):
        raise InputError(f"target：验证目标要大于 0、不超过 1，不能是 {edit.target:g}")
    return given


def _line(name: str, text: str, longest: int) -> str:
    words = text.strip()
    if not 0 < len(words) <= longest or not is_line(words):
        raise InputError(f"{name}：{TICKET_FIELD[name]}要有 1 到 {longest} 个字，写在一行里")
    return words


def _set(  # noqa: PLR0913 (what both kinds of setting share)
    session: Session,
    workspace: str,
    ticket: Ticket,
    wanted: dict[str, Any],
    by: Signature,
    *,
    kind: str,
    back: frozenset[str] = frozenset(),
) -> Ticket:
    """Set fields, fix those that are drafted otherwise, and write an event for each."""
    values = wanted | _drafted(session, workspace, ticket, back)
    fixed = (set(ticket.fixed) | (set(wanted) & set(FIXABLE))) - back
    after = replace(ticket, **values, fixed=tuple(sorted(fixed)))
    touched = {name for name in values if getattr(after, name) != getattr(ticket, name)}
    touched |= set(ticket.fixed) ^ fixed
    if not touched:
        return ticket
    events = []
    for name in sorted(touched):
        detail = {"field": name, "from": _shown(ticket, name), "to": _shown(after, name)}
        events.append((kind, detail | ({"default": "1"} if name in back else {})))
    return _changed(session, workspace, after, by, events)


def _drafted(
    session: Session, workspace: str, ticket: Ticket, back: frozenset[str]
) -> dict[str, Any]:
    """Return the drafted values of the fields that are fixed and shall not be."""
    given_back = back & set(ticket.fixed)
    if not given_back:
        return {}
    history = tickets.history(session, workspace, ticket.id)
    details = [dict(each.detail) for each in history if each.kind in {"assigned", "edited"}]
    found: dict[str, Any] = {}
    for name in given_back:
        value = drafted_value(details, name)
        if name == "target":
            found[name] = DEFAULT_TARGET
        elif value is not None:
            found[name] = date.fromisoformat(value) if name == "due" else value
    return found


def _changed(
    session: Session,
    workspace: str,
    after: Ticket,
    by: Signature,
    events: list[tuple[str, dict[str, str]]],
) -> Ticket:
    stored = replace(after, revision=after.revision + 1)
    told_of = [_event(stored, by, kind, detail) for kind, detail in events]
    ticket_life.change(session, workspace, stored, told_of)
    return stored


def _event(ticket: Ticket, by: Signature, kind: str, detail: dict[str, str]) -> Event:
    signed_by = {"author": by.author, "reason": by.reason, "revision": str(ticket.revision)}
    return Event(ticket.id, by.at, kind, tuple((signed_by | detail).items()))


def _shown(ticket: Ticket, name: str) -> str:
    value = getattr(ticket, name)
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
