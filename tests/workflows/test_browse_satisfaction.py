"""What people think of the product, from what is stored: scores, trend, drivers, targets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk import NewDatabase
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, annotation, labels, review, theme

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Metric, Polarity, Signature, SurveyAnswer
from feedback_nlp.satisfaction.score_trend import Period
from feedback_nlp.satisfaction.standing import Standing
from feedback_nlp.storage import annotations, reviews, surveys, themes
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_drivers import Wanted, list_drivers
from feedback_nlp.workflows.browse_satisfaction import Asked, show_satisfaction
from feedback_nlp.workflows.browse_targets import TargetReport, list_targets
from feedback_nlp.workflows.set_target import Wish, set_target, withdraw_target

NOW = datetime(2026, 11, 15, 4, tzinfo=UTC)
TODAY = NOW.date()
SIGNED = Signature("小李", NOW, "年度目标")
THIRTY = Wish(Metric.NPS, 30.0, date(2026, 10, 1), date(2026, 12, 31))
ALL = Page(100)


@pytest.fixture
def engine(tmp_path: Path, new_database: NewDatabase) -> Iterator[Engine]:
    engine = open_database(new_database(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Sixty happy questionnaires, and forty unhappy ones of people who say that it crashes."""
    with transaction(engine) as session:
        happy = [
            SurveyAnswer(f"S-{n:03}", "问卷", NOW - timedelta(days=n % 40), nps=9, csat=5)
            for n in range(60)
        ]
        unhappy = [
            SurveyAnswer(
                f"S-{n:03}",
                "问卷",
                NOW - timedelta(days=n % 40),
                nps=2,
                csat=2,
                author_id=f"u{n}" if n % 2 else None,
                review_id=None if n % 2 else f"R-{n}",
            )
            for n in range(60, 100)
        ]
        surveys.add(session, HOME, [*happy, *unhappy], now=NOW)
        said = [
            review(
                f"R-{n}",
                created_at=NOW - timedelta(days=n % 40),
                author_id=f"u{n}",
                rating=1.0,
                nps=None if n % 2 else 2,
            )
            for n in range(60, 100)
        ]
        praise = [
            review(f"P-{n}", "好用", created_at=NOW - timedelta(days=n), rating=5.0)
            for n in range(20)
        ]
        reviews.add(session, HOME, [*said, *praise], now=NOW)
        nice = labels(Polarity.POS)
        read = [*map(annotation, said), *(annotation(each, (0, 2, nice)) for each in praise)]
        annotations.add(session, HOME, read)
        crash = theme("T-0001", *((each.id, 0) for each in said), name="闪退")
        known = [crash, theme("T-0002", ("P-1", 0), name="耗电")]
        themes.save(session, HOME, known, now=NOW)
        yield session


def test_nothing_stored_has_no_scores(engine: Engine) -> None:
    with transaction(engine) as session:
        found = show_satisfaction(session, HOME, model=MODEL)
        assert (found.first, found.last) == (None, None)
        assert [(score.now, score.trend) for score in found.scores] == [(None, ())] * 4
        assert list_drivers(session, HOME, ALL, model=MODEL).drivers == ()
        set_target(session, HOME, THIRTY, SIGNED)
        (only,) = list_targets(session, HOME, ALL, model=MODEL).targets
        assert only.progress.standing is Standing.NOT_STARTED


def test_each_metric_counts_each_answer_once(session: Session) -> None:
    found = show_satisfaction(session, HOME, model=MODEL)
    assert (found.first, found.last) == (TODAY - timedelta(days=90), TODAY)
    now = [(score.now.value, score.now.n) for score in found.scores if score.now]
    assert now == [(20.0, 100), (0.6, 100), (pytest.approx(140 / 60), 60), (40 / 60, 60)]
    means = [score.mean.value if score.mean else None for score in found.scores]
    assert means == [None, 3.8, None, None]


def test_the_trend_has_whole_periods_and_the_days_before_are_compared(session: Session) -> None:
    asked = Asked(days=5, period=Period.WEEK, metrics=(Metric.NPS,))
    (score,) = show_satisfaction(session, HOME, asked, model=MODEL).scores
    assert [point.first for point in score.trend] == [date(2026, 11, 9)]
    assert score.now is not None
    assert score.trend[0].score is not None
    assert score.now.n == 15  # 11 to 15 November
    assert score.trend[0].score.n == 21  # 9 to 15 November
    assert score.trend[0].to_previous is not None
    assert score.to_previous is not None


def test_the_theme_of_the_unhappy_pulls_the_score_down(session: Session) -> None:
    found = list_drivers(session, HOME, ALL, model=MODEL)
    (crash,) = found.drivers
    assert (crash.theme_name, crash.driver.answers, found.total) == ("闪退", 40, 1)
    assert (crash.driver.without, crash.driver.drop) == (100.0, 80.0)
    assert crash.driver.q < 0.001
    assert found.score is not None
    assert found.score.value == 20.0


