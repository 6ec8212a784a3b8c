"""Tickets, their trail and their week as lines for a terminal."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from feedback_nlp.cli.exits import one_line
from feedback_nlp.names import LANE
from feedback_nlp.records import CHINA, Release, Ticket
from feedback_nlp.reports.wording import NAME_LENGTH, QUOTE_LENGTH, clip, number
from feedback_nlp.storage.ledger import Event
from feedback_nlp.themes.trend import WEEK
from feedback_nlp.tickets.life import SETTLED, allowed
from feedback_nlp.tickets.progress import DepartmentWeek, Done, Planned, Progress, Unfinished
from feedback_nlp.tickets.trail import told
from feedback_nlp.tickets.wording import NO_REASON, NOBODY, NOT_CURED, counts, deadline, proof
from feedback_nlp.workflows.browse_tickets import TicketFile

BY_ITSELF: Final = "程序"


def ticket_line(ticket: Ticket, today: date) -> str:
    """Write one ticket of a list."""
    late = "（逾期）" if ticket.due < today and ticket.state not in SETTLED else ""
    who = f"{one_line(ticket.department)}  {one_line(ticket.owner or NOBODY)}"
    return f"{_title(ticket)}  {ticket.state}  截止 {ticket.due}{late}  {who}  {LANE[ticket.lane]}"


def changed_line(ticket: Ticket, what: str) -> str:
    """Write what a change has led to."""
    return f"{ticket.id} {one_line(what)}；现在是第 {ticket.revision} 版，{_moves(ticket)}"


def file_lines(found: TicketFile) -> Iterator[str]:
    """Write everything about one ticket."""
    ticket = found.ticket
    theme = f"{found.theme.id}「{clip(found.theme.name, NAME_LENGTH)}」"
    yield _title(ticket)
    yield f"{ticket.state}，第 {ticket.revision} 版，{_moves(ticket)}"
    yield f"主题 {theme}，{LANE[ticket.lane]}，RICE 得分 {number(ticket.priority.score)}"
    yield (
        f"负责人 {one_line(ticket.owner or '无')}，责任部门 {one_line(ticket.department)}，"
        f"截止 {ticket.due}"
    )
    yield f"问题：{one_line(ticket.problem)}"
    yield f"资源：{one_line(ticket.resources)}"
    yield f"验收标准：{one_line(ticket.acceptance)}"
    yield f"验证目标：发布后低于发布前的 {ticket.target:.0%} 才判有效；验收标准写的是希望降到多少"
    yield from _afterwards(found)
    yield f"证据 {len(ticket.evidence)} 条："
    for quote in ticket.evidence:
        yield f"  {quote.review_id}:{quote.start}  {clip(quote.text, QUOTE_LENGTH)}"
    yield f"记录 {len(found.trail)} 条："
    yield from (f"  {event_line(event)}" for event in found.trail)


def event_line(event: Event) -> str:
    """Write one thing that happened: when, who, what, why."""
    detail = dict(event.detail)
    reason = f"  {one_line(detail['reason'])}" if detail.get("reason") else ""
    author = one_line(detail.get("author", BY_ITSELF))
    return f"{_moment(event.at)}  {author}  {one_line(told(event.kind, detail))}{reason}"


def progress_lines(found: Progress) -> Iterator[str]:
    """Write a week, one department after the other."""
    last = found.week + WEEK - timedelta(days=1)
    yield f"{found.week} 到 {last}；{NOT_CURED}"
    for each in found.departments:
        yield f"{one_line(each.department)}：{counts(each)}"
        yield from _department_lines(each)
    if not found.departments:
        yield "这一周没有完成、到期或计划中的工单"


def _department_lines(week: DepartmentWeek) -> Iterator[str]:
    yield from (f"  已完成  {_done(each)}" for each in week.done)
    yield from (f"  未完成  {_unfinished(each)}" for each in week.unfinished)
    yield from (f"  下周计划  {_planned(each)}" for each in week.planned)


def _done(done: Done) -> str:
    by = f"{_moment(done.at)} {one_line(done.author)}"
    return f"{_title(done.ticket)}  {done.to}  {by}  {proof(done)}"


def _unfinished(late: Unfinished) -> str:
    reason = NO_REASON
    if late.reason is not None:
        said = late.reason
        reason = f"{one_line(said.text)}（{one_line(said.author)}，{_moment(said.at)}）"
    return f"{_title(late.ticket)}  {late.state}  {deadline(late)}  原因：{reason}"


def _planned(planned: Planned) -> str:
    owner = one_line(planned.ticket.owner or NOBODY)
    return f"{_title(planned.ticket)}  {planned.state}  截止 {planned.due}  {owner}"


def _afterwards(found: TicketFile) -> Iterator[str]:
    if found.actual is not None:
        yield f"实际投入 {number(found.actual.weeks or 0)} 人周（{one_line(found.actual.author)}）"
    for release in found.releases:
        yield _release(release)
    if found.finding is not None:
        verdict, day = found.finding
        yield f"验证：{verdict}，数据到 {day}"


def _release(release: Release) -> str:
    version = f"，版本 {one_line(release.version)}" if release.version else ""
    gone = "" if release.stands else "（已撤回）"
    return f"发布 {release.number}：{_moment(release.released_at)}{version}{gone}"


def _moves(ticket: Ticket) -> str:
    choices = "、".join(allowed(ticket.state))
    return f"可以移到：{choices}"


def _title(ticket: Ticket) -> str:
    return f"{ticket.id}「{one_line(clip(ticket.title, NAME_LENGTH))}」"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
