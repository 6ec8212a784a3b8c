"""Releases: a person says from when which users had a fix, or that it was rolled back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Group, Release, Signature, Ticket, TicketState
from feedback_nlp.storage import releases, ticket_life, tickets
from feedback_nlp.tabular.values import EARLIEST_YEAR, parse_time
from feedback_nlp.tickets.life import path
from feedback_nlp.workflows.change_ticket import move_ticket
from feedback_nlp.workflows.note_effort import note_actual
from feedback_nlp.workflows.signing import LONGEST_REASON, is_line, signed

MOST_TICKETS: Final = 50
LONGEST_NAME: Final = 200
"""Of a version, or of a value of a group."""
CAUGHT_UP: Final = "补记：登记发布"
"""The reason of a move that nobody had written down when it happened."""
OUT: Final = (TicketState.RELEASED, TicketState.VERIFYING)
"""States of a ticket whose fix is out and not judged."""
_WITHDRAWN: Final = {
    **dict.fromkeys(OUT, TicketState.IN_PROGRESS),
    TicketState.VERIFIED: TicketState.RELAPSED,
}
"""Where a ticket goes whose last release was rolled back."""
_INSTEAD: Final = {
    TicketState.REJECTED: "先把它移回待评估",
    TicketState.VERIFIED: "问题又出现了，就先把它移到复发",
}


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A release as a person notes it down."""

    tickets: tuple[str, ...]
    released_at: datetime
    version: str | None = None
    share: float = 1.0
    """Of the users who may have it, in (0, 1]."""
    group: Group | None = None
    value: str | None = None
    """Of the group; needed with a group, and only then."""
    weeks: float | None = None
    """What the one ticket took, in person-weeks; None when nobody says."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A release, and its tickets as they are now."""

    release: Release
    tickets: tuple[Ticket, ...]
    moved: tuple[str, ...]
    """Ids of those whose state has changed."""


def read_time(text: str, *, now: datetime) -> datetime:
    """Read when something was released; a day without a time is its beginning in China.

    Raises:
        InputError: no date, before 2000, or more than a day after `now`.
    """
    try:
        return parse_time(text, now=now)
    except ValueError as error:
        raise InputError(f"released_at：{error}") from None


def read_share(text: str) -> float:
    """Read a share of users such as 0.1 or 10%.

    Raises:
        InputError: not a number; whether it is in (0, 1] is checked when it is noted.
    """
    written = text.strip()
    percent = written.endswith(("%", "％"))
    try:
        return float(written[:-1]) / 100 if percent else float(written)
    except ValueError:
        raise InputError(f"share：“{text}”不是份额，请写成 0.1 或 10% 这样") from None


def note_release(session: Session, workspace: str, wish: NewRelease, signature: Signature) -> Noted:
    """Note a release down; its tickets move to 已发布. Needs a write transaction.

    Each step towards 已发布 that nobody has written down is an event of its own. A ticket that is
    已发布 or 验证中 stays where it is: the rollout widens.

    Raises:
        InputError: a field cannot be used; the message names it.
        NotFoundError: no ticket has this id.
        ConflictError: a ticket is 不予实施 or 已验证, or the same release was noted before.
    """
    by = signed(signature)
    wanted = _checked(wish, by)
    ticket_life.begin(session, workspace)
    before = [_ticket(session, workspace, ticket_id) for ticket_id in wanted.tickets]
    release = releases.add(session, workspace, wanted)
    moved = tuple(each.id for each in before if _move_out(session, workspace, each, release))
    if wish.weeks is not None:
        ticket_id = wanted.tickets[0]
        note_actual(session, workspace, ticket_id, wish.weeks, signature=by)
    after = tuple(_ticket(session, workspace, each.id, releasable=False) for each in before)
    return Noted(release, after, moved)


