"""Rates of themes: stored counts -> how often each came up in each week. Reads only."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Denominator, Rate, Theme, Voice
from feedback_nlp.storage import annotations, exposure, heard
from feedback_nlp.themes.rates import (
    DAY,
    Bases,
    ThemeDays,
    daily_rates,
    theme_days,
    weekly_rates,
)
from feedback_nlp.workflows.browse import counting_model, find_theme

Rates = dict[str, tuple[Rate, ...]]
MOST_DAYS: Final = 366


class Step(StrEnum):
    """How long each part of a trend is."""

    DAY = "day"
    WEEK = "week"


def bases(session: Session, workspace: str, *, model: str) -> Bases:
    """Return what counts per day are divided by; exposure of the days that reviews are from."""
    counts = heard.reviews_per_day(session, workspace, model=model)
    if not counts:
        return Bases({})
    known = exposure.per_day(session, workspace, first=min(counts), last=max(counts))
    return Bases(counts, known or None)


def days_of(themes: Iterable[Theme], voices: Iterable[Voice]) -> list[ThemeDays]:
    """Return the counts per day of each theme, of those members that are among `voices`."""
    said = {(voice.review_id, voice.start): voice for voice in voices}
    return [
        theme_days(theme.id, theme.name, [said[place] for place in theme.members if place in said])
        for theme in themes
    ]


def rates_by_week(themes: Sequence[ThemeDays], counted: Bases) -> Rates:
    """Return each theme's rate in every week of the data, by theme id; empty without dates.

    万投比 when the exposure of every day is known, otherwise shares of the reviews: numbers that
    stand side by side have the same denominator.
    """
    if not counted.reviews:
        return {}
    first, last = min(counted.reviews), max(counted.reviews)
    return {theme.id: _rates(theme, counted, first, last) for theme in themes}


def trend_of(
    session: Session, workspace: str, theme_id: str, *, step: Step, days: int, model: str
) -> tuple[Rate, ...]:
    """Return a theme's rate on each of the last days of the data, or in each of their weeks.

    All have the same denominator; empty without dates. Counted as in `rates_of`.

    Raises:
        NotFoundError: no theme has this id.
    """
    theme = find_theme(session, workspace, theme_id).theme
    counting, counted = _counted(session, workspace, [theme], model=model)
    if not counted.reviews:
        return ()
    last = max(counted.reviews)
    first = max(min(counted.reviews), last - DAY * (days - 1))
    return _rates(counting[0], counted, first, last, step)


def _rates(
    theme: ThemeDays, counted: Bases, first: date, last: date, step: Step = Step.WEEK
) -> tuple[Rate, ...]:
    rate = weekly_rates if step is Step.WEEK else daily_rates
    rates = rate(theme, counted, first=first, last=last)
    if {each.denominator for each in rates} == {Denominator.EXPOSURE}:
        return rates
    return rate(theme, Bases(counted.reviews), first=first, last=last)


def rates_of(session: Session, workspace: str, themes: Sequence[Theme], *, model: str) -> Rates:
    """Return the weekly rates of these themes.

    Counted by the model of the latest run, whose opinions the themes are made of; `model` stands
    in while there was none.
    """
    return rates_by_week(*_counted(session, workspace, themes, model=model))


def _counted(
    session: Session, workspace: str, themes: Sequence[Theme], *, model: str
) -> tuple[list[ThemeDays], Bases]:
    counted_by = counting_model(session, workspace, model=model)
    places = {place for theme in themes for place in theme.members}
    voices = annotations.voices_at(session, workspace, places, model=counted_by)
    return days_of(themes, voices), bases(session, workspace, model=counted_by)
