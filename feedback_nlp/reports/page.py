"""The whole report, in reading order, as values: HTML and Markdown only lay it out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from feedback_nlp.names import POLARITY, UNASSIGNED, UNCERTAIN
from feedback_nlp.reports.alerts import AlertGroup, alert_groups, alert_span
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.delivered import Fixes, Week, fixes, week
from feedback_nlp.reports.notes import notes, versions
from feedback_nlp.reports.opinion_shares import opinion_sentence
from feedback_nlp.reports.periods import Period, period_for
from feedback_nlp.reports.planned import PlanView, plan_view
from feedback_nlp.reports.sections import (
    ThemeSection,
    TicketSection,
    theme_sections,
    ticket_sections,
    topic_name,
)
from feedback_nlp.reports.served import Service, service
from feedback_nlp.reports.statements import (
    Statement,
    movement_sentence,
    named,
    no_trend,
    summary,
)
from feedback_nlp.reports.trends import Direction, moved, windows
from feedback_nlp.reports.wording import (
    NAME_LENGTH,
    chinese_date,
    chinese_span,
    clip,
    number,
    percent,
)
from feedback_nlp.themes.trend import day_of

THEMES_IN_FULL: Final = 10
"""Themes with their quotes; besides these, every theme that a sentence or a full ticket names."""
TICKETS_IN_FULL: Final = 5
ROWS_SHOWN: Final = 10
"""Rows of the small tables of topics and channels; the rest is one row 其他."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One large number on top of the report."""

    key: str
    label: str
    value: float
    shown: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a small table: a name, a count, its share of all rows."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Page:
    """The report in reading order."""

    title: str
    period: str
    headline: tuple[Figures, ...]
    opinions: str | None
    """How the opinions divide by polarity, where that was corrected."""
    summary: tuple[Statement, ...]
    alerts: tuple[AlertGroup, ...]
    alert_span: str
    """Which days the alerts are of, and what to say where there are none."""
    period_unit: Period
    chart_note: str | None
    rising: tuple[Statement, ...]
    falling: tuple[Statement, ...]
    quiet: str
    """What to say where nothing rises."""
    themes: tuple[ThemeSection, ...]
    rest: tuple[ThemeSection, ...]
    """The other themes, one row and one quote each."""
    tickets: tuple[TicketSection, ...]
    more_tickets: tuple[TicketSection, ...]
    plan: PlanView | None
    fixes: Fixes | None
    week: Week | None
    service: Service | None
    topics: tuple[Row, ...]
    channels: tuple[Row, ...]
    notes: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]


def page(data: ReportData) -> Page:
    """Put the report together."""
    sections, tickets = theme_sections(data), ticket_sections(data)
    names = {topic.code: topic for topic in data.taxonomy.topics}
    told, alerts = summary(data), alert_groups(data)
    rising = _moving(data, Direction.RISING, Direction.NEW)
    falling = _moving(data, Direction.FALLING)
    in_full = {section.theme.id for section in sections[:THEMES_IN_FULL]}
    in_full |= {one.theme_id for one in (*told, *rising, *falling) if one.theme_id is not None}
    in_full |= {view.theme_id for group in alerts for view in group.shown if view.theme_id}
    in_full |= {section.ticket.theme_id for section in tickets[:TICKETS_IN_FULL]}
    return Page(
        title=_title(data),
        period=_period(data),
        headline=_headline(data),
        opinions=opinion_sentence(data),
        summary=told,
        alerts=alerts,
        alert_span=alert_span(data),
        period_unit=period_for(data.weekly_reviews),
        chart_note=_chart_note(data),
        rising=rising,
        falling=falling,
        quiet=no_trend(data) if windows(data) is None else "没有主题明显上升。",
        themes=tuple(section for section in sections if section.theme.id in in_full),
        rest=tuple(section for section in sections if section.theme.id not in in_full),
        tickets=tickets[:TICKETS_IN_FULL],
        more_tickets=tickets[TICKETS_IN_FULL:],
        plan=plan_view(data),
        fixes=fixes(data),
        week=week(data),
        service=service(data),
        topics=_rows(tuple((topic_name(code, names), count) for code, count in data.topics)),
        channels=_rows(data.channels),
        notes=notes(data),
        versions=versions(data),
    )


def _title(data: ReportData) -> str:
    return f"{clip(data.product, NAME_LENGTH)} 用户反馈报告" if data.product else "用户反馈报告"


def _period(data: ReportData) -> str:
    if data.first_review is None or data.run.as_of is None:
        return "评论没有时间" if data.run.reviews else "没有评论"
    span = chinese_span(day_of(data.first_review), day_of(data.run.as_of))
    return f"{span}的评论"


def _headline(data: ReportData) -> tuple[Figures, ...]:
    run, counts = data.run, data.polarity
    return (
        Figures(
            "reviews",
            "评论",
            run.reviews,
            number(run.reviews),
            f"{number(run.opinions)} 条意见"
            + (f"，隔离 {number(run.quarantined)} 条" if run.quarantined else ""),
        ),
        Figures(
            "negative",
            f"{POLARITY['neg']}评论",
            counts.neg,
            _part(counts.neg, counts.total),
            f"{number(counts.neg)} 条；{POLARITY['neu']} {number(counts.neu)}，"
            f"{POLARITY['pos']} {number(counts.pos)}",
        ),
        Figures(
            "themes", "主题", run.themes, number(run.themes), f"{number(run.assigned)} 条意见归入"
        ),
        Figures(
            "unassigned",
            UNASSIGNED,
            run.unassigned,
            _part(run.unassigned, run.candidates),
            f"{number(run.unassigned)} 条负面或建议",
        ),
        Figures(
            "uncertain",
            UNCERTAIN,
            counts.uncertain,
            _part(counts.uncertain, counts.total),
            f"{number(counts.uncertain)} 条评论",
        ),
    )


def _part(count: int, total: int) -> str:
    return percent(count / total) if total else "—"


def _chart_note(data: ReportData) -> str | None:
    """Warn about a first or last bar that is short only because the data begins or ends there."""
    if data.first_review is None or data.run.as_of is None or not data.weekly_reviews:
        return None
    first, last = day_of(data.first_review), day_of(data.run.as_of)
    parts = []
    if period_for(data.weekly_reviews).name == "周":
        if first > data.weekly_reviews[0].week:
            parts.append(f"第一周从 {chinese_date(first)} 开始")
        if last < data.weekly_reviews[-1].week + timedelta(days=6):
            parts.append(f"最后一周只到 {chinese_date(last)}")
    else:
        parts.append(
            f"{chinese_span(first, last)}，最前和最后一段可能不满；每周计入其周一所在的一段"
        )
    return "，".join(parts) + "。" if parts else None


def _moving(data: ReportData, *directions: Direction) -> tuple[Statement, ...]:
    return tuple(
        Statement(named(theme), movement_sentence(move, data), theme.id)
        for theme, move in moved(data, *directions)
    )


def _rows(counts: tuple[tuple[str, int], ...]) -> tuple[Row, ...]:
    total = sum(count for _, count in counts)
    rest = sum(count for _, count in counts[ROWS_SHOWN:])
    shown = [*counts[:ROWS_SHOWN], *([("其他", rest)] if rest else [])]
    return tuple(
        Row(clip(name, NAME_LENGTH), count, count / total) for name, count in shown if count
    )
