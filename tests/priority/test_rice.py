"""The score: what it is made of, what it follows, and what its sentences say."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from builders import TAXONOMY, make_theme, make_topic
from hypothesis import given, settings
from hypothesis import strategies as st
from priority_samples import (
    QUARTER,
    any_grounds,
    any_voices,
    estimate,
    reason,
    score,
    sure,
    users,
    wish,
)

from feedback_nlp.priority.crowd import Array
from feedback_nlp.priority.draws import DRAWS
from feedback_nlp.priority.grounds import Correction, Grounds
from feedback_nlp.priority.impact import IMPACT_TIERS
from feedback_nlp.priority.rice import prioritise, rice, strategy_of
from feedback_nlp.records import EffortSource, Policy, Taxonomy, Voice

few = settings(max_examples=25)
some = st.floats(0, 1e9)
columns = st.lists(
    st.tuples(some, st.sampled_from(IMPACT_TIERS), st.floats(0, 1)), min_size=1, max_size=9
)
times = st.floats(1, 100)


def weighted(strategy: float, grounds: Grounds = QUARTER) -> Grounds:
    return replace(
        grounds, policy=replace(grounds.policy, strategy=(("performance.crash", strategy),))
    )


def estimated(weeks: float, grounds: Grounds = QUARTER) -> Grounds:
    return replace(grounds, estimates={"T-0001": estimate(weeks)})


def medians(factors: Sequence[Array], effort: float, strategy: float = 1.0) -> list[float]:
    draws = rice(*factors, effort=effort, strategy=strategy)
    return [float(end) for end in np.percentile(draws, (10, 50, 90))]


# --- laws --------------------------------------------------------------------------------------


@given(columns, st.integers(0, 2), times, st.floats(0.01, 120), st.floats(0, 100))
def test_score_never_falls_when_a_factor_grows(
    drawn: list[tuple[float, float, float]],
    which: int,
    more: float,
    effort: float,
    strategy: float,
) -> None:
    factors = [np.array(column) for column in zip(*drawn, strict=True)]
    grown = [column * (more if place == which else 1) for place, column in enumerate(factors)]
    before, after = medians(factors, effort, strategy), medians(grown, effort, strategy)
    assert all(late >= early for early, late in zip(before, after, strict=True))


@given(columns, times, st.floats(0.01, 120))
def test_score_never_rises_with_effort_nor_falls_with_strategy(
    drawn: list[tuple[float, float, float]], more: float, effort: float
) -> None:
    factors = [np.array(column) for column in zip(*drawn, strict=True)]
    now = medians(factors, effort)
    assert all(a <= b for a, b in zip(medians(factors, effort * more), now, strict=True))
    assert all(a >= b for a, b in zip(medians(factors, effort, more), now, strict=True))


@few
@given(any_voices(), any_grounds(), st.floats(0.05, 520), st.floats(0, 520))
def test_a_larger_estimate_never_raises_the_score(
    voices: list[Voice], grounds: Grounds, weeks: float, more: float
) -> None:
    now = score(voices, estimated(weeks, grounds)).priority
    then = score(voices, estimated(weeks + more, grounds)).priority
    assert (then.low, then.score, then.high) <= (now.low, now.score, now.high)
    assert then.score <= now.score
    assert (then.reach, then.impact, then.confidence) == (now.reach, now.impact, now.confidence)


@few
@given(any_voices(), any_grounds(), st.floats(0, 100), st.floats(0, 100))
def test_a_larger_strategic_weight_never_lowers_the_score(
    voices: list[Voice], grounds: Grounds, weight: float, more: float
) -> None:
    now = score(voices, weighted(weight, grounds)).priority
    then = score(voices, weighted(weight + more, grounds)).priority
    assert then.score >= now.score
    assert then.high >= now.high


@few
@given(any_voices(), any_grounds())
def test_numbers_are_finite_and_the_interval_holds_the_score(
    voices: list[Voice], grounds: Grounds
) -> None:
    scored = score(voices, grounds)
    priority = scored.priority
    assert scored.draws.shape == (DRAWS,)
    assert np.isfinite(scored.draws).all()
    assert priority.impact in IMPACT_TIERS
    assert 0 <= priority.confidence <= 1
    assert 0 <= priority.low <= priority.score <= priority.high < math.inf
    assert priority.effort >= 0.01


@few
@given(any_voices(), any_grounds(), st.data())
def test_order_of_voices_changes_nothing(
    voices: list[Voice], grounds: Grounds, data: st.DataObject
) -> None:
    scored, shuffled = score(voices, grounds), score(data.draw(st.permutations(voices)), grounds)
    assert shuffled.priority == scored.priority
    assert np.array_equal(shuffled.draws, scored.draws)


@few
@given(any_voices(), any_grounds())
def test_score_is_the_median_of_what_is_drawn(voices: list[Voice], grounds: Grounds) -> None:
    scored = score(voices, grounds)
    low, middle, high = (float(end) for end in np.percentile(scored.draws, (10, 50, 90)))
    priority = scored.priority
    assert (priority.low, priority.score, priority.high) == pytest.approx(
        (low, middle, high), abs=0.0051
    )


# --- numbers -----------------------------------------------------------------------------------


def test_score_is_the_product_over_effort() -> None:
    found = rice(np.array([54.0]), np.array([2.0]), np.array([0.81]), effort=0.46, strategy=1.5)
    assert found.tolist() == pytest.approx([54 * 2 * 0.81 * 1.5 / 0.46])


def test_what_is_seen_is_what_is_shown() -> None:
    voices = [*users(14), *users(13, "W", channel="微博")]
    priority = score(voices, replace(QUARTER, span_days=45)).priority
    product = (priority.reach, priority.impact, priority.confidence, priority.effort)
    assert product == pytest.approx((54.6, 2, 0.81, 0.46))
    assert priority.score == pytest.approx(54.6 * 2 * 0.81 / 0.46, rel=0.1)


def test_interval_narrows_as_users_grow() -> None:
    little, much = score(users(5)).priority, score(users(500)).priority
    assert (much.high - much.low) / much.score < (little.high - little.low) / little.score


def test_other_themes_change_nothing() -> None:
    alone = score(users(5))
    assert score(users(5), id="T-0001").priority == alone.priority


def test_themes_of_the_same_users_rise_and_fall_together() -> None:
    one, same, other = (score(users(40, prefix)).draws for prefix in ("R", "R", "X"))
    assert np.corrcoef(one, same)[0, 1] > 0.99
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.2


@pytest.mark.parametrize("weeks", [0.0, 5e-324, 0.001])
def test_effort_of_next_to_nothing_keeps_the_score_finite(weeks: float) -> None:
    topic = make_topic("performance.crash", "闪退故障", "研发", "weekly", weeks)
    voices = users(3)
    tiny = Taxonomy("tiny", (topic,))
    priority = prioritise(make_theme(voices), voices, tiny, QUARTER).priority
    assert priority.effort == 0.01
    assert math.isfinite(priority.high)


@pytest.mark.parametrize(
    ("strategy", "weight"),
    [
        pytest.param((), 1.0, id="nothing said"),
        pytest.param((("performance.crash", 2.0),), 2.0, id="the topic"),
        pytest.param((("performance", 1.5),), 1.5, id="its group"),
        pytest.param((("performance", 1.5), ("performance.crash", 0.5)), 0.5, id="topic first"),
        pytest.param((("logistics", 3.0),), 1.0, id="another group"),
        pytest.param((("performance.crash", 0.0),), 0.0, id="not now"),
    ],
)
def test_strategic_weight_of_a_topic(
    strategy: tuple[tuple[str, float], ...], weight: float
) -> None:
    grounds = replace(QUARTER, policy=Policy(strategy=strategy))
    assert strategy_of(TAXONOMY.topic("performance.crash"), grounds) == weight
    plain, heavy = score(users(9)).priority, score(users(9), grounds).priority
    assert heavy.strategy == weight
    assert heavy.score == pytest.approx(plain.score * weight, abs=0.01)


def test_requests_alone_are_a_priority_too() -> None:
    priority = score([wish(review_id=f"R-{n}") for n in range(9)]).priority
    assert (priority.reach, priority.impact) == (9.0, 0.25)
    assert priority.score > 0


# --- reasons -----------------------------------------------------------------------------------


@few
@given(any_voices(), any_grounds())
def test_every_number_is_in_its_own_reason(voices: list[Voice], grounds: Grounds) -> None:
    priority = score(voices, grounds).priority
    names = [name for name, _ in priority.reasons]
    assert names[:5] == ["reach", "impact", "confidence", "effort", "score"]
    assert names[5:] == ([] if priority.strategy == 1 else ["strategy"])
    assert f"{priority.reach:,.1f}".removesuffix(".0") in priority.reason("reach")
    assert f"最近一档 {priority.impact:g}" in priority.reason("impact")
    assert f"≈ {priority.confidence:.2f}，" in priority.reason("confidence")
    assert f"{priority.effort:.2f} 人月" in priority.reason("effort")
    for number in (priority.score, priority.low, priority.high):
        assert f"{number:,.2f}" in priority.reason("score")


@few
@given(any_voices(), any_grounds())
def test_the_product_of_the_sentence_is_right(voices: list[Voice], grounds: Grounds) -> None:
    said = score(voices, grounds).priority.reason("score")
    left, right = said.split(" 人月 = ")
    factors = [float(number.replace(",", "")) for number in re.findall(r" ([\d,.e+-]+)", left)]
    *over, under = factors
    product = float(right.split("；")[0].replace(",", ""))
    assert product == pytest.approx(math.prod(over) / under, rel=1e-4, abs=0.0051)


@pytest.mark.parametrize(
    ("grounds", "effort", "product"),
    [
        pytest.param(
            QUARTER,
            "“闪退故障”类问题默认 2 人周，可由团队改写，合 0.46 人月",
            "触达 3.0 × 影响 2 × 信心 0.4 ÷ 投入 0.46 人月 = 5.22；",
            id="default",
        ),
        pytest.param(
            weighted(1.5, estimated(4)),
            "小李在 2026-03-02 估计 T-0001 要 4 人周，合 0.92 人月",
            "触达 3.0 × 影响 2 × 信心 0.4 × 战略权重 1.5 ÷ 投入 0.92 人月 = 3.91；",
            id="override and strategy",
        ),
        pytest.param(
            replace(QUARTER, actual_weeks={"performance.crash": [1.0, 3.0, 8.0]}),
            "近 3 张“闪退故障”工单实际用了 1、3、8 人周，取中位数 3 人周，合 0.69 人月",
            "触达 3.0 × 影响 2 × 信心 0.4 ÷ 投入 0.69 人月 = 3.48；",
            id="history",
        ),
    ],
)
def test_sentences_of_effort_and_score(grounds: Grounds, effort: str, product: str) -> None:
    scored = score(users(3), grounds)
    assert reason(scored, "effort") == effort
    drawn = f"按用户重复抽样 1000 次，得分取中位数 {scored.priority.score:,.2f}"
    assert reason(scored, "score").startswith(product + drawn)


@pytest.mark.parametrize(
    ("grounds", "source"),
    [
        (QUARTER, EffortSource.DEFAULT),
        (replace(QUARTER, actual_weeks={"performance.crash": [1.0, 2.0]}), EffortSource.HISTORY),
        (estimated(1.0), EffortSource.OVERRIDE),
    ],
    ids=["default", "history", "override"],
)
def test_priority_knows_where_its_effort_comes_from(grounds: Grounds, source: EffortSource) -> None:
    assert score(users(3), grounds).priority.effort_source is source


def test_sentence_of_a_strategic_weight() -> None:
    scored = score(users(3), weighted(1.5))
    assert reason(scored, "strategy") == "“闪退故障”的战略权重 1.5，由团队设定"


def test_a_correction_moves_score_and_reach_alike() -> None:
    plain = score([sure(review_id=f"R-{n}") for n in range(50)]).priority
    corrected = replace(QUARTER, correction=Correction(1.5, 1.5, 1.5))
    more = score(users(50), corrected).priority
    assert more.reach == pytest.approx(1.5 * plain.reach)
    assert more.score > 1.3 * plain.score