def test_drivers_come_worst_first_and_in_pages(session: Session) -> None:
    wanted = Wanted(Metric.RATING)
    found = list_drivers(session, HOME, ALL, wanted, model=MODEL)
    assert [each.driver.theme_id for each in found.drivers] == ["T-0001", "T-0002"]
    assert found.drivers[0].driver.drop > 0 > found.drivers[1].driver.drop
    second = list_drivers(session, HOME, Page(1, 1), wanted, model=MODEL)
    assert (second.drivers, second.total) == (found.drivers[1:], 2)


def test_only_harmful_themes_are_named_beside_a_score(session: Session) -> None:
    asked = Asked(metrics=(Metric.RATING,), most_drivers=5)
    (score,) = show_satisfaction(session, HOME, asked, model=MODEL).scores
    assert [each.theme_name for each in score.harmed_by] == ["闪退"]


def report(session: Session, wish: Wish) -> TargetReport:
    set_target(session, HOME, wish, SIGNED)
    return list_targets(session, HOME, ALL, model=MODEL).targets[-1]


def test_a_missed_target_names_what_stands_against_it(session: Session) -> None:
    found = report(session, replace(THIRTY, value=60.0))
    made = found.progress
    assert (made.standing, made.gap) == (Standing.MISSED, -40.0)
    assert made.elapsed == 46 / 92
    assert [cause.theme_name for cause in found.causes] == ["闪退"]


@pytest.mark.parametrize(
    ("wish", "standing"),
    [
        pytest.param(replace(THIRTY, value=-40.0), Standing.MET, id="met"),
        pytest.param(replace(THIRTY, value=19.0), Standing.UNCLEAR, id="above, but few answers"),
        pytest.param(
            replace(THIRTY, first=date(2026, 11, 16)), Standing.NOT_STARTED, id="tomorrow"
        ),
        pytest.param(
            replace(THIRTY, first=date(2025, 1, 1), last=date(2025, 2, 1)),
            Standing.NO_DATA,
            id="before the data",
        ),
        pytest.param(
            replace(THIRTY, metric=Metric.NEGATIVE_SHARE, value=0.9),
            Standing.MET,
            id="lower is met",
        ),
    ],
)
def test_a_target_without_a_shortfall_has_no_causes(
    session: Session, wish: Wish, standing: Standing
) -> None:
    found = report(session, wish)
    assert (found.progress.standing, found.causes) == (standing, ())


def test_targets_come_in_pages_and_withdrawn_ones_not_at_all(session: Session) -> None:
    for value in (1.0, 2.0, 3.0):
        last = date(2026, 12, int(value))
        set_target(session, HOME, replace(THIRTY, value=value, last=last), SIGNED)
    withdraw_target(session, HOME, 2, by="小王", now=NOW)
    found = list_targets(session, HOME, Page(1, 1), model=MODEL)
    assert [each.progress.target.number for each in found.targets] == [3]
    assert (found.total, found.as_of) == (2, TODAY)
    with pytest.raises(ConflictError):
        withdraw_target(session, HOME, 2, by="小王", now=NOW)
    with pytest.raises(NotFoundError):
        withdraw_target(session, HOME, 9, by="小王", now=NOW)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        pytest.param(replace(THIRTY, value=100.1), "^value：.*-100 到 100", id="NPS too high"),
        pytest.param(replace(THIRTY, value=float("nan")), "^value：", id="nan"),
        pytest.param(replace(THIRTY, value=float("-inf")), "^value：", id="infinite"),
        pytest.param(replace(THIRTY, metric=Metric.CSAT, value=85.0), "0 到 1", id="csat in %"),
        pytest.param(replace(THIRTY, metric=Metric.RATING, value=0.5), "1 到 5", id="half a star"),
        pytest.param(replace(THIRTY, last=date(2026, 9, 30)), "^to：.*早于", id="ends too early"),
        pytest.param(replace(THIRTY, last=date(2031, 10, 2)), "^to：.*5 年", id="too long"),
        pytest.param(replace(THIRTY, first=date(1999, 1, 1)), "^from、to", id="too long ago"),
    ],
)
def test_targets_without_sense_are_refused(engine: Engine, wish: Wish, message: str) -> None:
    with transaction(engine) as session, pytest.raises(InputError, match=message):
        set_target(session, HOME, wish, SIGNED)


@pytest.mark.parametrize("author", ["", "  ", "李" * 65, "a\nb", "a\x00b"])
def test_somebody_must_sign(engine: Engine, author: str) -> None:
    with transaction(engine) as session:
        with pytest.raises(InputError, match=r"^author："):
            set_target(session, HOME, THIRTY, replace(SIGNED, author=author))
        set_target(session, HOME, THIRTY, SIGNED)
        with pytest.raises(InputError, match=r"^author："):
            withdraw_target(session, HOME, 1, by=author, now=NOW)


@pytest.mark.parametrize("reason", ["因" * 501, "a\x07"])
def test_reasons_have_their_limits(engine: Engine, reason: str) -> None:
    with transaction(engine) as session, pytest.raises(InputError, match=r"^reason："):
        set_target(session, HOME, THIRTY, replace(SIGNED, reason=reason))


def test_five_years_are_allowed(engine: Engine) -> None:
    with transaction(engine) as session:
        wish = replace(THIRTY, first=date(2024, 1, 1), last=date(2028, 12, 31))
        assert set_target(session, HOME, wish, replace(SIGNED, author=" 小李 ")).author == "小李"
