"""Users of a theme: each counts once, whatever they write."""

from dataclasses import fields, replace

import numpy as np
import pytest
from builders import make_voice
from hypothesis import given, settings
from hypothesis import strategies as st
from priority_samples import (
    QUARTER,
    ago,
    any_grounds,
    any_voices,
    crowd_of,
    sure,
    users,
    wish,
)

from feedback_nlp.priority.crowd import LIKE_CAP, Person, Sums, weight_of, worth_of
from feedback_nlp.priority.draws import DRAWS, user_draws
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.records import Policy, Segment, Voice

few = settings(max_examples=50)


def only(*voices: Voice, grounds: Grounds = QUARTER) -> Person:
    (person,) = crowd_of(voices, grounds).people
    return person


def table(sums: Sums) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.stack([getattr(sums, field.name) for field in fields(sums)])


# --- laws --------------------------------------------------------------------------------------


@few
@given(any_voices(), any_grounds(), st.data())
def test_order_of_voices_changes_nothing(
    voices: list[Voice], grounds: Grounds, data: st.DataObject
) -> None:
    crowd = crowd_of(voices, grounds)
    shuffled = crowd_of(data.draw(st.permutations(voices)), grounds)
    assert shuffled.people == crowd.people
    assert np.array_equal(table(shuffled.observed), table(crowd.observed))
    assert np.array_equal(table(shuffled.drawn), table(crowd.drawn))


@few
@given(any_voices(), any_grounds())
def test_sums_are_finite_and_never_negative(voices: list[Voice], grounds: Grounds) -> None:
    crowd = crowd_of(voices, grounds)
    for sums, draws in ((crowd.observed, 1), (crowd.drawn, DRAWS)):
        assert table(sums).shape == (10, draws)
        assert np.isfinite(table(sums)).all()
        assert (table(sums) >= 0).all()


@few
@given(any_voices(), any_grounds())
def test_a_draw_sums_users_as_often_as_they_are_drawn(
    voices: list[Voice], grounds: Grounds
) -> None:
    crowd = crowd_of(voices, grounds)
    times = user_draws([person.key for person in crowd.people])
    assert np.array_equal(crowd.drawn.users, times.sum(axis=0))
    expected = sum(
        draws.astype(float) * person.value * person.complaint
        for draws, person in zip(times, crowd.people, strict=True)
    )
    assert crowd.drawn.complaints == pytest.approx(expected)


def test_very_many_users_are_drawn_in_parts() -> None:
    crowd = crowd_of(users(9_001))
    times = user_draws([person.key for person in crowd.people])
    assert np.array_equal(crowd.drawn.users, times.sum(axis=0))


# --- who counts --------------------------------------------------------------------------------


def test_user_counts_once_however_often_they_speak() -> None:
    voices = [sure(review_id=f"R-{place}", author_id="甲") for place in range(100)]
    assert crowd_of(voices).observed.users.tolist() == [1]
    assert only(*voices).voices == 100


def test_without_author_each_review_is_a_user() -> None:
    voices = [sure(review_id="R-1"), sure(review_id="R-1", start=9), sure(review_id="R-2")]
    crowd = crowd_of(voices)
    assert [person.voices for person in crowd.people] == [2, 1]
    assert (crowd.anonymous, crowd.total, crowd.channels) == (3, 3, 1)


def test_the_same_name_in_two_channels_is_two_users() -> None:
    crowd = crowd_of([sure(author_id="甲"), sure(review_id="R-2", author_id="甲", channel="微博")])
    assert (len(crowd.people), crowd.anonymous, crowd.channels) == (2, 0, 2)


@pytest.mark.parametrize(
    ("voices", "complaint", "asks"),
    [
        pytest.param(
            [sure(chance=0.4), sure(chance=0.8, start=9)], 0.8, 0.0, id="surest complaint"
        ),
        pytest.param([wish()], 0.0, 1.0, id="asks for something"),
        pytest.param([sure(chance=0.6), wish(start=9)], 0.0, 1.0, id="complains and asks"),
        pytest.param([sure(created_at=ago(91))], 0.0, 0.0, id="complained long ago"),
        pytest.param(
            [sure(created_at=ago(91)), wish(start=9)], 0.0, 1.0, id="complained long ago, asks now"
        ),
        pytest.param([sure(created_at=None)], 1.0, 0.0, id="nobody knows when"),
    ],
)
def test_what_a_user_adds_to_reach(voices: list[Voice], complaint: float, asks: float) -> None:
    person = only(*[replace(voice, author_id="甲") for voice in voices])
    assert person.complaint == pytest.approx(complaint)
    assert person.request == asks


