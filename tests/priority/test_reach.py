"""Reach: how many users a quarter, and the sentence that says how it was found."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from priority_samples import (
    AS_OF,
    QUARTER,
    ago,
    any_grounds,
    any_voices,
    crowd_of,
    reason,
    score,
    sure,
    users,
    wish,
)

from feedback_nlp.priority.crowd import LIKE_CAP, Array
from feedback_nlp.priority.draws import DRAWS
from feedback_nlp.priority.grounds import Correction, Grounds
from feedback_nlp.priority.reach import drawn_factors, reach
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.priority.window import window_of
from feedback_nlp.records import Policy, Segment, Voice

few = settings(max_examples=25)
ROUNDING = 1e-9


def observed(voices: list[Voice], grounds: Grounds = QUARTER) -> float:
    return float(reach(crowd_of(voices, grounds).observed, window_of(grounds), 1.0)[0])


def drawn(voices: list[Voice], grounds: Grounds) -> Array:
    factors = drawn_factors(grounds.correction)
    return reach(crowd_of(voices, grounds).drawn, window_of(grounds), factors)


# --- laws --------------------------------------------------------------------------------------


@few
@given(any_voices(), any_voices("N", most=4), any_grounds())
def test_more_users_never_lower_reach_in_any_draw(
    voices: list[Voice], others: list[Voice], grounds: Grounds
) -> None:
    new = [replace(voice, author_id=f"新{voice.review_id}") for voice in others]
    before, after = drawn(voices, grounds), drawn([*voices, *new], grounds)
    assert (after >= before * (1 - ROUNDING)).all()
    more, less = (score(said, grounds).priority for said in ([*voices, *new], voices))
    assert more.reach >= less.reach
    assert more.reach_high >= less.reach_high


@few
@given(any_voices(), st.data(), st.sampled_from([0, 1, 10**9]))
def test_one_user_moves_reach_by_one_at_most(
    voices: list[Voice], data: st.DataObject, likes: int
) -> None:
    plain = replace(QUARTER, policy=Policy(tiers=()))
    voices = [replace(voice, likes=0) for voice in voices]
    name = data.draw(st.sampled_from(["甲", "没见过"]))
    channel = data.draw(st.sampled_from(["微博", "客服"]))
    chances = data.draw(st.lists(st.none() | st.floats(0.34, 1.0), min_size=1, max_size=5))
    posts = [wish() if each is None else sure(chance=each, rating=1.0) for each in chances]
    flood = [
        replace(
            posts[n % len(posts)],
            review_id=f"P-{n}",
            author_id=name,
            channel=channel,
            likes=likes,
        )
        for n in range(100)
    ]
    moved = abs(observed([*voices, *flood], plain) - observed(voices, plain))
    assert moved <= (1 if likes == 0 else 1 + LIKE_CAP) + ROUNDING


@few
@given(any_voices(), any_grounds())
def test_interval_holds_the_point(voices: list[Voice], grounds: Grounds) -> None:
    priority = score(voices, grounds).priority
    assert 0 <= priority.reach_low <= priority.reach <= priority.reach_high < np.inf


def test_reach_of_certain_complaints_is_their_number() -> None:
    assert observed(users(7)) == 7
    assert observed([*users(7), wish(review_id="W-1")]) == 8
    assert observed(users(7, author_id="甲")) == 1


def test_opinions_before_the_quarter_do_not_count() -> None:
    old = users(5, "O", created_at=ago(91))
    assert observed([*users(3), *old]) == 3


def test_doubt_lowers_reach_and_correction_scales_it() -> None:
    voices = [sure(chance=0.6, review_id=f"R-{n}") for n in range(10)]
    assert observed(voices) == pytest.approx(6)
    corrected = replace(QUARTER, correction=Correction(1.5, 1.5, 1.5))
    assert score(voices, corrected).priority.reach == 9.0


def test_requests_are_not_corrected() -> None:
    corrected = replace(QUARTER, correction=Correction(1.5, 1.5, 1.5))
    voices = [wish(review_id=f"R-{n}") for n in range(4)]
    assert score(voices, corrected).priority.reach == 4.0


# --- correction --------------------------------------------------------------------------------


def test_no_correction_changes_nothing() -> None:
    assert drawn_factors(None).tolist() == [1.0] * DRAWS


@given(st.floats(0.5, 2.0), st.floats(1.0, 1.5))
def test_drawn_corrections_have_the_interval(factor: float, spread: float) -> None:
    drawn = drawn_factors(Correction(factor, factor / spread, factor * spread))
    assert np.percentile(drawn, [5, 50, 95]) == pytest.approx(
        [factor / spread, factor, factor * spread], rel=0.01
    )


def test_each_quantile_of_the_correction_is_drawn_once() -> None:
    drawn = drawn_factors(Correction(1.0, 0.8, 1.25))
    assert len(np.unique(drawn)) == DRAWS
    assert abs(np.corrcoef(drawn, np.arange(DRAWS))[0, 1]) < 0.05


def test_a_vague_correction_widens_the_interval() -> None:
    sharp, vague = (
        score(users(200), replace(QUARTER, correction=Correction(1.0, 1 / wide, wide))).priority
        for wide in (1.0, 1.5)
    )
    assert vague.reach_high - vague.reach_low > 2 * (sharp.reach_high - sharp.reach_low)


# --- the sentence ------------------------------------------------------------------------------


SCALED = "没有订单或活跃用户数，暂按人数而不是万投比"
UNKNOWN = "（意见太少或模型没有误差数据，漏判未计入）"


def interval(voices: list[Voice], grounds: Grounds) -> str:
    """The end of the sentence: its figures are drawn, not counted."""
    priority = score(voices, grounds).priority
    return f"（80% 区间 {shown(priority.reach_low)}—{shown(priority.reach_high)}）"


def shown(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def named(*, chance: float = 1.0) -> list[Voice]:
    return [sure(review_id=f"R-{name}", author_id=name, chance=chance) for name in "甲乙丙"]


EXPOSED = replace(
    QUARTER, exposure={AS_OF - timedelta(days=day): 1_000 for day in range(50)}, span_days=91
)
TIERED = replace(
    QUARTER,
    worth={
        "甲": Worth("A"),
        "乙": Worth(None, Segment.AT_RISK),
        "丙": Worth("C", Segment.NEW),
        "丁": Worth("钻石"),
    },
)


@pytest.mark.parametrize(
    ("voices", "grounds", "expected"),
    [
        pytest.param(
            users(4),
            replace(QUARTER, span_days=45),
            "最近 45 天里 4 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            f"抱怨的 4 位按判断把握折合 4 位{UNKNOWN}；"
            f"数据跨度 45 天，折算到每季度（91 天）；{SCALED}；得每季度 8.1 人",
            id="anonymous, half a quarter",
        ),
        pytest.param(
            [*named(chance=0.8), sure(review_id="R-4", author_id="甲", start=5, chance=0.5)],
            QUARTER,
            "最近 91 天里 3 位不同用户提到；一人只算一次（说得最多的一位有 2 处意见）；"
            f"抱怨的 3 位按判断把握折合 2.4 位{UNKNOWN}；{SCALED}；得每季度 2.4 人",
            id="named, one speaks twice",
        ),
        pytest.param(
            [*named(), sure(review_id="R-4"), wish(review_id="R-5"), wish(review_id="R-6")],
            replace(QUARTER, correction=Correction(1.25, 1.1, 1.4)),
            "最近 91 天里 6 位不同用户提到，没有用户标识的评论每条按一位用户计；"
            "其中抱怨的 4 位按判断把握折合 4 位，再按整体误判和漏判折算 ×1.25；"
            f"{SCALED}；得每季度 7 人",
            id="some anonymous, some only ask, corrected",
        ),
        pytest.param(
            [wish(review_id=f"R-{n}") for n in range(3)],
            Grounds(),
            "3 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            "数据没有日期或日期不全，未折算到季度；得每季度 3 人",
            id="only requests, no dates",
        ),
        pytest.param(
            [sure(likes=4), sure(start=9, likes=4), sure(review_id="R-2", likes=90)],
            replace(QUARTER, span_days=1),
            "最近 1 天里 2 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            "一条评论只算一次（最多的一条有 2 处意见）；"
            f"抱怨的 2 位按判断把握折合 2 位{UNKNOWN}；"
            "94 个赞按每个 0.1 人折合 0.9 人（每位用户最多加 0.5 人）；"
            "数据跨度 1 天，不足 7 天按 7 天算，折算到每季度（91 天）；"
            f"{SCALED}；得每季度 37.7 人",
            id="likes, one day",
        ),
        pytest.param(
            [*named(), sure(review_id="R-4", author_id="丁")],
            TIERED,
            f"最近 91 天里 4 位不同用户提到；抱怨的 4 位按判断把握折合 4 位{UNKNOWN}；"
            "A 级 1 位每位按 1.5 人计、流失风险 1 位每位按 1.3 人计、钻石级 1 位每位按 1.5 人计；"
            f"{SCALED}；得每季度 5.3 人",
            id="tier and segment",
        ),
        pytest.param(
            [*users(8), *users(5, "O", created_at=ago(60))],
            EXPOSED,
            "最近 91 天中有订单或活跃用户数的 50 天里 8 条评论提到"
            "（这些评论没有用户标识，每条按一位用户计）；"
            f"抱怨的 8 位按判断把握折合 8 位{UNKNOWN}；"
            "这些天共 50,000 单或人次，万投比 1.60；"
            "按其中最近 28 天日均 1,000 折算到每季度（91 天）；得每季度 14.6 人",
            id="exposure",
        ),
        pytest.param(
            [*users(2), *users(1, "O", created_at=None)],
            QUARTER,
            "最近 91 天里 3 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            f"其中 1 位没有时间，也算在内；抱怨的 3 位按判断把握折合 3 位{UNKNOWN}；{SCALED}；"
            "得每季度 3 人",
            id="one of an unknown time",
        ),
        pytest.param(
            [*users(2), *users(3, "O", created_at=ago(91))],
            replace(QUARTER, span_days=300),
            "最近 91 天里 2 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            f"抱怨的 2 位按判断把握折合 2 位{UNKNOWN}；{SCALED}；得每季度 2 人",
            id="most of it long ago",
        ),
        pytest.param(
            users(3, created_at=ago(91)),
            replace(QUARTER, span_days=300),
            "最近 91 天里 0 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            f"{SCALED}；得每季度 0 人",
            id="all of it long ago",
        ),
    ],
)
def test_sentence_of_reach(voices: list[Voice], grounds: Grounds, expected: str) -> None:
    assert reason(score(voices, grounds), "reach") == expected + interval(voices, grounds)


def test_large_figures_are_written_out() -> None:
    exposure = {AS_OF - timedelta(days=day): 1 if day > 7 else 90_000 for day in range(91)}
    assert re.search(
        r"得每季度 [\d,]{5,}",
        reason(score(users(400), replace(EXPOSED, exposure=exposure)), "reach"),
    )


@few
@given(any_voices(), any_grounds())
def test_figures_of_the_sentence_can_be_counted(voices: list[Voice], grounds: Grounds) -> None:
    said = reason(score(voices, grounds), "reach")
    window = window_of(grounds)
    near = [voice for voice in voices if window.holds(voice)]
    noun = "位不同用户" if any(voice.author_id is not None for voice in voices) else "条评论"
    assert f"{len({voice.user for voice in near})} {noun}提到" in said
    surest: dict[str, float] = {}
    for voice in near:
        if all(other.labels.polarity == "neg" for other in near if other.user == voice.user):
            chance = voice.labels.probabilities.neg
            surest[voice.user] = max(chance, surest.get(voice.user, 0.0))
    if surest:
        assert f"抱怨的 {len(surest)} 位按判断把握折合 {shown(sum(surest.values()))} 位" in said
    if window.exposure:
        assert f"共 {sum(window.exposure.values()):,} 单或人次" in said
    reached = score(voices, grounds).priority.reach
    assert f"得每季度 {shown(reached)} 人" in said


@given(st.floats(0, 1), st.floats(0.5, 2), st.booleans())
def test_to_say_more_never_lowers_reach(chance: float, factor: float, asks: bool) -> None:  # noqa: FBT001 (drawn)
    grounds = replace(QUARTER, correction=Correction(factor, factor, factor))
    one = wish() if asks else sure(chance=chance)
    more = [one, sure(chance=chance, start=9) if asks else wish(start=9)]
    alone, both = score([one], grounds).priority, score(more, grounds).priority
    assert both.reach >= alone.reach
    assert both.reach_low >= alone.reach_low
