"""Charts as SVG: Altair -> Vega-Lite -> vl-convert, without network.

Legends are not drawn here but written in the page, where names wrap and can be selected; the
pictures hold digits only, so they look the same whatever fonts a machine has. Each chart comes
twice: drawn for a desk and for a phone. The style sheet shows the one that fits and recolours
it for dark screens by the colour constants below.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import altair as alt
import vl_convert
from markupsafe import Markup

from feedback_nlp.records import Theme
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.periods import Period, gathered, period_for

VEGA_LITE: Final = "6.4"
FONTS: Final = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
NEGATIVE: Final = "#c2453d"
OTHER: Final = "#b9c6d2"
LINES: Final = (("#1d5fa6", (1, 0)), ("#b26a00", (7, 4)), ("#5d6b2f", (2, 3)))
"""Colour and dashes of the three theme lines: told apart without seeing colours."""
INK: Final = "#5b6773"
GRID: Final = "#e4e9ee"
PADDING: Final = (44, 20, 14, 28)
"""Left, right, top, bottom."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a drawing in its own units, its letters and its number of labels."""

    name: str
    width: int
    bars: int
    lines: int
    font: int
    labels: int


SIZES: Final = (Size("wide", 920, 210, 150, 13, 14), Size("narrow", 340, 150, 120, 14, 5))


def review_chart(data: ReportData) -> tuple[tuple[str, Markup], ...]:
    """Draw negative and other reviews per week, stacked: (size name, SVG) per size."""
    period = period_for(data.weekly_reviews)
    negative = dict(gathered(data.weekly_negative, period))
    days = gathered(data.weekly_reviews, period)
    rows = [
        {"day": day.isoformat(), "count": count, "part": part, "order": order}
        for day, total in days
        for part, order, count in (
            ("neg", 0, negative.get(day, 0)),
            ("other", 1, total - negative.get(day, 0)),
        )
    ]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            y=_count_axis(),
            color=alt.Color("part:N")
            .scale(domain=["neg", "other"], range=[NEGATIVE, OTHER])
            .legend(None),
            order=alt.Order("order:Q"),
        )
    )
    return _drawn(chart, [day for day, _ in days], period, "bars")


def theme_chart(data: ReportData, themes: Sequence[Theme]) -> tuple[tuple[str, Markup], ...]:
    """Draw opinions per week of up to three themes as lines: (size name, SVG) per size."""
    period = period_for(data.weekly_reviews)
    shown = list(zip(themes, LINES, strict=False))
    rows = [
        {"day": day.isoformat(), "count": count, "theme": theme.id}
        for theme, _ in shown
        for day, count in gathered(theme.trend, period)
    ]
    ids = [theme.id for theme, _ in shown]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2.2, strokeJoin="round")
        .encode(
            y=_count_axis(),
            color=alt.Color("theme:N")
            .scale(domain=ids, range=[line[0] for line in LINES[: len(ids)]])
            .legend(None),
            strokeDash=alt.StrokeDash("theme:N")
            .scale(domain=ids, range=[list(line[1]) for line in LINES[: len(ids)]])
            .legend(None),
        )
    )
    return _drawn(chart, [day for day, _ in gathered(data.weekly_reviews, period)], period, "lines")


def _count_axis() -> alt.Y:
    axis = alt.Axis(tickCount=4, format=",d", tickMinStep=1, domain=False, ticks=False)
    return alt.Y("count:Q").axis(axis).title(None)


def _drawn(
    chart: alt.Chart, days: Sequence[date], period: Period, kind: str
) -> tuple[tuple[str, Markup], ...]:
    return tuple(
        (size.name, _svg(chart, [(day.isoformat(), period.label(day)) for day in days], size, kind))
        for size in SIZES
    )


def _svg(chart: alt.Chart, days: Sequence[tuple[str, str]], size: Size, kind: str) -> Markup:
    """Fix every measure, so that no font metric decides where something stands."""
    step = -(-len(days) // size.labels)
    axis = alt.Axis(
        values=[day for day, _ in days[::-1][::step]],
        labelExpr=f"{json.dumps(dict(days))}[datum.value]",
        labelAngle=0,
        labelOverlap=False,
        labelPadding=6,
        ticks=False,
    )
    scale = alt.Scale(type="band", domain=[day for day, _ in days], paddingInner=0.22)
    left, right, top, bottom = PADDING
    specification = (
        chart.encode(x=alt.X("day:O").axis(axis).scale(scale).title(None))
        .properties(
            width=size.width - left - right,
            height=size.bars if kind == "bars" else size.lines,
            padding={"left": left, "right": right, "top": top, "bottom": bottom},
            autosize="none",
            background="transparent",
        )
        .configure(font=FONTS, aria=False)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=size.font, labelColor=INK, gridColor=GRID, domainColor=INK)
        .to_dict()
    )
    return Markup(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE))  # noqa: S704