def withdraw_release(session: Session, workspace: str, number: int, signature: Signature) -> Noted:
    """Say that a release was rolled back. Needs a write transaction.

    Its tickets that have no other release that stands lose their fix: those that are 已发布 or
    验证中 are 进行中 again, and what was 已验证 is 复发, because what was proven is gone.

    Raises:
        InputError: nobody signed.
        NotFoundError: there is no such release.
        ConflictError: it was withdrawn before.
    """
    by = signed(signature)
    ticket_life.begin(session, workspace)
    release = releases.withdraw(session, workspace, number, by=by.author, now=by.at)
    reason = _reason(f"撤回发布 {number}", by.reason)
    moved = []
    for ticket_id in release.tickets:
        ticket = _ticket(session, workspace, ticket_id, releasable=False)
        left = releases.of_ticket(session, workspace, ticket_id)
        to = _WITHDRAWN.get(ticket.state)
        if to is not None and not any(each.stands for each in left):
            move_ticket(session, workspace, ticket_id, to, replace(by, reason=reason))
            moved.append(ticket_id)
    after = (_ticket(session, workspace, each, releasable=False) for each in release.tickets)
    return Noted(release, tuple(after), tuple(moved))


def _checked(wish: NewRelease, by: Signature) -> Release:
    ids = sorted({each.strip() for each in wish.tickets}, key=lambda each: (len(each), each))
    if not 0 < len(ids) <= MOST_TICKETS:
        raise InputError(f"tickets：一次发布要有 1 到 {MOST_TICKETS} 张工单，不能是 {len(ids)} 张")
    if wish.weeks is not None and len(ids) > 1:
        raise InputError(
            "weeks：实际投入只能随一张工单的发布登记；几张工单一起发布，请逐张用 effort actual"
        )
    if wish.released_at.year < EARLIEST_YEAR:
        raise InputError(f"released_at：发布时间不能早于 {EARLIEST_YEAR} 年")
    if wish.released_at > by.at + timedelta(days=1):
        raise InputError("released_at：发布时间在将来；发布以后再登记")
    if not isfinite(wish.share) or not 0 < wish.share <= 1:
        raise InputError(f"share：放量份额要大于 0、不超过 1（100%），不能是 {wish.share:g}")
    version, value = _line("version", wish.version), _line("value", wish.value)
    if wish.group is not None and value is None:
        raise InputError(f"value：按 {wish.group.value} 放量时请写明是哪一个")
    if wish.group is None and value is not None:
        raise InputError(f"group：“{value}”是哪个维度的？可选：{'、'.join(Group)}")
    return Release(
        number=0,
        tickets=tuple(ids),
        released_at=wish.released_at,
        author=by.author,
        at=by.at,
        version=version,
        share=float(wish.share),
        group=wish.group,
        value=value,
        reason=by.reason,
    )


def _line(name: str, text: str | None) -> str | None:
    written = (text or "").strip()
    if len(written) > LONGEST_NAME or not is_line(written):
        raise InputError(f"{name}：最多 {LONGEST_NAME} 个字，写在一行里")
    return written or None


def _ticket(session: Session, workspace: str, ticket_id: str, *, releasable: bool = True) -> Ticket:
    ticket = tickets.get(session, workspace, ticket_id)
    if ticket is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    if releasable and ticket.state in _INSTEAD:
        raise ConflictError(
            f"工单 {ticket_id} 是“{ticket.state}”，不能登记发布；{_INSTEAD[ticket.state]}"
        )
    return ticket


def _move_out(session: Session, workspace: str, ticket: Ticket, release: Release) -> bool:
    if ticket.state in OUT:
        return False
    signature = Signature(release.author, release.at, CAUGHT_UP)
    for state in path(ticket.state, TicketState.RELEASED):
        if state is TicketState.RELEASED:
            reason = _reason(f"登记发布 {release.number}", release.reason)
            signature = replace(signature, reason=reason)
        move_ticket(session, workspace, ticket.id, state, signature)
    return True


def _reason(what: str, why: str) -> str:
    return f"{what}：{why}"[:LONGEST_REASON] if why else what
