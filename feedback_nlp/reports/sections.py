"""The report as sections ready to print: HTML and Markdown say the same because both read these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from feedback_nlp.names import LANE, MISSING, QUADRANT
from feedback_nlp.records import Priority, Quote, Review, Theme, Ticket, Topic
from feedback_nlp.reports.content import ReportData, rounded
from feedback_nlp.reports.statements import movement_sentence
from feedback_nlp.reports.trends import Movement, movement, peak
from feedback_nlp.reports.wording import QUOTE_LENGTH, clip, number, percent
from feedback_nlp.themes.trend import day_of

QUOTES_SHOWN: Final = 5
VALUES_SHOWN: Final = 3
KNOWN_ENOUGH: Final = 0.5
"""A breakdown is shown when at least this share of the theme's opinions carries the value."""
REASONS: Final = {
    "reach": "触达",
    "impact": "影响",
    "confidence": "信心",
    "effort": "投入",
    "score": "得分",
    "strategy": "战略",
    "top3": "名次",
    "board": "评审",
}
"""Chinese names of the numbers that have a reason; the last three are shown where there is one."""
_REASON_OF: Final = {"top3": "order"}
"""Where the reason has another key than the number."""
_ALWAYS: Final = ("reach", "impact", "confidence", "effort", "score")
_DIMENSIONS: Final[Mapping[str, Callable[[Theme], tuple[tuple[str, int], ...]]]] = {
    "版本": lambda theme: theme.by_version,
    "渠道": lambda theme: theme.by_channel,
    "地区": lambda theme: theme.by_region,
}


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Original words with where they come from."""

    anchor: str
    review_id: str
    text: str
    origin: tuple[str, ...]
    """Date, channel, version, stars and likes, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One factor of RICE: what it is, its value, and why it has this value."""

    key: str
    name: str
    value: float
    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class ThemeSection:
    """One theme as it is printed."""

    rank: int
    theme: Theme
    topic: str
    move: Movement
    trend: str
    seen: str | None
    breakdowns: tuple[tuple[str, str], ...]
    quotes: tuple[QuoteView, ...]
    priority: Priority
    figures: tuple[Figure, ...]
    ticket_id: str | None


@dataclass(frozen=True, slots=True)
class TicketSection:
    """One ticket as it is printed."""

    ticket: Ticket
    lane: str
    quadrant: str
    priority: Priority
    figures: tuple[Figure, ...]
    evidence: tuple[tuple[str, str], ...]
    """(review id, anchor of the quote or of the theme it stands in)."""


def theme_sections(data: ReportData) -> tuple[ThemeSection, ...]:
    """Return every theme in RICE order."""
    reviews = data.reviews_by_id
    topics = {topic.code: topic for topic in data.taxonomy.topics}
    tickets = {ticket.theme_id: ticket.id for ticket in data.tickets}
    varied = _varied(data.themes)
    sections = []
    for rank, (theme, exact) in enumerate(zip(data.themes, data.priorities, strict=True), 1):
        move, priority = movement(theme, data), rounded(exact)
        sections.append(
            ThemeSection(
                rank,
                theme,
                topic_name(theme.topic, topics),
                move,
                movement_sentence(move, data),
                _seen(theme),
                (*_peak(theme), *_breakdowns(theme, varied)),
                _quotes(theme, reviews),
                priority,
                figures(priority),
                tickets.get(theme.id),
            )
        )
    return tuple(sections)


def ticket_sections(data: ReportData) -> tuple[TicketSection, ...]:
    """Return every ticket, best first."""
    anchors = {
        (quote.review_id, quote.start): (theme.id, _anchor(theme, place))
        for theme in data.themes
        for place, quote in enumerate(theme.quotes[:QUOTES_SHOWN], 1)
    }
    return tuple(
        TicketSection(
            ticket,
            LANE.get(ticket.lane, ticket.lane),
            QUADRANT.get(ticket.priority.quadrant or "", ""),
            rounded(ticket.priority),
            figures(rounded(ticket.priority)),
            tuple(_evidence(quote, ticket, anchors) for quote in ticket.evidence),
        )
        for ticket in data.tickets
    )


def topic_name(code: str, topics: Mapping[str, Topic]) -> str:
    """Return `功能性能 · 闪退故障`, or the code itself when the taxonomy does not know it."""
    topic = topics.get(code)
    return code if topic is None else f"{topic.group_name} · {topic.name}"


def figures(priority: Priority) -> tuple[Figure, ...]:
    """Return the factors of RICE and the score, each with its reason."""
    reasons = {"score": _formula(priority)} | dict(priority.reasons)
    shown = {
        "reach": f"{number(priority.reach)} 位/季度",
        "impact": number(priority.impact),
        "confidence": percent(priority.confidence),
        "effort": f"{number(priority.effort)} 人月",
        "score": f"{number(priority.score)}（80% 区间 {interval(priority)}）",
        "strategy": f"× {number(priority.strategy)}",
        "top3": f"前 3 的可能 {percent(priority.top3)}",
        "board": number(priority.board or 0.0),
    }
    return tuple(
        Figure(key, name, float(getattr(priority, key) or 0.0), shown[key], reason)
        for key, name in REASONS.items()
        if (reason := reasons.get(_REASON_OF.get(key, key), "")) or key in _ALWAYS
    )


def _formula(priority: Priority) -> str:
    return (
        f"触达 {number(priority.reach)} × 影响 {number(priority.impact)} × "
        f"信心 {percent(priority.confidence)} ÷ 投入 {number(priority.effort)} 人月"
    )


def interval(priority: Priority) -> str:
    """Return `5.2—12.1`."""
    return f"{number(priority.low)}—{number(priority.high)}"


def _evidence(
    quote: Quote, ticket: Ticket, anchors: Mapping[tuple[str, int], tuple[str, str]]
) -> tuple[str, str]:
    theme_id, anchor = anchors.get((quote.review_id, quote.start), ("", ""))
    return quote.review_id, anchor if theme_id == ticket.theme_id else ticket.theme_id


def _quotes(theme: Theme, reviews: Mapping[str, Review]) -> tuple[QuoteView, ...]:
    return tuple(
        QuoteView(
            _anchor(theme, place),
            quote.review_id,
            clip(quote.text, QUOTE_LENGTH),
            origin(reviews.get(quote.review_id)),
        )
        for place, quote in enumerate(theme.quotes[:QUOTES_SHOWN], 1)
    )


def _anchor(theme: Theme, place: int) -> str:
    return f"{theme.id}-q{place}"


def origin(review: Review | None) -> tuple[str, ...]:
    """Return date, channel, version, stars and likes of a review, as far as they are known."""
    if review is None:
        return ()
    parts = (
        day_of(review.created_at).isoformat() if review.created_at else None,
        review.channel,
        f"版本 {review.version}" if review.version else None,
        f"{number(review.rating)} 星" if review.rating is not None else None,
        f"{number(review.likes)} 赞" if review.likes else None,
    )
    return tuple(part for part in parts if part)


def _seen(theme: Theme) -> str | None:
    if theme.first_seen is None or theme.last_seen is None:
        return None
    first, last = day_of(theme.first_seen), day_of(theme.last_seen)
    return _day(first) if first == last else f"{_day(first)} 至 {_day(last)}"


def _day(day: date) -> str:
    return day.isoformat()


def _peak(theme: Theme) -> tuple[tuple[str, str], ...]:
    top = peak(theme)
    if top is None:
        return ()
    share = percent(top.count / sum(entry.count for entry in theme.trend))
    return (("高峰", f"{_day(top.week)} 起的一周，{number(top.count)} 条（{share}）"),)


def _breakdowns(theme: Theme, varied: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    rows = []
    for name in varied:
        counts = _DIMENSIONS[name](theme)
        known = sum(count for value, count in counts if value)
        if known and known >= KNOWN_ENOUGH * theme.count:
            rows.append((name, _listed(counts, theme.count)))
    return tuple(rows)


def _varied(themes: tuple[Theme, ...]) -> tuple[str, ...]:
    """Name the dimensions in which the themes have more than one value: others tell nothing."""
    return tuple(
        name
        for name, counts in _DIMENSIONS.items()
        if len({value for theme in themes for value, _ in counts(theme) if value}) > 1
    )


def _listed(counts: tuple[tuple[str, int], ...], total: int) -> str:
    named = [(value, count) for value, count in counts if value]
    missing = sum(count for value, count in counts if not value)
    rest = sum(count for _, count in named[VALUES_SHOWN:])
    rows = [*named[:VALUES_SHOWN], *([("其他", rest)] if rest else [])]
    rows += [(MISSING, missing)] if missing else []
    return "、".join(
        f"{clip(value, 24)} {number(count)} 条（{percent(count / total)}）" for value, count in rows
    )