def test_what_was_said_long_ago_still_tells_of_the_user() -> None:
    person = only(
        sure("卸载了", author_id="甲", created_at=ago(300), severity=3, rating=1.0),
        sure(review_id="R-2", author_id="甲", rating=2.0),
    )
    assert (person.leaves, person.sharp, person.severity, person.stars) == (True, True, 2.5, 1.5)


# --- likes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("likes", "value"),
    [(0, 1.0), (1, 1.1), (5, 1.5), (6, 1.5), (10**12, 1.5)],
    ids=["none", "a tenth of a user", "just the cap", "above", "far above"],
)
def test_likes_add_at_most_half_a_user(likes: int, value: float) -> None:
    assert only(sure(likes=likes)).value == pytest.approx(value)
    assert value <= 1 + LIKE_CAP


def test_likes_of_a_review_count_once_for_all_its_opinions() -> None:
    assert only(sure(likes=3), sure(start=9, likes=3)).likes == 3


def test_likes_of_all_reviews_of_a_user_add_up() -> None:
    one, other = sure(likes=2, author_id="甲"), sure(review_id="R-2", likes=2, author_id="甲")
    assert only(one, other).likes == 4


# --- tier and segment --------------------------------------------------------------------------


POLICY = Policy(
    tiers=(("A", 2.0), ("B", 1.5), ("零", 0.0)),
    segments=((Segment.HIGH_VALUE, 3.0), (Segment.LOST, 0.5)),
)
KNOWN = replace(QUARTER, policy=POLICY, worth={"甲": Worth("B", Segment.HIGH_VALUE)})


@pytest.mark.parametrize(
    ("worth", "weight"),
    [
        pytest.param(Worth(), 1.0, id="nothing known"),
        pytest.param(Worth("A"), 2.0, id="tier"),
        pytest.param(Worth("无此等级"), 1.0, id="tier that the policy does not name"),
        pytest.param(Worth(None, Segment.LOST), 0.5, id="segment"),
        pytest.param(Worth(None, Segment.NEW), 1.0, id="segment that the policy does not name"),
        pytest.param(Worth("A", Segment.HIGH_VALUE), 6.0, id="both multiply"),
        pytest.param(Worth("零", Segment.HIGH_VALUE), 0.0, id="nobody"),
    ],
)
def test_weight_of_tier_and_segment(worth: Worth, weight: float) -> None:
    assert weight_of(worth, POLICY) == weight


def test_the_default_policy_knows_tiers_and_segments() -> None:
    assert weight_of(Worth("钻石", Segment.AT_RISK), Policy()) == pytest.approx(1.5 * 1.3)
    assert weight_of(Worth("C", Segment.NEW), Policy()) == 1.0


@pytest.mark.parametrize(
    ("voice", "worth"),
    [
        pytest.param(
            sure(author_id="甲", author_tier="A"), Worth("A", Segment.HIGH_VALUE), id="the review's"
        ),
        pytest.param(sure(author_id="甲"), Worth("B", Segment.HIGH_VALUE), id="the customer's"),
        pytest.param(sure(author_id="乙"), Worth(), id="unknown author"),
        pytest.param(sure(author_tier="A"), Worth("A"), id="anonymous review with a tier"),
    ],
)
def test_the_tier_of_the_review_comes_first(voice: Voice, worth: Worth) -> None:
    assert worth_of(voice, KNOWN) == worth


def test_a_user_of_several_tiers_counts_as_the_heaviest() -> None:
    voices = [
        sure(author_id="乙", author_tier="零"),
        sure(review_id="R-2", author_id="乙", author_tier="A"),
        sure(review_id="R-3", author_id="乙", author_tier="B"),
    ]
    person = only(*voices, grounds=KNOWN)
    assert (person.tier, person.weight, person.value) == ("A", 2.0, 2.0)


def test_weight_and_likes_multiply() -> None:
    assert only(sure(author_id="甲", likes=5), grounds=KNOWN).value == 1.5 * 3.0 * 1.5


# --- sharp -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("voice", "sharp"),
    [
        (sure(severity=3), True),
        (sure("充电时冒烟起火了"), True),
        (sure("要去法院起诉"), True),
        (sure("有点慢"), False),
        (make_voice("没有起火"), False),
    ],
    ids=["severe", "safety", "law", "plain", "denied"],
)
def test_who_speaks_of_something_sharp(voice: Voice, sharp: bool) -> None:  # noqa: FBT001 (a table)
    assert only(voice).sharp is sharp


@pytest.mark.parametrize("tier", ["金", "金卡", "金 卡", "金级", "金卡会员", "金级客户"])
def test_a_tier_counts_under_each_of_its_names(tier: str) -> None:
    assert weight_of(Worth(tier), Policy()) == 1.3


@pytest.mark.parametrize("tier", ["白金", "金融", "卡", "级", ""])
def test_another_tier_counts_one(tier: str) -> None:
    assert weight_of(Worth(tier), Policy()) == 1
