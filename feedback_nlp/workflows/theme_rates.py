"""Rates of themes: stored counts -> how often each came up in each week. Reads only."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from feedback_nlp.records import Denominator, Rate, Theme, Voice
from feedback_nlp.storage import annotations, exposure, heard, runs
from feedback_nlp.themes.rates import Bases, ThemeDays, theme_days, weekly_rates

Rates = dict[str, tuple[Rate, ...]]


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


def _rates(theme: ThemeDays, counted: Bases, first: date, last: date) -> tuple[Rate, ...]:
    rates = weekly_rates(theme, counted, first=first, last=last)
    if {rate.denominator for rate in rates} == {Denominator.EXPOSURE}:
        return rates
    return weekly_rates(theme, Bases(counted.reviews), first=first, last=last)


def rates_of(session: Session, workspace: str, themes: Sequence[Theme], *, model: str) -> Rates:
    """Return the weekly rates of these themes.

    Counted by the model of the latest run, whose opinions the themes are made of; `model` stands
    in while there was none.
    """
    run = runs.latest(session, workspace)
    counted_by = run.model if run else model
    places = {place for theme in themes for place in theme.members}
    voices = annotations.voices_at(session, workspace, places, model=counted_by)
    counted = bases(session, workspace, model=counted_by)
    return rates_by_week(days_of(themes, voices), counted)
