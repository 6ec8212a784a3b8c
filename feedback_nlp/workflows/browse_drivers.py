"""Browse drivers: which open themes pull a score down, and by how much. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.answers import NEAR, Answer, scored, touched
from feedback_nlp.satisfaction.drivers import Driver, drivers
from feedback_nlp.satisfaction.estimates import Estimate, estimate
from feedback_nlp.satisfaction.score_trend import between, tally
from feedback_nlp.storage import answers, themes
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse import Page, counting_model

SCORE_DAYS: Final = 91
"""A quarter, as in reach."""
_DAY: Final = timedelta(days=1)
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(9999, 1, 1)
"""A wrong clock must not lead out of the calendar."""


@dataclass(frozen=True, slots=True)
class NamedDriver:
    """A driver and the name of its theme."""

    driver: Driver
    theme_name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The drivers of which metric, over how many days."""

    metric: Metric = Metric.NPS
    days: int = SCORE_DAYS


@dataclass(frozen=True, slots=True)
class DriverPage:
    """A part of the themes that touch a score, the worst first, and the score of all answers."""

    metric: Metric
    first: date | None
    last: date | None
    score: Estimate | None
    drivers: tuple[NamedDriver, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OpenThemes:
    """The names of the open themes, and the reviews that speak of them; both by theme id."""

    names: Mapping[str, str]
    reviews: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Heard:
    """The answers of some days, and which of them touch each open theme."""

    answers: tuple[Answer, ...]
    touching: Mapping[str, frozenset[str]]
    names: Mapping[str, str]


def list_drivers(
    session: Session, workspace: str, page: Page, wanted: Wanted = Wanted(), *, model: str
) -> DriverPage:
    """Return the open themes that any answer of the last days touches, the worst first."""
    last, metric = answers.newest_day(session, workspace), wanted.metric
    if last is None:
        return DriverPage(metric, None, None, None, (), 0)
    first = days_before(last, wanted.days - 1)
    counted_by = counting_model(session, workspace, model=model)
    found = read_near(session, workspace, first, last, model=counted_by)
    known = open_themes(session, workspace)
    score = estimate(metric, between(tally_of(found, metric), first, last))
    ordered = worst_first(hear(found, known, (first, last)), metric)
    return DriverPage(metric, first, last, score, tuple(ordered[page.part]), len(ordered))


def open_themes(session: Session, workspace: str) -> OpenThemes:
    """Return the open themes."""
    known = themes.every(session, workspace)
    return OpenThemes(
        {theme.id: theme.name for theme in known},
        {theme.id: frozenset(review for review, _ in theme.members) for theme in known},
    )


def read_near(
    session: Session, workspace: str, first: date, last: date, *, model: str
) -> list[Answer]:
    """Return the answers from `first` to `last`, and those near enough to explain them."""
    begin, end = days_before(first, NEAR.days), min(last, _LATEST) + NEAR
    return answers.answers(session, workspace, model=model, first=begin, last=end)


def hear(found: Sequence[Answer], known: OpenThemes, days: tuple[date, date]) -> Heard:
    """Take the answers of these days; those around them only explain them."""
    first, last = days
    of_days = tuple(answer for answer in found if first <= day_of(answer.at) <= last)
    return Heard(of_days, touched(found, known.reviews), known.names)


def worst_first(heard: Heard, metric: Metric) -> list[NamedDriver]:
    """Return the drivers of a metric that any answer touches, those that harm it most first."""
    found = drivers(scored(heard.answers, metric), heard.touching, metric)
    touching = [driver for driver in found.values() if driver.answers]
    touching.sort(key=lambda driver: (-driver.drop, driver.theme_id))
    return [NamedDriver(driver, heard.names[driver.theme_id]) for driver in touching]


def harmful(heard: Heard, metric: Metric) -> list[NamedDriver]:
    """Return those of the drivers without whose themes the score would be better."""
    return [each for each in worst_first(heard, metric) if each.driver.drop > 0]


def tally_of(found: Sequence[Answer], metric: Metric) -> dict[date, dict[float, int]]:
    """Count the scores of a metric per day."""
    given = ((answer.at, answer.score(metric)) for answer in found)
    return tally((day_of(at), score) for at, score in given if score is not None)


def days_before(day: date, days: int) -> date:
    """Return the day so many days before, at the earliest one that is stored and compared."""
    return max(day, _EARLIEST + _DAY * days) - _DAY * days
