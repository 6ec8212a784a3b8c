"""Report data at the edges: nothing at all, hostile texts, years of many themes."""

from dataclasses import replace
from datetime import timedelta

from report_sample import EMPTY_RUN, TAXONOMY, moment, monday, sample

from feedback_nlp.records import Quote, Review, WeekCount
from feedback_nlp.reports.content import PolarityCounts, ReportData

EMPTY = ReportData(EMPTY_RUN, TAXONOMY, (), (), (), PolarityCounts())
HOSTILE = '<script>alert("跑")</script><img src=x onerror=1>&amp;|*`'


YEARS = 3
MANY = 15


def hostile() -> ReportData:
    """Every text that came from outside is long, foreign or dangerous."""
    data = sample()
    names = (
        HOSTILE,
        "=cmd|' /C calc'!A0" + "很长的名字" * 60,
        "\u202eشكراً جزيلا\u2067 反向文字",
        "👨‍👩‍👧‍👦🇨🇳" * 30,
        "W" * 300,
        "-2+3",
    )
    quote = Quote("r<1>", 0, 9, HOSTILE + "没有空格的一长串" * 40 + "x" * 400)
    themes = tuple(
        replace(theme, name=name, quotes=(quote, *theme.quotes), keywords=(name, "<b>"))
        for theme, name in zip(data.themes, names, strict=True)
    )
    tickets = tuple(
        replace(
            ticket,
            title=name,
            problem=HOSTILE + name,
            evidence=(quote,),
            department="@部门",
            resources="\t制表",
            acceptance="＝全角",
        )
        for ticket, name in zip(data.tickets, names, strict=True)
    )
    source = Review(id="r<1>", channel=HOSTILE, text=quote.text, version="<i>9", likes=2_000_000)
    return replace(
        data,
        themes=themes,
        tickets=tickets,
        sources=(*data.sources, source),
        channels=((HOSTILE, 5), ("c" * 300, 4)),
        product=HOSTILE,
    )


def undated() -> ReportData:
    """The same reviews without any time."""
    data = sample()
    return replace(
        data,
        run=replace(data.run, as_of=None),
        themes=tuple(
            replace(theme, first_seen=None, last_seen=None, trend=()) for theme in data.themes
        ),
        weekly_reviews=(),
        weekly_negative=(),
        sources=tuple(replace(review, created_at=None) for review in data.sources),
        first_review=None,
        undated=data.run.reviews,
    )


def one_week() -> ReportData:
    """Only the last week of the data."""
    data = sample()
    return replace(
        data,
        themes=tuple(replace(theme, trend=theme.trend[-1:]) for theme in data.themes),
        weekly_reviews=data.weekly_reviews[-1:],
        weekly_negative=data.weekly_negative[-1:],
        first_review=moment(9, 0),
    )


def years_of_many_themes() -> ReportData:
    """Fifteen themes over three years, without tickets."""
    data = sample()
    weeks = [monday(0) - timedelta(weeks=back) for back in range(52 * YEARS, -10, -1)]
    trend = tuple(WeekCount(week, place % 7) for place, week in enumerate(weeks))
    themes, priorities = [], []
    for place in range(MANY):
        theme = data.themes[place % len(data.themes)]
        name = f"T-{place + 100}"
        themes.append(replace(theme, id=name, trend=trend))
        priorities.append(replace(data.priorities[place % len(data.themes)], theme_id=name))
    weekly = tuple(WeekCount(entry.week, entry.count * MANY + 9) for entry in trend)
    return replace(
        data,
        run=replace(data.run, themes=MANY, tickets=0),
        themes=tuple(themes),
        priorities=tuple(priorities),
        tickets=(),
        weekly_reviews=weekly,
        weekly_negative=trend,
        first_review=moment(-52 * YEARS, 0),
    )
