"""The review board's score."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.priority.board import board_score
from feedback_nlp.records import Criterion, Policy, Vote

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WEIGHTS = Policy().board
FEASIBILITY, NOVELTY, BENEFIT = Criterion.FEASIBILITY, Criterion.NOVELTY, Criterion.BENEFIT


def vote(criterion: Criterion, points: float | None, author: str = "小李", hours: int = 0) -> Vote:
    return Vote("T-0001", criterion, points, author, NOW + timedelta(hours=hours))


def score(*votes: Vote, benefit: float | None = None, feasibility: float | None = None) -> float:
    found = board_score(votes, WEIGHTS, benefit=benefit, feasibility=feasibility)
    assert found is not None
    return found.score


def test_the_three_criteria_count_forty_thirty_and_thirty_percent() -> None:
    votes = (vote(FEASIBILITY, 8), vote(NOVELTY, 6), vote(BENEFIT, 7))
    assert score(*votes) == pytest.approx(0.4 * 8 + 0.3 * 6 + 0.3 * 7)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        pytest.param((vote(NOVELTY, 6), vote(NOVELTY, 9, "小王")), 7.5, id="the mean of persons"),
        pytest.param((vote(NOVELTY, 6), vote(NOVELTY, 9, hours=1)), 9, id="the latest of one"),
        pytest.param(
            (vote(NOVELTY, 9, hours=1), vote(NOVELTY, 6)), 9, id="the latest, however listed"
        ),
        pytest.param((vote(NOVELTY, 6), vote(NOVELTY, 9)), 9, id="of the same time the last"),
        pytest.param(
            (vote(NOVELTY, 6), vote(NOVELTY, 9, "小王"), vote(NOVELTY, None, "小王", 1)),
            6,
            id="what was taken back is left out",
        ),
    ],
)
def test_of_each_person_the_latest_vote_counts(votes: tuple[Vote, ...], expected: float) -> None:
    assert score(*votes) == expected


def test_a_criterion_without_votes_takes_its_stand_in() -> None:
    found = board_score([vote(NOVELTY, 6)], WEIGHTS, benefit=9.0, feasibility=2.0)
    assert found is not None
    assert found.score == pytest.approx(0.4 * 2 + 0.3 * 6 + 0.3 * 9)
    assert [(each.criterion, each.votes, each.stand_in) for each in found.criteria] == [
        (FEASIBILITY, 0, True),
        (NOVELTY, 1, False),
        (BENEFIT, 0, True),
    ]
    assert found.reason == (
        "评审得分 5.3（满分 10）：可行性 2（没有人投票，按数据估算，权重 40%）、"
        "创新性 6（1 票，权重 30%）、效益预期 9（没有人投票，按数据估算，权重 30%）"
    )


def test_a_vote_goes_before_its_stand_in() -> None:
    votes = (vote(BENEFIT, 3), vote(FEASIBILITY, 0), vote(NOVELTY, 0))
    assert score(*votes, benefit=9.0) == pytest.approx(0.9)


def test_without_votes_and_stand_in_the_other_weights_grow() -> None:
    found = board_score([vote(FEASIBILITY, 8), vote(BENEFIT, 1)], WEIGHTS)
    assert found is not None
    assert found.score == pytest.approx((0.4 * 8 + 0.3 * 1) / 0.7)
    assert sum(each.weight for each in found.criteria) == pytest.approx(1)
    assert found.reason.endswith("；创新性没有人投票，不计")


@pytest.mark.parametrize(
    "votes",
    [
        pytest.param((), id="none at all"),
        pytest.param((vote(NOVELTY, 6), vote(NOVELTY, None, hours=1)), id="all taken back"),
    ],
)
def test_without_any_vote_there_is_no_score(votes: tuple[Vote, ...]) -> None:
    assert board_score(votes, WEIGHTS, benefit=9.0, feasibility=9.0) is None


def test_votes_for_what_does_not_count_make_no_score() -> None:
    weights = ((FEASIBILITY, 1.0), (NOVELTY, 0.0), (BENEFIT, 0.0))
    assert board_score([vote(NOVELTY, 6)], weights) is None


VOTES = st.lists(
    st.builds(
        vote,
        st.sampled_from(Criterion),
        st.floats(0, 10),
        st.sampled_from("甲乙丙"),
        st.integers(0, 99),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: (each.criterion, each.author, each.at),
)


@given(VOTES)
def test_the_score_is_within_the_votes_whatever_their_order(votes: list[Vote]) -> None:
    given_points = [each.points or 0 for each in votes]
    assert min(given_points) <= score(*votes) <= max(given_points)
    assert score(*votes[::-1]) == score(*votes)


@given(VOTES, st.floats(0, 10))
def test_a_better_vote_never_lowers_the_score(votes: list[Vote], more: float) -> None:
    better = [*votes[:-1], replace(votes[-1], points=max(votes[-1].points or 0, more))]
    assert score(*better) >= score(*votes) - 1e-9
