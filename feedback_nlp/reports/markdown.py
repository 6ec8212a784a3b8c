"""The report as Markdown, for Feishu documents, Yuque, wikis and mail."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from feedback_nlp.reports.alerts import AlertGroup
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.delivered import Department, Fixes, Week
from feedback_nlp.reports.page import Page, Row, page
from feedback_nlp.reports.planned import PlanView, weeks_text
from feedback_nlp.reports.sections import QuoteView, ThemeSection, TicketSection, interval
from feedback_nlp.reports.served import Service
from feedback_nlp.reports.wording import NAME_LENGTH, clip, number, percent

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~&$])")


def report_markdown(data: ReportData) -> str:
    """Return the report; says the same as the HTML, without charts."""
    return "\n".join(_lines(page(data))) + "\n"


def plain(text: str) -> str:
    """Return the text on one line, every Markdown and HTML character in it made harmless."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _lines(report: Page) -> Iterator[str]:
    yield from (f"# {plain(report.title)}", "", report.period, "", "## 要点", "")
    yield from (
        f"- **{line.label}**：{plain(line.text)}{_see(line.theme_id)}" for line in report.summary
    )
    yield ""
    yield from _table(
        ("指标", "值", "说明"),
        ((figure.label, figure.shown, figure.note) for figure in report.headline),
    )
    if report.opinions:
        yield from ("", report.opinions)
    yield from ("", "## 预警", "", report.alert_span)
    for group in report.alerts:
        yield from _alerts(group)
    yield from ("", "## 正在上升", "")
    yield from (
        f"- {plain(line.label)} {plain(line.text)}{_see(line.theme_id)}" for line in report.rising
    )
    if not report.rising:
        yield report.quiet
    if report.falling:
        yield from ("", "## 正在下降", "")
        yield from (
            f"- {plain(line.label)} {plain(line.text)}{_see(line.theme_id)}"
            for line in report.falling
        )
    yield from ("", "## 主题一览", "")
    yield from _theme_table((*report.themes, *report.rest))
    for section in report.themes:
        yield from _theme(section)
    yield from ("", "## 改进工单", "")
    if not report.tickets:
        yield "没有工单。"
    for ticket in report.tickets:
        yield from _ticket(ticket)
    if report.more_tickets:
        yield from ("", "### 其余工单", "")
        yield from _ticket_table(report.more_tickets)
    yield from _plan(report.plan)
    yield from _fixes(report.fixes)
    yield from _week(report.week)
    yield from _service(report.service)
    yield from _small("在说什么（负面或建议的意见，按话题）", "话题", report.topics)
    yield from _small("从哪里来（评论，按渠道）", "渠道", report.channels)
    yield from ("", "## 数据说明", "")
    yield from (f"- {plain(note)}" for note in report.notes)
    yield from (
        "",
        *_table(("版本", ""), ((what, plain(which)) for what, which in report.versions)),
    )


def _alerts(group: AlertGroup) -> Iterator[str]:
    yield from ("", f"### {group.name}（{number(group.total)}）", "")
    for view in group.shown:
        when = f"新，{view.when}" if view.is_new else view.when
        yield f"- **{plain(view.label)}**（{when}）{plain(view.text)}{_see(view.theme_id)}"
        yield from (f"  > {_quoted(quote)}" for quote in view.quotes)
    if group.more:
        yield from ("", plain(group.more))


def _quoted(quote: QuoteView) -> str:
    origin = "，".join((f"评论 {plain(quote.review_id)}", *map(plain, quote.origin)))
    return f"“{plain(quote.text)}” —— {origin}"


def _theme_table(sections: Iterable[ThemeSection]) -> Iterator[str]:
    rows = [
        (
            number(section.rank),
            section.theme.id,
            plain(clip(section.theme.name, NAME_LENGTH)),
            number(section.theme.count),
            number(section.theme.users),
            percent(section.theme.negative_share),
            str(section.move.direction),
            number(section.priority.score),
            interval(section.priority),
        )
        for section in sections
    ]
    if not rows:
        return iter(("没有形成主题。",))
    heading = ("名次", "编号", "主题", "意见", "用户", "负面", "走势", "RICE", "80% 区间")
    return _table(heading, rows)


def _theme(section: ThemeSection) -> Iterator[str]:
    theme = section.theme
    yield from ("", f"### {section.rank}. {plain(clip(theme.name, NAME_LENGTH))}（{theme.id}）", "")
    yield (
        f"{plain(section.topic)}｜{number(theme.count)} 条意见｜{number(theme.users)} 位用户｜"
        f"负面 {percent(theme.negative_share)}" + (f"｜{section.seen}" if section.seen else "")
    )
    yield from ("", f"走势：{section.trend}")
    yield from (f"\n{name}：{plain(text)}" for name, text in section.breakdowns)
    for quote in section.quotes:
        yield from ("", f"> {_quoted(quote)}")


