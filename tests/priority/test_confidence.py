"""Confidence: how far the other numbers can be trusted, and the sentence that says why."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import MONDAY, make_theme
from hypothesis import given, settings
from hypothesis import strategies as st
from priority_samples import AS_OF, QUARTER, any_grounds, any_voices, crowd_of, reason, score, users

from feedback_nlp.priority.confidence import Trust, confidence, tier_of, trust_of
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.records import Theme, Verdict, Voice

few = settings(max_examples=50)
WORKED, FAILED = Verdict.WORKED, Verdict.FAILED
CRASH = "performance.crash"


def heard(number: int, *, channels: int = 1, uncertain: int = 0) -> list[Voice]:
    voices = [
        replace(voice, channel=f"渠道{place % channels}")
        for place, voice in enumerate(users(number))
    ]
    return [
        replace(voice, labels=replace(voice.labels, uncertain=place < uncertain))
        for place, voice in enumerate(voices)
    ]


def trusted(grounds: Grounds = QUARTER, *, channels: int = 3, **theme: object) -> Trust:
    voices = heard(9, channels=channels)
    made: Theme = replace(make_theme(voices), **theme)  # type: ignore[arg-type]
    return trust_of(made, crowd_of(voices), grounds)


def said(*verdicts: Verdict) -> Grounds:
    return replace(QUARTER, outcomes={CRASH: verdicts})


def silent(days: int) -> Trust:
    return trusted(last_seen=MONDAY - timedelta(days=days))


# --- laws --------------------------------------------------------------------------------------


@few
@given(any_voices(), any_grounds())
def test_confidence_lies_between_nothing_and_all(voices: list[Voice], grounds: Grounds) -> None:
    crowd = crowd_of(voices, grounds)
    trust = trust_of(make_theme(voices), crowd, grounds)
    for sums in (crowd.observed, crowd.drawn):
        found = confidence(sums, trust)
        assert ((found >= 0) & (found <= 1)).all()


@given(st.lists(st.sampled_from(list(Verdict)), max_size=30))
def test_a_fix_that_worked_never_lowers_trust_and_one_that_failed_never_raises_it(
    verdicts: list[Verdict],
) -> None:
    now = trusted(said(*verdicts)).outcomes
    assert 0 < now <= 1
    assert trusted(said(*verdicts, WORKED)).outcomes >= now
    assert trusted(said(*verdicts, FAILED)).outcomes <= now
    assert trusted(said(*verdicts, Verdict.INCONCLUSIVE)).outcomes == now


@given(st.integers(0, 400), st.integers(0, 100))
def test_longer_silence_never_raises_trust(days: int, more: int) -> None:
    assert silent(days + more).age <= silent(days).age


# --- factors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "uncertain", "channels", "expected"),
    [
        pytest.param(3, 0, 3, 0.5, id="three users: half"),
        pytest.param(27, 0, 3, 0.9, id="more users, more sure"),
        pytest.param(27, 0, 1, 0.72, id="heard in one channel only"),
        pytest.param(27, 0, 2, 0.81, id="heard in two"),
        pytest.param(27, 27, 3, 0.45, id="classifier unsure of all"),
        pytest.param(27, 9, 4, 0.75, id="unsure of a third"),
    ],
)
def test_sample_certainty_and_breadth(
    number: int, uncertain: int, channels: int, expected: float
) -> None:
    voices = heard(number, uncertain=uncertain, channels=channels)
    assert score(voices).priority.confidence == pytest.approx(expected)


@pytest.mark.parametrize(
    ("days", "factor"),
    [(0, 1.0), (28, 1.0), (59, 0.754), (91, 0.5), (1_000, 0.5)],
    ids=["today", "four weeks", "two months", "a quarter", "years"],
)
def test_what_nobody_says_any_more_is_trusted_less(days: int, factor: float) -> None:
    assert silent(days).age == pytest.approx(factor, abs=0.001)


@pytest.mark.parametrize(
    ("last_seen", "grounds"),
    [(None, QUARTER), (MONDAY, Grounds())],
    ids=["the theme has no dates", "too few have dates"],
)
def test_silence_is_not_known_without_dates(last_seen: datetime | None, grounds: Grounds) -> None:
    assert trusted(grounds, last_seen=last_seen).age == 1.0


@pytest.mark.parametrize(
    ("cohesion", "usual", "factor"),
    [
        pytest.param(0.6, 0.6, 1.0, id="as usual"),
        pytest.param(0.51, 0.6, 0.9, id="looser"),
        pytest.param(0.2, 0.6, 0.8, id="very loose"),
        pytest.param(0.9, 0.6, 1.0, id="tighter than usual"),
        pytest.param(None, 0.6, 1.0, id="not known"),
        pytest.param(0.2, None, 1.0, id="nothing is usual"),
    ],
)
def test_a_loose_theme_is_trusted_less(
    cohesion: float | None, usual: float | None, factor: float
) -> None:
    found = trusted(replace(QUARTER, usual_cohesion=usual), cohesion=cohesion)
    assert found.cohesion == pytest.approx(factor)


@pytest.mark.parametrize(
    ("verdicts", "factor"),
    [
        pytest.param([], 1.0, id="nothing known"),
        pytest.param([WORKED] * 9, 1.0, id="all worked"),
        pytest.param([FAILED], 0.8, id="one did not"),
        pytest.param([WORKED, FAILED, Verdict.RELAPSED, FAILED], 0.625, id="one of four"),
        pytest.param([FAILED] * 12, 0.25, id="none of twelve"),
        pytest.param([Verdict.INCONCLUSIVE] * 9, 1.0, id="nothing found out"),
    ],
)
def test_earlier_fixes_of_the_topic_count(verdicts: list[Verdict], factor: float) -> None:
    assert trusted(said(*verdicts)).outcomes == factor


def test_fixes_of_other_topics_do_not_count() -> None:
    other = replace(QUARTER, outcomes={"performance.speed": [FAILED] * 9})
    assert trusted(other).outcomes == 1.0


@pytest.mark.parametrize(
    ("value", "tier"), [(1.0, 100), (0.9, 100), (0.89, 80), (0.65, 80), (0.64, 50), (0.0, 50)]
)
def test_tier_of_intercom(value: float, tier: int) -> None:
    assert tier_of(value) == tier


# --- the sentence ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        pytest.param(
            heard(3, uncertain=1),
            "样本 3 人（系数 0.50） × 判断把握（33% 为不确定，系数 0.83） × 1 个渠道（系数 0.8）"
            " ≈ 0.33，相当于 50% 档",
            id="50 %",
        ),
        pytest.param(
            heard(12, uncertain=1, channels=3),
            "样本 12 人（系数 0.80） × 判断把握（8% 为不确定，系数 0.96） × 3 个渠道（系数 1）"
            " ≈ 0.77，相当于 80% 档",
            id="80 %",
        ),
        pytest.param(
            heard(60, channels=3),
            "样本 60 人（系数 0.95） × 判断把握（0% 为不确定，系数 1.00） × 3 个渠道（系数 1）"
            " ≈ 0.95，相当于 100% 档",
            id="100 %",
        ),
    ],
)
def test_sentence_of_confidence(voices: list[Voice], expected: str) -> None:
    assert reason(score(voices), "confidence") == expected


def test_sentence_of_a_loose_silent_theme_with_a_record() -> None:
    grounds = replace(
        QUARTER, as_of=AS_OF, usual_cohesion=0.6, outcomes={CRASH: [WORKED, FAILED, FAILED]}
    )
    silent = {"cohesion": 0.51, "last_seen": MONDAY - timedelta(days=59)}
    assert reason(score(heard(27, channels=3), grounds, **silent), "confidence") == (
        "样本 27 人（系数 0.90） × 判断把握（0% 为不确定，系数 1.00） × 3 个渠道（系数 1） × "
        "意见相近程度 0.51，一般主题 0.60（系数 0.90） × 已有 59 天没有人提到（系数 0.75） × "
        "同类问题以往 3 次改进 1 次有效（系数 0.71） ≈ 0.44，相当于 50% 档"
    )
