import math
from dataclasses import replace

import pytest
from builders import TAXONOMY, make_theme, make_topic, make_voice, make_voices
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.priority import factors, reasons
from feedback_nlp.priority.factors import IMPACT_TIERS, LIKE_CAP
from feedback_nlp.priority.rice import MIN_EFFORT, prioritise, rank
from feedback_nlp.records import Priority, Taxonomy, Voice


def scored(voices: list[Voice], span_days: float | None = 91) -> Priority:
    return prioritise(make_theme(voices), voices, TAXONOMY, span_days=span_days)


@st.composite
def any_voices(draw: st.DrawFn) -> list[Voice]:
    return [
        make_voice(
            "闪退",
            review_id=f"R-{review}",
            start=start,
            author_id=draw(st.sampled_from([None, "u1", "u2", "u3"])),
            channel=draw(st.sampled_from(["应用商店", "微博", "客服"])),
            likes=draw(st.integers(0, 10**10)),
            severity=draw(st.integers(0, 3)),
            uncertain=draw(st.booleans()),
        )
        for start, review in enumerate(draw(st.lists(st.integers(1, 30), min_size=1, max_size=12)))
    ]


SPANS = st.none() | st.floats(0, 10_000)
few = settings(max_examples=50)


# --- laws --------------------------------------------------------------------------------------


@few
@given(any_voices(), SPANS)
def test_numbers_are_finite_and_the_interval_holds_the_score(
    voices: list[Voice], span_days: float | None
) -> None:
    priority = scored(voices, span_days)
    assert priority.impact in IMPACT_TIERS
    assert 0 <= priority.confidence <= 1
    assert 0 <= priority.low <= priority.score <= priority.high < math.inf


@few
@given(any_voices(), SPANS, st.data())
def test_order_of_voices_changes_nothing(
    voices: list[Voice], span_days: float | None, data: st.DataObject
) -> None:
    # One review has one channel, one author and one number of likes.
    voices = list({voice.review_id: voice for voice in voices}.values())
    shuffled = data.draw(st.permutations(voices))
    assert scored(shuffled, span_days) == scored(voices, span_days)


@few
@given(any_voices(), any_voices(), SPANS)
def test_reach_never_falls_when_users_are_added(
    voices: list[Voice], others: list[Voice], span_days: float | None
) -> None:
    added = [replace(voice, review_id=f"N{voice.review_id}", author_id=None) for voice in others]
    assert scored([*voices, *added], span_days).reach >= scored(voices, span_days).reach


@few
@given(any_voices())
def test_reach_counts_a_user_once_and_likes_up_to_the_cap(voices: list[Voice]) -> None:
    users = len({voice.user for voice in voices})
    assert users <= scored(voices).reach <= users * (1 + LIKE_CAP)


# --- numbers -----------------------------------------------------------------------------------


def test_score_is_reach_times_impact_times_confidence_over_effort() -> None:
    voices = [*make_voices(["闪退"] * 14), *make_voices(["闪退"] * 13, prefix="W", channel="微博")]
    priority = scored(voices, 45.5)
    product = (priority.reach, priority.impact, priority.confidence, priority.effort)
    assert product == pytest.approx((54, 2, 0.81, 0.46))
    assert priority.score == pytest.approx(54 * 2 * 0.81 / 0.46, abs=0.005)


def test_interval_narrows_as_users_grow() -> None:
    few_users, many = scored(make_voices(["闪退"] * 5)), scored(make_voices(["闪退"] * 500))
    assert (many.high - many.low) / many.score < (few_users.high - few_users.low) / few_users.score


def test_same_theme_gives_the_same_interval_again() -> None:
    assert scored(make_voices(["闪退"] * 5)) == scored(make_voices(["闪退"] * 5))


def test_very_many_users_are_drawn_in_parts() -> None:
    priority = scored(make_voices(["闪退"] * 5000))
    assert priority.low < priority.score < priority.high


@pytest.mark.parametrize("weeks", [0.0, 5e-324, 0.001])
def test_effort_of_next_to_nothing_keeps_the_score_finite(weeks: float) -> None:
    topic = make_topic("performance.crash", "闪退故障", "研发", "weekly", weeks)
    voices = make_voices(["闪退"] * 3)
    tiny = Taxonomy("tiny", (topic,))
    priority = prioritise(make_theme(voices), voices, tiny, span_days=None)
    assert priority.effort == MIN_EFFORT
    assert math.isfinite(priority.high)


def test_rank_is_by_score_then_id() -> None:
    one = scored(make_voices(["闪退"] * 3))
    two, best = replace(one, theme_id="T-0000"), replace(one, theme_id="T-0009", score=999.0)
    assert rank([one, two, best]) == [best, two, one]


# --- reasons -----------------------------------------------------------------------------------


