"""Scores in questionnaires and reviews: each once, ours only, of those that count."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, NOW, annotation, correction, labels, quarantined, review

from feedback_nlp.records import Competitor, Metric, PlainLabels, Polarity, Review, SurveyAnswer
from feedback_nlp.satisfaction.answers import Answer
from feedback_nlp.storage import (
    annotations,
    answers,
    competitors,
    label_corrections,
    quarantine,
    reviews,
    surveys,
)
from feedback_nlp.storage.database import transaction

DAY = NOW.date()
THEIRS = Competitor("别家", "小李", NOW, "竞品")


def survey(key: str = "S-1", **fields: object) -> SurveyAnswer:
    return SurveyAnswer(key, "问卷", **{"answered_at": NOW, "nps": 9, "csat": 5} | fields)  # type: ignore[arg-type]


def written(key: str = "R-1", **fields: object) -> Review:
    return review(key, **{"created_at": NOW} | fields)  # type: ignore[arg-type]


def read(session: Session, first: date = DAY, last: date = DAY) -> dict[str, Answer]:
    found = answers.answers(session, HOME, model=MODEL, first=first, last=last)
    assert len({answer.id for answer in found}) == len(found)
    return {answer.id: answer for answer in found}


def scores(found: dict[str, Answer]) -> dict[str, tuple[float | None, ...]]:
    return {key: tuple(answer.score(metric) for metric in Metric) for key, answer in found.items()}


def test_every_field_comes_back(engine: Engine) -> None:
    fields: dict[str, Any] = {
        "product": "到家",
        "version": "3.2",
        "region": "广东",
        "author_id": "u1",
    }
    with transaction(engine) as session:
        surveys.add(session, HOME, [survey(author_tier="A", review_id="R-9", **fields)], now=NOW)
        one = written(rating=2.5, nps=3, csat=2, author_tier="B", **fields)
        reviews.add(session, HOME, [one], now=NOW)
        assert read(session) == {
            "S-1": Answer(
                "S-1", NOW, nps=9, csat=5, review_id="R-9", is_survey=True, tier="A", **fields
            ),
            "R-1": Answer(
                "R-1", NOW, nps=3, csat=2, rating=2.5, review_id="R-1", tier="B", **fields
            ),
        }


def test_a_questionnaire_and_its_open_text_count_once(engine: Engine) -> None:
    """The import stores the scores in both."""
    with transaction(engine) as session:
        surveys.add(session, HOME, [survey(review_id="R-1")], now=NOW)
        reviews.add(session, HOME, [written(nps=9, csat=5, rating=4)], now=NOW)
        assert scores(read(session)) == {
            "S-1": (9, 5, None, None),
            "R-1": (None, None, 4, None),
        }


def test_the_review_leaves_its_scores_to_a_questionnaire_of_another_day(engine: Engine) -> None:
    with transaction(engine) as session:
        earlier = NOW - timedelta(days=40)
        surveys.add(session, HOME, [survey(review_id="R-1", answered_at=earlier)], now=NOW)
        reviews.add(session, HOME, [written(nps=9)], now=NOW)
        assert scores(read(session)) == {"R-1": (None, None, None, None)}


def test_days_are_those_of_china_and_both_ends_count(engine: Engine) -> None:
    midnight = NOW.replace(hour=16, minute=0)  # 00:00 of the next day in China
    times = {
        "before": midnight - timedelta(days=1, microseconds=1),
        "first": midnight - timedelta(days=1),
        "last": midnight - timedelta(microseconds=1),
        "after": midnight,
    }
    with transaction(engine) as session:
        made = [survey(key, answered_at=at) for key, at in times.items()]
        surveys.add(session, HOME, [*made, survey("never", answered_at=None)], now=NOW)
        reviews.add(
            session, HOME, [written(f"R-{k}", created_at=t) for k, t in times.items()], now=NOW
        )
        assert list(read(session)) == ["first", "R-first", "last", "R-last"]


def test_polarity_is_that_of_the_present_text_as_people_see_it(engine: Engine) -> None:
    with transaction(engine) as session:
        stale, right, wrong, unread = (written(f"R-{n}") for n in range(4))
        reviews.add(session, HOME, [stale, right, wrong, unread], now=NOW)
        annotations.add(session, HOME, [annotation(each) for each in (stale, right, wrong)])
        reviews.add(session, HOME, [written("R-0", text="现在好了")], now=NOW)
        praise = PlainLabels(Polarity.POS, severity=0)
        whole = (0, len(wrong.text))
        label_corrections.add(session, HOME, correction(wrong, whole, praise))
        found = {key: answer.negative for key, answer in read(session).items()}
    assert found == {"R-0": None, "R-1": True, "R-2": False, "R-3": None}


def test_another_model_has_not_read_it(engine: Engine) -> None:
    with transaction(engine) as session:
        one = written()
        reviews.add(session, HOME, [one], now=NOW)
        annotations.add(
            session, HOME, [annotation(one, (0, 3, labels(Polarity.NEU)), model="another/1")]
        )
        assert read(session)["R-1"].negative is None


def test_reviews_held_back_do_not_count_nor_do_their_questionnaires(engine: Engine) -> None:
    with transaction(engine) as session:
        surveys.add(session, HOME, [survey(review_id="R-1"), survey("S-2")], now=NOW)
        reviews.add(session, HOME, [written(nps=9), written("R-2", nps=1)], now=NOW)
        quarantine.replace(session, HOME, [quarantined("R-1")], now=NOW)
        assert list(read(session)) == ["S-2", "R-2"]


def test_competitors_do_not_count(engine: Engine) -> None:
    with transaction(engine) as session:
        made = [
            survey("S-1", product="别家"),
            survey("S-2", product="我家"),
            survey("S-3", review_id="R-1"),
            survey("S-4"),
        ]
        surveys.add(session, HOME, made, now=NOW)
        reviews.add(session, HOME, [written(product="别家"), written("R-2", nps=1)], now=NOW)
        competitors.mark_product(session, HOME, THEIRS, active=True)
        assert list(read(session)) == ["S-2", "S-4", "R-2"]
        competitors.mark_product(session, HOME, THEIRS, active=False)
        assert list(read(session)) == ["S-1", "S-2", "S-3", "S-4", "R-1", "R-2"]


@pytest.mark.parametrize(
    ("survey_days", "review_days", "newest"),
    [
        pytest.param(None, None, None, id="nothing has a time"),
        pytest.param(-2, None, -2, id="a questionnaire"),
        pytest.param(-2, -1, -1, id="a review is newer"),
        pytest.param(0, -1, 0, id="a questionnaire is newer"),
    ],
)
def test_newest_day_looks_at_both(
    engine: Engine, survey_days: int | None, review_days: int | None, newest: int | None
) -> None:
    def at(days: int | None) -> object:
        return None if days is None else NOW + timedelta(days=days)

    with transaction(engine) as session:
        late = NOW + timedelta(days=9)
        surveys.add(
            session,
            HOME,
            [survey(answered_at=at(survey_days)), survey("S-2", product="别家", answered_at=late)],
            now=NOW,
        )
        reviews.add(session, HOME, [written(created_at=at(review_days))], now=NOW)
        competitors.mark_product(session, HOME, THEIRS, active=True)
        expected = None if newest is None else DAY + timedelta(days=newest)
        assert answers.newest_day(session, HOME) == expected