def _ticket(section: TicketSection) -> Iterator[str]:
    ticket = section.ticket
    yield from ("", f"### {ticket.id} {plain(clip(ticket.title, NAME_LENGTH * 2))}", "")
    yield "｜".join(
        (
            f"主题 {ticket.theme_id}",
            plain(ticket.department),
            section.lane,
            *((section.quadrant,) if section.quadrant else ()),
            f"{ticket.due.isoformat()} 前",
            ticket.state.value,
        )
    )
    yield from ("", plain(ticket.problem), "")
    yield from _table(
        ("RICE", "值", "理由"),
        ((figure.name, figure.shown, plain(figure.reason)) for figure in section.figures),
    )
    yield from ("", f"验收：{plain(ticket.acceptance)}", "", f"资源：{plain(ticket.resources)}")
    if ticket.related:
        yield from ("", f"相关工单：{'、'.join(ticket.related)}")
    if section.evidence:
        ids = "、".join(dict.fromkeys(plain(review_id) for review_id, _ in section.evidence))
        yield from ("", f"证据：评论 {ids}")


def _ticket_table(sections: Iterable[TicketSection]) -> Iterator[str]:
    return _table(
        ("工单", "主题", "标题", "部门", "截止", "RICE", "80% 区间"),
        (
            (
                section.ticket.id,
                section.ticket.theme_id,
                plain(clip(section.ticket.title, NAME_LENGTH)),
                plain(section.ticket.department),
                section.ticket.due.isoformat(),
                number(section.priority.score),
                interval(section.priority),
            )
            for section in sections
        ),
    )


def _plan(plan: PlanView | None) -> Iterator[str]:
    if plan is None:
        return
    yield from ("", "## 排期", "", plain(plan.change + plan.gap), "")
    yield from _table(
        ("通道", "到", "人周", "工单"),
        (
            (
                lane.name,
                lane.until,
                weeks_text(lane),
                "、".join(f"{each.ticket_id}（{number(each.weeks)}）" for each in lane.entries)
                or "—",
            )
            for lane in plan.lanes
        ),
    )
    if plan.waiting:
        yield from ("", "### 没有排进去的", "")
        for each in plan.waiting:
            yield f"- {each.ticket_id} {plain(clip(each.title, NAME_LENGTH))}：{plain(each.reason)}"
    yield from ("", "### 四象限", "")
    for field in plan.quadrants:
        names = (f"{plain(clip(name, NAME_LENGTH))}（{key}）" for key, name in field.themes)
        more = f"，另有 {field.more} 个" if field.more else ""
        yield f"- **{field.name}**（{field.hint}）：{'、'.join(names) or '没有'}{more}"


def _fixes(found: Fixes | None) -> Iterator[str]:
    if found is None:
        return
    yield from ("", "## 修复是否有效", "", found.summary, "")
    for fix in found.shown:
        head = f"**{fix.verdict}** {fix.ticket_id} {plain(fix.title)}（{fix.state}）"
        yield f"- {head}：{plain(fix.text)}"
    if found.more:
        yield from ("", found.more)


def _week(found: Week | None) -> Iterator[str]:
    if found is None:
        return
    yield from ("", "## 本周进展", "", found.span)
    for department in found.departments:
        yield from _department(department)


def _department(found: Department) -> Iterator[str]:
    yield from ("", f"**{plain(found.name)}**：{found.counts}", "")
    for part in found.parts:
        for entry in part.entries:
            yield f"- {part.name}：{entry.ticket_id} {plain(entry.title)}，{plain(entry.text)}"
        if part.more:
            yield f"- {part.name}：{part.more}"


def _service(found: Service | None) -> Iterator[str]:
    if found is None:
        return
    yield from ("", "## 服务时限", "", found.span, "")
    yield from _table(
        ("指标", "值", "说明"), ((card.label, card.shown, card.note) for card in found.cards)
    )
    if found.notes:
        yield from ("", *(f"- {note}" for note in found.notes))


def _small(title: str, what: str, rows: tuple[Row, ...]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}", "")
        yield from _table(
            (what, "条数", "占比"),
            ((plain(row.name), number(row.count), percent(row.share)) for row in rows),
        )


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{' --- |' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _see(theme_id: str | None) -> str:
    return f"（{theme_id}）" if theme_id else ""