def reason(priority: Priority, factor: str) -> str:
    return dict(priority.reasons)[factor]


@few
@given(any_voices(), SPANS)
def test_every_number_is_in_its_own_reason(voices: list[Voice], span_days: float | None) -> None:
    priority = scored(voices, span_days)
    assert [name for name, _ in priority.reasons] == [
        "reach", "impact", "confidence", "effort", "score",
    ]  # fmt: skip
    assert f"{priority.reach:.1f}".removesuffix(".0") in reason(priority, "reach")
    assert f"最近一档 {priority.impact:g}" in reason(priority, "impact")
    assert f"≈ {priority.confidence:.2f}，" in reason(priority, "confidence")
    assert f"{priority.effort:g} 人月" in reason(priority, "effort")
    for number in (priority.score, priority.low, priority.high):
        assert f"{number:.2f}" in reason(priority, "score")


@pytest.mark.parametrize(
    ("voices", "span_days", "expected"),
    [
        pytest.param(
            make_voices(["闪退"] * 4),
            45.5,
            "4 条评论提到（这些评论没有用户标识，每条按一位用户计）；"
            "数据跨度 45.5 天，折算到每季度（91 天）为 8 人；"
            "没有订单或活跃用户数，暂按人数而不是万投比",
            id="no author ids",
        ),
        pytest.param(
            [
                make_voice("闪退", author_id="u1", likes=4),
                make_voice("闪退", review_id="R-2", author_id="u1"),
                make_voice("闪退", review_id="R-3"),
            ],
            None,
            "2 位不同用户提到；没有用户标识的评论每条按一位用户计；"
            "4 个赞按每个 0.1 人折合 0.4 人（上限为用户数的 50%）；"
            "数据没有日期或日期不全，未折算到季度，计 2.4 人；"
            "没有订单或活跃用户数，暂按人数而不是万投比",
            id="some author ids, likes, no dates",
        ),
        pytest.param(
            make_voices(["闪退"] * 2, author_id="u1"),
            1.25,
            "1 位不同用户提到；"
            "数据跨度 1.2 天，不足 7 天按 7 天算，折算到每季度（91 天）为 13 人；"
            "没有订单或活跃用户数，暂按人数而不是万投比",
            id="less than a week is said to be less than a week",
        ),
    ],
)
def test_reason_of_reach(voices: list[Voice], span_days: float | None, expected: str) -> None:
    assert reason(scored(voices, span_days), "reach") == expected


def test_reason_of_a_large_reach_is_written_out() -> None:
    voices = make_voices(["闪退"])
    users = factors.users_of(voices)
    assert "为 1234567.8 人" in reasons.reach(users, voices, span_days=7, value=1_234_567.8)


def test_reason_of_impact_counts_severities() -> None:
    voices = [
        make_voice("闪退", review_id=f"R-{n}", severity=level)
        for n, level in enumerate([3, 2, 2, 1, 0, 0])
    ]
    assert reason(scored(voices), "impact") == (
        "严重度：严重 1 条、明显 2 条、轻微 1 条、建议类 2 条；按用户平均后取最近一档 1"
    )


@pytest.mark.parametrize(
    ("users", "channels", "expected"),
    [
        (
            3,
            1,
            ("系数 0.50", "33% 为不确定，系数 0.83", "1 个渠道（系数 0.8）≈ 0.33，相当于 50% 档"),
        ),
        (12, 3, ("系数 0.80", "8% 为不确定，系数 0.96", "3 个渠道（系数 1）≈ 0.77，相当于 80% 档")),
        (
            60,
            3,
            ("系数 0.95", "2% 为不确定，系数 0.99", "3 个渠道（系数 1）≈ 0.94，相当于 100% 档"),
        ),
    ],
    ids=["50 %", "80 %", "100 %"],
)
def test_reason_of_confidence_shows_its_factors_and_tier(
    users: int, channels: int, expected: tuple[str, str, str]
) -> None:
    voices = [
        make_voice("闪退", review_id=f"R-{n:02d}", uncertain=n == 0, channel=f"渠道{n % channels}")
        for n in range(users)
    ]
    sample, certainty, breadth = expected
    assert reason(scored(voices), "confidence") == (
        f"样本 {users} 人（{sample}）× 判断把握（{certainty}）× {breadth}"
    )


def test_reason_of_effort_and_score() -> None:
    priority = scored(make_voices(["闪退"] * 3))
    assert reason(priority, "effort") == (
        "“闪退故障”类问题默认 2 人周 ÷ 4.35 = 0.46 人月，可由团队改写"
    )
    assert reason(priority, "score").startswith(
        "触达 3 × 影响 2 × 信心 0.4 ÷ 投入 0.46 人月 = 5.22；按用户重复抽样的区间为 "
    )
