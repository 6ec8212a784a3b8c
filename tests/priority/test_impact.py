"""Impact: how much one user is troubled, and the sentence that says why."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from priority_samples import (
    QUARTER,
    ago,
    any_grounds,
    any_voices,
    crowd_of,
    driver,
    reason,
    score,
    sure,
    users,
    wish,
)

from feedback_nlp.priority.grounds import Grounds, Ratings
from feedback_nlp.priority.impact import IMPACT_TIERS, Stars, impact, stars_without
from feedback_nlp.records import Metric, Voice
from feedback_nlp.satisfaction.drivers import Driver

few = settings(max_examples=50)
NOBODY = Stars(None, 0.0)


def tier(voices: Sequence[Voice], stars: Stars = NOBODY, drivers: Sequence[Driver] = ()) -> float:
    return float(impact(crowd_of(voices).observed, stars, drivers)[0])


def of(*severities: int) -> list[Voice]:
    return [
        sure(review_id=f"R-{n}", severity=level) if level else wish(review_id=f"R-{n}")
        for n, level in enumerate(severities)
    ]


# --- laws --------------------------------------------------------------------------------------


@few
@given(any_voices(), any_grounds())
def test_impact_is_a_tier_in_every_draw(voices: list[Voice], grounds: Grounds) -> None:
    stars = stars_without(voices, grounds.ratings)
    found = impact(crowd_of(voices, grounds).drawn, stars, grounds.drivers.get("T-0001", ()))
    assert set(found.tolist()) <= set(IMPACT_TIERS)


@few
@given(any_voices(), st.floats(1, 5), st.floats(0, 4))
def test_better_other_reviews_never_lower_impact(
    voices: list[Voice], others: float, more: float
) -> None:
    assert tier(voices, Stars(others + more, 0.0)) >= tier(voices, Stars(others, 0.0))
    assert tier(voices, Stars(others, 0.0)) >= tier(voices)
    assert tier(voices, drivers=[driver(3.0)]) >= tier(voices)


# --- severity ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        pytest.param([0], 0.25, id="a request"),
        pytest.param([1], 0.5, id="mild"),
        pytest.param([2], 2, id="clear"),
        pytest.param([3], 3, id="severe"),
        pytest.param([1, 1, 2], 1, id="between mild and clear"),
        pytest.param([0, 1], 0.5, id="0.375 is nearer to 0.5 on a log scale"),
        pytest.param([2, 3], 3, id="2.5 is nearer to 3"),
        pytest.param([2, 2, 2, 3], 2, id="2.25 is nearer to 2"),
    ],
)
def test_impact_is_the_nearest_tier(severities: list[int], expected: float) -> None:
    assert tier(of(*severities)) == expected


def test_impact_averages_over_users_not_opinions() -> None:
    loud = [sure(review_id=f"L-{n}", author_id="甲", severity=3) for n in range(9)]
    quiet = users(4, "Q", severity=1)
    assert tier([*loud, *quiet]) == 1


def test_opinions_of_long_ago_still_say_how_bad_it_is() -> None:
    assert tier([*of(1, 1), *users(4, "O", created_at=ago(200))]) == 2


# --- what raises it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stars", "others", "expected"),
    [
        pytest.param(1.0, 3.5, 2, id="two and a half stars below: the whole step"),
        pytest.param(3.0, 4.0, 1, id="one star below: nothing yet"),
        pytest.param(5.0, 2.0, 1, id="above"),
    ],
)
def test_low_stars_raise_impact(stars: float, others: float, expected: float) -> None:
    voices = [
        replace(voice, rating=stars)
        for voice in [*users(2, severity=1), *users(1, "W", severity=2)]
    ]
    voices += users(1, "X", severity=2)  # 1.25 on average, times 1.41 is 1.77
    assert tier(voices, Stars(others, 0.0)) == expected


@pytest.mark.parametrize(
    ("leaving", "expected"), [(0, 1), (1, 1), (3, 2)], ids=["nobody", "a quarter", "three of four"]
)
def test_users_who_leave_raise_impact(leaving: int, expected: float) -> None:
    severities = (1, 1, 1, 2)  # 0.875 on average
    voices = [
        sure("卸载了" if n < leaving else "闪退", review_id=f"R-{n}", severity=severities[n])
        for n in range(4)
    ]
    assert tier(voices) == expected


@pytest.mark.parametrize(
    ("drivers", "expected"),
    [
        pytest.param([], 1, id="nobody was asked"),
        pytest.param([driver(3.0, q=0.1)], 2, id="clear"),
        pytest.param([driver(3.0, q=0.11)], 1, id="may be chance"),
        pytest.param([driver(-3.0)], 1, id="the score would be worse without it"),
        pytest.param([driver(3.0), driver(0.1, metric=Metric.CSAT)], 2, id="two count once"),
    ],
)
def test_a_theme_that_costs_nps_has_more_impact(drivers: list[Driver], expected: float) -> None:
    assert tier(of(1, 1, 2, 2), drivers=drivers) == expected  # 1.25, times 1.41 is 1.77


@pytest.mark.parametrize(
    ("sharp", "others", "expected"),
    [
        pytest.param(3, 0, 3, id="three users"),
        pytest.param(2, 0, 0.5, id="two are too few"),
        pytest.param(3, 12, 3, id="just a fifth"),
        pytest.param(7, 28, 3, id="just a fifth of many"),
        pytest.param(3, 13, 0.5, id="less than a fifth"),
    ],
)
def test_sharp_words_make_the_highest_impact(sharp: int, others: int, expected: float) -> None:
    voices = [sure("充电起火了", review_id=f"S-{n}", severity=1) for n in range(sharp)]
    assert tier([*voices, *users(others, "O", severity=1)]) == expected


# --- stars -------------------------------------------------------------------------------------


def test_stars_of_the_other_reviews_leave_out_the_theme() -> None:
    voices = [sure(rating=1.0), sure(start=9, rating=1.0), sure(review_id="R-2", rating=2.0)]
    # 10 reviews, 4 stars each but for these two: 8 x 4 + 3 = 35.
    assert stars_without(voices, Ratings(10, 35.0)) == Stars(4.0, 0.5)


@pytest.mark.parametrize(
    ("voices", "ratings"),
    [
        pytest.param(users(2), Ratings(10, 40.0), id="no stars in the theme"),
        pytest.param(users(2, rating=1.0), Ratings(2, 2.0), id="all stars are in the theme"),
        pytest.param(users(2, rating=1.0), Ratings(), id="no ratings known"),
    ],
)
def test_nothing_to_compare_stars_with(voices: list[Voice], ratings: Ratings) -> None:
    assert stars_without(voices, ratings) == NOBODY


# --- the sentence ------------------------------------------------------------------------------


def survey(*drivers: Driver) -> Grounds:
    return replace(QUARTER, drivers={"T-0001": drivers})


@pytest.mark.parametrize(
    ("voices", "grounds", "expected"),
    [
        pytest.param(
            of(3, 2, 2, 1, 0, 0),
            QUARTER,
            "严重度：严重 1 条、明显 2 条、轻微 1 条、建议类 2 条，按用户平均 1.33；"
            "1 位的意见为严重，或提到安全、未成年人、法律、曝光；取最近一档 1",
            id="severities",
        ),
        pytest.param(
            users(4, rating=1.0),
            replace(QUARTER, ratings=Ratings(10, 30.0)),
            "严重度：明显 4 条，按用户平均 2.00；"
            "提到它的用户平均打 1.0 星，其余评论 4.3 星，拉低总评 1.33 星（×1.41）；取最近一档 3",
            id="lower stars",
        ),
        pytest.param(
            users(4, rating=5.0),
            replace(QUARTER, ratings=Ratings(10, 30.0)),
            "严重度：明显 4 条，按用户平均 2.00；"
            "提到它的用户平均打 5.0 星，其余评论 1.7 星，抬高总评 1.33 星；取最近一档 2",
            id="higher stars",
        ),
        pytest.param(
            [sure("卸载了", review_id="R-1"), *users(4, severity=1)],
            QUARTER,
            "严重度：明显 1 条、轻微 4 条，按用户平均 0.80；"
            "1 位（20%）说要卸载、注销或换别家（×1.15）；取最近一档 1",
            id="leaving",
        ),
        pytest.param(
            users(3),
            survey(driver(3.25, answers=12)),
            "严重度：明显 3 条，按用户平均 2.00；"
            "去掉提到它的 12 份问卷，NPS 会高 3.2 分（×1.41）；取最近一档 3",
            id="clear NPS driver",
        ),
        pytest.param(
            users(3),
            survey(driver(-0.5, q=0.7, answers=2)),
            "严重度：明显 3 条，按用户平均 2.00；"
            "去掉提到它的 2 份问卷，NPS 会低 0.5 分（看不出差别，不计）；取最近一档 2",
            id="unclear NPS driver",
        ),
        pytest.param(
            users(3),
            survey(driver(3.0), driver(0.021, metric=Metric.CSAT, answers=9)),
            "严重度：明显 3 条，按用户平均 2.00；"
            "去掉提到它的 12 份问卷，NPS 会高 3.0 分（×1.41）；"
            "去掉提到它的 9 份问卷，满意度会高 2.1 个百分点（与上一项只计一次）；取最近一档 3",
            id="two drivers, of which one counts",
        ),
        pytest.param(
            users(3),
            survey(driver(0.0, q=1.0, answers=0)),
            "严重度：明显 3 条，按用户平均 2.00；取最近一档 2",
            id="nobody who was asked speaks of it",
        ),
        pytest.param(
            [sure("充电起火了", review_id=f"R-{n}", severity=1) for n in range(3)],
            QUARTER,
            "严重度：轻微 3 条，按用户平均 0.50；"
            "3 位的意见为严重，或提到安全、未成年人、法律、曝光，达到最高档的条件；取最近一档 3",
            id="sharp",
        ),
    ],
)
def test_sentence_of_impact(voices: list[Voice], grounds: Grounds, expected: str) -> None:
    assert reason(score(voices, grounds), "impact") == expected


@few
@given(any_voices(), any_grounds())
def test_figures_of_the_sentence_can_be_counted(voices: list[Voice], grounds: Grounds) -> None:
    scored = score(voices, grounds)
    said = reason(scored, "impact")
    for level, name in enumerate(("建议类", "轻微", "明显", "严重")):
        count = sum(voice.labels.severity == level for voice in voices)
        assert (f"{name} {count} 条" in said) is (count > 0)
    assert said.endswith(f"取最近一档 {scored.priority.impact:g}")
