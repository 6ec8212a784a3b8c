"""What became of the tickets, as it is printed: fixes that helped, the week, the service level."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from feedback_nlp.records import CHINA, Doubt, Ticket, TicketState, Verdict, Verification
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.wording import NAME_LENGTH, QUOTE_LENGTH, chinese_span, clip
from feedback_nlp.themes.trend import WEEK
from feedback_nlp.tickets.life import FINISHED
from feedback_nlp.tickets.progress import DepartmentWeek, Done, Planned, Unfinished
from feedback_nlp.tickets.wording import (
    BY_HAND,
    NO_REASON,
    NOBODY,
    NOT_CURED,
    counts,
    deadline,
    proof,
)
from feedback_nlp.verification.wording import sentence

FIXES_SHOWN: Final = 10
ENTRIES_SHOWN: Final = 5
"""Tickets listed of one department under 已完成, 未完成 and 下周计划 each; the rest is a number."""
OPEN: Final = "还没有结论"
_WAITING: Final = "登记了全量发布、发布以后又有了数据，才能验证。"


class Tone(StrEnum):
    """Whether a verdict is good news; the colour it is printed in, beside the word."""

    BAD = "bad"
    OPEN = "open"
    GOOD = "good"


_TONE: Final = {
    Verdict.WORKED: Tone.GOOD,
    Verdict.FAILED: Tone.BAD,
    Verdict.RELAPSED: Tone.BAD,
    Verdict.INCONCLUSIVE: Tone.OPEN,
}
_ORDER: Final = tuple(Tone)
"""What somebody has to look into comes first."""
_ENDED: Final = (Verdict.FAILED, Verdict.RELAPSED)
"""Verdicts that still stand after the ticket went back to work."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One released ticket and what the data says of it."""

    ticket_id: str
    title: str
    state: str
    verdict: str
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Fixes:
    """All released tickets: how many of each verdict, then those to look into first."""

    summary: str
    shown: tuple[Fix, ...]
    more: str
    """Says how many are left out; empty when none is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One ticket in the week of a department."""

    ticket_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a department has done, has not done, or plans."""

    name: str
    entries: tuple[Entry, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Department:
    """The week of one department."""

    name: str
    counts: str
    parts: tuple[Part, ...]
    """Those with a ticket in them; none where all are drafts that nobody has taken up."""


@dataclass(frozen=True, slots=True)
class Week:
    """The week of the newest review, by department."""

    span: str
    departments: tuple[Department, ...]


def findings(data: ReportData) -> Mapping[str, Verification]:
    """Map tickets to what the data says of the fix that users have, or had and lost again."""
    every = data.delivery.verifications if data.delivery else ()
    found = {each.ticket_id: each for each in every}
    return {
        ticket.id: told
        for ticket in data.tickets
        if (told := found.get(ticket.id)) and _still_stands(told, ticket.state)
    }


def _still_stands(found: Verification, state: TicketState) -> bool:
    if state in {TicketState.VERIFYING, TicketState.VERIFIED}:
        return True
    if state is TicketState.RELEASED:  # Anything that has dates is about an earlier release.
        return found.doubt is Doubt.NO_DATES
    return found.verdict in _ENDED


def fixes(data: ReportData) -> Fixes | None:
    """Return the released tickets; None without any."""
    found = findings(data)
    released = [
        (ticket, found.get(ticket.id))
        for ticket in data.tickets
        if ticket.id in found or ticket.state in FINISHED
    ]
    if not released:
        return None
    views = [_fix(*pair) for pair in sorted(released, key=_newest_first)]
    views.sort(key=lambda view: _ORDER.index(view.tone))
    said = "，".join(f"{word} {many}" for word, many in Counter(v.verdict for v in views).items())
    rest = len(views) - FIXES_SHOWN
    return Fixes(
        f"发布过的工单 {len(views)} 张：{said}。{NOT_CURED}。",
        tuple(views[:FIXES_SHOWN]),
        f"另有 {rest} 张，见 tickets.csv 的 verdict 一列。" if rest > 0 else "",
    )


def _newest_first(pair: tuple[Ticket, Verification | None]) -> tuple[int, int, str]:
    ticket, found = pair
    return 0 if found is None else -found.as_of.toordinal(), len(ticket.id), ticket.id


def _fix(ticket: Ticket, found: Verification | None) -> Fix:
    title = clip(ticket.title, NAME_LENGTH)
    if found is None:
        told = f"{BY_HAND}。" if ticket.state is TicketState.VERIFIED else _WAITING
        return Fix(ticket.id, title, ticket.state, OPEN, Tone.OPEN, told)
    text = sentence(found).removeprefix(f"{found.verdict}：")
    if ticket.state is TicketState.VERIFIED and found.verdict is not Verdict.WORKED:
        text += "移到已验证的是人。"
    tone = _TONE[found.verdict]
    return Fix(ticket.id, title, ticket.state, found.verdict, tone, text)


def week(data: ReportData) -> Week | None:
    """Return the week; None when nobody has done anything about any ticket in it."""
    told = data.delivery.progress if data.delivery else None
    if told is None or not any(map(_is_touched, told.departments)):
        return None
    return Week(
        chinese_span(told.week, told.week + WEEK - timedelta(days=1)),
        tuple(_department(each) for each in told.departments),
    )


def _is_touched(each: DepartmentWeek) -> bool:
    return bool(
        each.done
        or any(not _is_draft(late) for late in each.unfinished)
        or any(not _is_draft(planned) for planned in each.planned)
    )


def _is_draft(each: Unfinished | Planned) -> bool:
    """Say that it is due by the draft alone: no person has ever taken it up."""
    if each.state is not TicketState.TRIAGE or each.ticket.owner:
        return False
    return not isinstance(each, Unfinished) or not (each.reason or each.postponed_from)


def _department(each: DepartmentWeek) -> Department:
    late = [one for one in each.unfinished if not _is_draft(one)]
    planned = [one for one in each.planned if not _is_draft(one)]
    parts = (
        _part("已完成", len(each.done), [_entry(one.ticket, _done(one)) for one in each.done]),
        _part("未完成", len(each.unfinished), [_entry(one.ticket, _late(one)) for one in late]),
        _part("下周计划", len(each.planned), [_entry(one.ticket, _next(one)) for one in planned]),
    )
    told = tuple(part for part in parts if part) if _is_touched(each) else ()
    return Department(clip(each.department, NAME_LENGTH), counts(each), told)


def _part(name: str, total: int, entries: Sequence[Entry]) -> Part | None:
    if not total:
        return None
    shown = tuple(entries[:ENTRIES_SHOWN])
    drafts, more = total - len(entries), len(entries) - len(shown)
    rest = (
        f"另有 {more} 张，用 ticket progress 查看" if more else "",
        f"没有人安排过的草稿 {drafts} 张" if drafts else "",
    )
    return Part(name, shown, "；".join(each for each in rest if each))


def _entry(ticket: Ticket, text: str) -> Entry:
    return Entry(ticket.id, clip(ticket.title, NAME_LENGTH), text)


def _done(done: Done) -> str:
    return f"{done.to}，{_by(done.author, done.at)}；{proof(done)}"


def _late(late: Unfinished) -> str:
    said, reason = late.reason, NO_REASON
    if said is not None:
        reason = f"{clip(said.text, QUOTE_LENGTH)}（{_by(said.author, said.at)}）"
    return f"{late.state}，{deadline(late)}；原因：{reason}"


def _next(planned: Planned) -> str:
    owner = clip(planned.ticket.owner or NOBODY, NAME_LENGTH)
    return f"{planned.state}，截止 {planned.due}，{owner}"


def _by(author: str, at: datetime) -> str:
    return f"{clip(author, NAME_LENGTH)}，{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
