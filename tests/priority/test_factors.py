import numpy as np
import pytest
from builders import make_voice, make_voices

from feedback_nlp.priority import factors
from feedback_nlp.records import Voice


def observed(voices: list[Voice]) -> tuple[factors.Users, factors.Array]:
    users = factors.users_of(voices)
    return users, np.ones((1, users.count))


def reach(voices: list[Voice], span_days: float | None = None) -> float:
    return float(factors.reach(*observed(voices), span_days=span_days)[0])


def impact(*severities: int) -> float:
    voices = [
        make_voice("闪退", review_id=f"R-{n}", severity=level) for n, level in enumerate(severities)
    ]
    return float(factors.impact(*observed(voices))[0])


def confidence(voices: list[Voice]) -> float:
    return float(factors.confidence(*observed(voices))[0])


# --- users -------------------------------------------------------------------------------------


def test_user_counts_once_however_often_they_speak() -> None:
    assert reach(make_voices(["闪退"] * 5, author_id="u1")) == 1


def test_without_author_each_review_is_a_user() -> None:
    twice = [make_voice("闪退"), make_voice("打不开", start=5), make_voice("闪退", review_id="R-2")]
    assert reach(twice) == 2


def test_likes_of_a_review_count_once_for_all_its_opinions() -> None:
    voices = [make_voice("闪退", likes=3), make_voice("打不开", start=5, likes=3)]
    assert factors.users_of(voices).likes.tolist() == [3]


def test_likes_of_all_reviews_of_a_user_add_up() -> None:
    voices = make_voices(["闪退", "打不开"], author_id="u1", likes=2)
    assert factors.users_of(voices).likes.tolist() == [4]


# --- reach -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("likes", "expected"),
    [(0, 10.0), (10, 11.0), (50, 15.0), (51, 15.0), (10**10, 15.0)],
    ids=["none", "a tenth of a user each", "just the cap", "above the cap", "far above"],
)
def test_likes_add_at_most_half_of_the_users(likes: int, expected: float) -> None:
    voices = make_voices(["闪退"] * 10)
    voices[0] = make_voice("闪退", review_id="R-001", likes=likes)
    assert reach(voices) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("span_days", "expected"),
    [
        pytest.param(None, 10.0, id="no dates: not scaled"),
        pytest.param(91, 10.0, id="a quarter"),
        pytest.param(45.5, 20.0, id="half a quarter"),
        pytest.param(364, 2.5, id="a year"),
        pytest.param(7, 130.0, id="a week"),
        pytest.param(0, 130.0, id="one moment counts as a week"),
    ],
)
def test_reach_is_scaled_to_a_quarter(span_days: float | None, expected: float) -> None:
    assert reach(make_voices(["闪退"] * 10), span_days) == pytest.approx(expected)


# --- impact ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "tier"),
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
def test_impact_is_the_nearest_tier(severities: list[int], tier: float) -> None:
    assert impact(*severities) == tier


def test_impact_averages_over_users_not_opinions() -> None:
    loud = [make_voice("闪退", start=n, severity=3) for n in range(9)]
    quiet = make_voices(["慢"] * 4, prefix="Q", severity=1)
    assert float(factors.impact(*observed([*loud, *quiet]))[0]) == 1


# --- confidence --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("users", "uncertain", "channels", "expected"),
    [
        pytest.param(3, 0, 3, 0.5, id="three users: half"),
        pytest.param(27, 0, 3, 0.9, id="more users, more sure"),
        pytest.param(27, 0, 1, 0.72, id="heard in one channel only"),
        pytest.param(27, 0, 2, 0.81, id="heard in two"),
        pytest.param(27, 27, 3, 0.45, id="classifier unsure of all"),
        pytest.param(27, 9, 4, 0.75, id="unsure of a third"),
    ],
)
def test_confidence(users: int, uncertain: int, channels: int, expected: float) -> None:
    voices = [
        make_voice(
            "闪退", review_id=f"R-{n:02d}", uncertain=n < uncertain, channel=f"渠道{n % channels}"
        )
        for n in range(users)
    ]
    assert confidence(voices) == pytest.approx(expected)


def test_nobody_drawn_reaches_nobody() -> None:
    users = factors.users_of(make_voices(["闪退"] * 3))
    nobody = np.zeros((1, 3))
    assert factors.reach(users, nobody, span_days=30).tolist() == [0]
    assert factors.confidence(users, nobody).tolist() == [0]
    assert factors.impact(users, nobody).tolist() == [factors.IMPACT_TIERS[0]]
