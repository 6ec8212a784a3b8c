"""Releases and what verification found, as lines of text."""

from collections.abc import Iterator
from datetime import datetime

from feedback_nlp.cli.exits import one_line
from feedback_nlp.names import DIMENSION
from feedback_nlp.records import CHINA, Comparison, Release, Verification
from feedback_nlp.verification.wording import BASELINE, percent, sentence
from feedback_nlp.workflows.browse_releases import VerificationPage
from feedback_nlp.workflows.note_release import Noted


def noted_lines(noted: Noted) -> Iterator[str]:
    """Say what a release did to its tickets."""
    for ticket in noted.tickets:
        moved = "现在是" if ticket.id in noted.moved else "仍是"
        yield f"  {ticket.id} {moved}“{ticket.state}”"


def release_line(release: Release) -> str:
    """Write a release on one line."""
    reason = f"（{one_line(release.reason)}）" if release.reason else ""
    gone = ""
    if release.withdrawn_at is not None:
        gone = f"  {_moment(release.withdrawn_at)} 由 {one_line(release.withdrawn_by or '')} 撤回"
    tickets = " ".join(release.tickets)
    return f"{release.number}  {what(release)}  {tickets}  {one_line(release.author)}{reason}{gone}"


def what(release: Release) -> str:
    """Say when what was released to whom."""
    version = f"，版本 {one_line(release.version)}" if release.version else ""
    return f"{_moment(release.released_at)}{version}，{_users(release)}"


def verification_lines(found: VerificationPage) -> Iterator[str]:
    """Write what is known about the fix of a ticket: the latest in full, then day by day."""
    ticket, latest = found.ticket, found.latest
    aim = f"目标：低于 {percent(ticket.target)}"
    yield f"{ticket.id}「{one_line(ticket.title)}」  {ticket.state}  {aim}"
    if latest is None:
        yield "还没有验证过；登记全量发布、发布以后又有了数据，再执行 verify"
        return
    yield f"数据到 {latest.as_of}，发布 {latest.release}：{sentence(latest)}"
    yield from (f"  {_comparison(each)}" for each in latest.comparisons)
    yield "经过："
    yield from (f"  {_short(each)}" for each in found.history)
    if found.total > len(found.history):
        yield f"  共 {found.total} 天，以上是最近 {len(found.history)} 天"


def _users(release: Release) -> str:
    if release.is_full:
        return "全部用户"
    share = "" if release.share == 1 else percent(release.share)
    if release.group is None:
        return f"{share} 的用户"
    group = f"{DIMENSION[release.group]} {one_line(release.value or '')}"
    return f"{group} 的 {share} 用户" if share else f"{group} 的用户"


def _comparison(each: Comparison) -> str:
    return (
        f"{BASELINE[each.baseline]}（{each.first} 到 {each.last}，{each.days} 天 {each.count} 条）"
        f"：应有 {each.expected:.1f} 条，是它的 {percent(each.ratio)}"
        f"（{percent(each.low)}-{percent(each.high)}）"
    )


def _short(each: Verification) -> str:
    days = f"{each.first} 到 {each.last} {each.count} 条"
    return f"{each.as_of}  发布 {each.release}  {each.verdict}  {days}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
