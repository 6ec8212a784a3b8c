"""Weekly rates of themes: 万投比 where all exposure is known, else shares of the reviews."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from builders import NOW
from callers import with_key
from desk import Desk
from fastapi.testclient import TestClient
from storage_samples import annotation, quarantined, review, theme

from api.app import create_app
from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import CHINA, Denominator, Exposure, Rate, Review
from feedback_nlp.settings import Settings
from feedback_nlp.storage import annotations, exposure, quarantine, reviews, themes
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.theme_rates import MOST_DAYS, Step, rates_of, trend_of

MODEL = "model/1"
HOME = "default"
MONDAY = date(2026, 3, 2)
DAYS = 14


def written(day: int, place: int) -> Review:
    at = datetime.combine(MONDAY + timedelta(days=day), time(9 + place), CHINA)
    return review(f"r{day}-{place}", "闪退了", created_at=at)


@pytest.fixture
def stored(target: Target) -> Target:
    """Two weeks of four reviews a day; the theme has one on each of three days."""
    found = [written(day, place) for day in range(DAYS) for place in range(4)]
    places = [(f"r{day}-0", 0) for day in (0, 1, 9)]
    with transaction(target.engine) as session:
        reviews.add(session, HOME, found, now=NOW)
        annotations.add(session, HOME, [annotation(each, model=MODEL) for each in found])
        themes.save(session, HOME, [theme("T-0001", *places)], now=NOW)
    return target


def rates(target: Target) -> tuple[Rate, ...]:
    with reading(target.engine) as session:
        known = themes.every(session, HOME)
        return rates_of(session, HOME, known, model=MODEL)["T-0001"]


def expose(target: Target, days: int) -> None:
    rows = [Exposure(MONDAY + timedelta(days=day), orders=1_000) for day in range(days)]
    with transaction(target.engine) as session:
        exposure.add(session, HOME, rows, now=NOW)


def test_without_exposure_rates_are_shares_of_the_reviews(stored: Target) -> None:
    assert rates(stored) == (
        Rate(MONDAY, 2, 28, Denominator.REVIEWS, 2 / 28),
        Rate(MONDAY + timedelta(days=7), 1, 28, Denominator.REVIEWS, 1 / 28),
    )


def test_with_exposure_rates_are_per_ten_thousand(stored: Target) -> None:
    expose(stored, DAYS)
    told = rates(stored)
    assert [(rate.denominator, rate.base) for rate in told] == [(Denominator.EXPOSURE, 7_000)] * 2
    assert [rate.value for rate in told] == pytest.approx([20 / 7, 10 / 7])


def test_one_day_without_exposure_makes_all_weeks_shares(stored: Target) -> None:
    expose(stored, DAYS - 1)
    assert {rate.denominator for rate in rates(stored)} == {Denominator.REVIEWS}


def test_reviews_that_are_held_are_no_denominator(stored: Target) -> None:
    with transaction(stored.engine) as session:
        held = [quarantined(f"r0-{place}") for place in (1, 2, 3)]
        quarantine.replace(session, HOME, held, now=NOW)
    assert rates(stored)[0].base == 25


def test_file_and_interface_tell_the_same_rates(finished: Desk) -> None:
    document = json.loads((finished.out / "themes.json").read_text("utf-8"))
    told = {each["id"]: (each["denominator"], each["trend"]) for each in document["themes"]}
    app = create_app(
        Settings(database_url=finished.url), finished.classifier, taxonomy=finished.taxonomy
    )
    with TestClient(app) as client:
        with_key(client)
        listed = client.get("/v1/themes").json()["themes"]
        alone = client.get(f"/v1/themes/{listed[0]['id']}").json()
    shown = {each["id"]: (each["denominator"], each["trend"]) for each in listed}
    assert shown == told
    assert (alone["denominator"], alone["trend"]) == told[alone["id"]]
    assert {denominator for denominator, _ in told.values()} == {"reviews"}
    assert all(week["rate"] is not None for _, trend in told.values() for week in trend)
    assert any(week["rate"] > 0 for _, trend in told.values() for week in trend)


def test_a_trend_counts_days_back_from_the_last_one(stored: Target) -> None:
    with reading(stored.engine) as session:
        found = trend_of(session, HOME, "T-0001", step=Step.DAY, days=6, model=MODEL)
    begin = MONDAY + timedelta(days=DAYS - 6)
    assert [rate.start for rate in found] == [begin + timedelta(days=n) for n in range(6)]
    assert [rate.count for rate in found] == [0, 1, 0, 0, 0, 0]
    assert {(rate.base, rate.denominator) for rate in found} == {(4, Denominator.REVIEWS)}


def test_a_trend_by_week_is_that_of_the_theme(stored: Target) -> None:
    expose(stored, DAYS)
    with reading(stored.engine) as session:
        found = trend_of(session, HOME, "T-0001", step=Step.WEEK, days=MOST_DAYS, model=MODEL)
    assert found == rates(stored)
    assert {rate.denominator for rate in found} == {Denominator.EXPOSURE}


def test_nothing_has_no_trend(target: Target) -> None:
    with transaction(target.engine) as session:
        themes.save(session, HOME, [theme("T-0001")], now=NOW)
    with reading(target.engine) as session:
        assert trend_of(session, HOME, "T-0001", step=Step.DAY, days=9, model=MODEL) == ()
        with pytest.raises(NotFoundError, match="T-0009"):
            trend_of(session, HOME, "T-0009", step=Step.DAY, days=9, model=MODEL)
