"""Tickets that look like parts of one problem."""

import pytest
from builders import make_voice
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Proposal, ProposalKind, Voice
from feedback_nlp.tickets.relate import related

TICKETS = {"T-0001": "K-0002", "T-0002": "K-0003", "T-0003": "K-0010"}
reviews = st.sets(st.integers(0, 9))


def voices(*numbers: int) -> list[Voice]:
    """One opinion of each of these reviews."""
    return [make_voice("闪退", review_id=f"R-{number}") for number in numbers]


def proposed(
    theme_id: str, other_id: str | None, kind: ProposalKind = ProposalKind.MERGE
) -> Proposal:
    return Proposal(kind, theme_id, other_id, 0.9)


@pytest.mark.parametrize(
    ("shared", "one", "other", "expected"),
    [
        pytest.param(3, 3, 3, True, id="the same three reviews"),
        pytest.param(2, 2, 2, False, id="two are too few"),
        pytest.param(3, 15, 900, True, id="a fifth of the smaller theme"),
        pytest.param(3, 16, 900, False, id="less than a fifth"),
        pytest.param(7, 35, 35, True, id="just a fifth of many"),
        pytest.param(0, 9, 9, False, id="nothing shared"),
    ],
)
def test_themes_that_many_reviews_speak_of_belong_together(
    shared: int,
    one: int,
    other: int,
    expected: bool,  # noqa: FBT001 (a table)
) -> None:
    said = {
        "T-0001": voices(*range(one)),
        "T-0002": voices(*range(one - shared, one - shared + other)),
    }
    linked = {"K-0002": ("K-0003",), "K-0003": ("K-0002",)}
    assert related(TICKETS, said) == (linked if expected else {})


def test_a_review_counts_once_however_much_it_says() -> None:
    loud = [make_voice("闪退", review_id="R-1", start=start) for start in range(9)]
    assert related(TICKETS, {"T-0001": loud, "T-0002": loud}) == {}


def test_what_is_proposed_to_be_merged_belongs_together() -> None:
    found = related(TICKETS, {}, [proposed("T-0003", "T-0001"), proposed("T-0001", "T-0002")])
    assert found == {
        "K-0002": ("K-0003", "K-0010"),
        "K-0003": ("K-0002",),
        "K-0010": ("K-0002",),
    }


@pytest.mark.parametrize(
    "proposal",
    [
        pytest.param(proposed("T-0001", None, ProposalKind.SPLIT), id="a split"),
        pytest.param(proposed("T-0001", "T-0002", ProposalKind.SPLIT), id="a split, whatever else"),
        pytest.param(proposed("T-0001", "T-0099"), id="a theme without a ticket"),
        pytest.param(proposed("T-0001", "T-0001"), id="a theme with itself"),
    ],
)
def test_other_proposals_relate_nothing(proposal: Proposal) -> None:
    assert related(TICKETS, {}, [proposal]) == {}


def test_no_tickets_belong_to_nothing() -> None:
    assert related({}, {"T-0001": voices(1, 2, 3)}, [proposed("T-0001", "T-0002")]) == {}


@given(reviews, reviews, reviews, st.data())
def test_links_go_both_ways_whatever_the_order(
    one: set[int], two: set[int], three: set[int], data: st.DataObject
) -> None:
    said = {key: voices(*numbers) for key, numbers in zip(TICKETS, (one, two, three), strict=True)}
    found = related(TICKETS, said, [proposed("T-0002", "T-0003")])
    assert "K-0010" in found["K-0003"]
    for ticket, others in found.items():
        assert ticket not in others
        assert all(ticket in found[other] for other in others)
    shuffled = dict(data.draw(st.permutations(list(TICKETS.items()))))
    assert related(shuffled, said, [proposed("T-0003", "T-0002")]) == found
