"""预警 as it is printed: what a person should hear of first, grouped by why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from feedback_nlp.names import ALERT
from feedback_nlp.records import Alert, AlertKind, Quote, Review, Theme
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.sections import QuoteView, origin
from feedback_nlp.reports.statements import named
from feedback_nlp.reports.wording import QUOTE_LENGTH, chinese_date, clip, number
from feedback_nlp.themes.trend import day_of

ALERT_DAYS: Final = 7
"""Days up to the newest review, that one included; what was said earlier is not news."""
SHOWN: Final = 5
"""Alerts of one kind in full; the others are counted, and all are in `themes.json`."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert as it is printed."""

    label: str
    """The theme's name, or what a review speaks of."""
    when: str
    is_new: bool
    text: str
    """The figures; empty where the label says all."""
    theme_id: str | None
    quotes: tuple[QuoteView, ...]
    """The words that raised it, or those the theme is shown with."""


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """All alerts of one kind, new ones first."""

    name: str
    total: int
    shown: tuple[AlertView, ...]
    more: str | None
    """What is said of the others."""


def alert_groups(data: ReportData) -> tuple[AlertGroup, ...]:
    """Return the alerts by kind, in the order of the kinds."""
    themes = {theme.id: theme for theme in data.themes}
    groups = []
    for kind in AlertKind:
        found = sorted(
            (alert for alert in data.alerts if alert.kind is kind),
            key=lambda alert: (-alert.day.toordinal(), -alert.last.toordinal(), alert.key),
        )
        if found:
            shown = tuple(_view(alert, themes, data) for alert in found[:SHOWN])
            groups.append(AlertGroup(ALERT[kind], len(found), shown, _more(len(found))))
    return tuple(groups)


def alert_span(data: ReportData) -> str:
    """Say which days the section is about, and that there is nothing where that is so."""
    days = f"最近 {ALERT_DAYS} 天"
    if data.alerts_as_of is not None:
        days += f"（到{chinese_date(data.alerts_as_of)}）"
    if not data.alerts:
        return f"{days}没有预警。"
    return f"{days}里突然变多的主题、新出现的主题，以及提到安全、未成年人、法律或曝光的评论。"


def _more(total: int) -> str | None:
    if total <= SHOWN:
        return None
    return f"另有 {number(total - SHOWN)} 条，用 feedback-nlp alerts 查看，也在 themes.json 里。"


def _view(alert: Alert, themes: Mapping[str, Theme], data: ReportData) -> AlertView:
    theme, reviews = themes.get(alert.subject), data.reviews_by_id
    quotes = alert.quotes if theme is None else _evidence(alert, theme, reviews)
    return AlertView(
        label=alert_text(alert).removesuffix("。") if theme is None else named(theme),
        when=alert_when(alert),
        is_new=alert.day == data.alerts_as_of,
        text="" if theme is None else alert_text(alert),
        theme_id=None if theme is None else theme.id,
        quotes=tuple(
            QuoteView(
                "",
                quote.review_id,
                clip(quote.text, QUOTE_LENGTH),
                origin(reviews.get(quote.review_id)),
            )
            for quote in quotes
        ),
    )


def _evidence(alert: Alert, theme: Theme, reviews: Mapping[str, Review]) -> tuple[Quote, ...]:
    """Return one of the theme's quotes, from the days of the spike if there is one."""
    days = 1 if alert.spike is None else alert.spike.window_days
    since = alert.last - timedelta(days=days - 1)
    ours = tuple(
        quote
        for quote in theme.quotes
        if (source := reviews.get(quote.review_id))
        and source.created_at
        and since <= day_of(source.created_at) <= alert.last
    )
    return (ours or theme.quotes)[:1]


def alert_text(alert: Alert) -> str:
    """Return the sentence of an alert as it stands where its kind has been said."""
    return alert.reason.removeprefix(f"{ALERT[alert.kind]}：") + "。"


def alert_when(alert: Alert) -> str:
    """Say since when it holds and until when it held."""
    if alert.day == alert.last:
        return alert.day.isoformat()
    return f"{alert.day.isoformat()} 起，{alert.last.isoformat()} 仍在"
