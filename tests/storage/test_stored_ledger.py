"""Placements, vectors and proposals as storage keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, NOW, annotation, labels, review, theme

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import (
    Bar,
    EditKind,
    How,
    Placement,
    Proposal,
    ProposalKind,
    ProposalState,
    Signature,
)
from feedback_nlp.storage import (
    annotations,
    embeddings,
    placements,
    proposals,
    reviews,
    theme_edits,
    themes,
)
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.placements import Compared
from feedback_nlp.storage.theme_edits import Move, NewEdit

JOINED = Placement("r1", 4, "T-0001", How.JOINED, 0.625, "T-0002", 0.5)
FOUNDED = Placement("r1", 0, "T-0001", How.FOUNDED)
COMPARED = Compared("m 2026", NOW)
LATER = NOW + timedelta(days=1)
MERGE = Proposal(ProposalKind.MERGE, "T-0001", "T-0002", 0.75)
SPLIT = Proposal(ProposalKind.SPLIT, "T-0001", None, 0.25, (("r1", 0), ("r2", 4)))
LI = Signature("小李", LATER, "不是一回事")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Two reviews with two opinions each, and two themes."""
    with transaction(engine) as session:
        many = [review("r1", created_at=NOW), review("r2")]
        reviews.add(session, HOME, many, now=NOW)
        spoken = [annotation(one, (0, 3, labels()), (4, 7, labels())) for one in many]
        annotations.add(session, HOME, spoken)
        themes.save(session, HOME, [theme("T-0001"), theme("T-0002", name="卡顿")], now=NOW)
        yield session


# --- placements --------------------------------------------------------------------------------


def test_placements_come_back_in_order(session: Session) -> None:
    placements.put(session, HOME, [JOINED, FOUNDED], COMPARED)
    assert placements.every(session, HOME) == [FOUNDED, JOINED]
    assert placements.of_theme(session, HOME, "T-0001") == [FOUNDED, JOINED]
    assert placements.of_theme(session, HOME, "T-0002") == []
    assert placements.of_review(session, HOME, "r1") == [FOUNDED, JOINED]


def test_an_opinion_has_one_place(session: Session) -> None:
    placements.put(session, HOME, [JOINED], COMPARED)
    moved = replace(FOUNDED, start=4, theme_id="T-0002", how=How.BY_HAND)
    placements.put(session, HOME, [moved], Compared("", LATER))
    assert placements.every(session, HOME) == [moved]
    placements.remove(session, HOME, [moved.place])
    assert placements.every(session, HOME) == []


def test_a_place_counts_while_the_review_has_its_text(session: Session) -> None:
    placements.put(session, HOME, [JOINED], COMPARED)
    reviews.add(session, HOME, [review("r1", text="改了，都好了")], now=LATER)
    assert placements.every(session, HOME) == []
    again = replace(JOINED, theme_id="T-0002")
    placements.put(session, HOME, [again], COMPARED)
    assert placements.every(session, HOME) == [again]


def test_what_placements_rest_on_is_known_and_confirmed(session: Session) -> None:
    placements.put(session, HOME, [FOUNDED], COMPARED)
    placements.put(session, HOME, [replace(JOINED, how=How.BY_HAND)], Compared("", NOW))
    assert placements.basis(session, HOME) == {"m 2026"}
    placements.confirm(session, HOME, placements.every(session, HOME), Compared("n 2027", LATER))
    assert placements.basis(session, HOME) == {"n 2027"}


# --- vectors -----------------------------------------------------------------------------------


def test_a_stored_vector_is_the_rounded_one(session: Session) -> None:
    vector = np.linspace(-0.1, 0.1, 8, dtype=np.float32)
    embeddings.add(session, HOME, {("r1", 4): vector}, model=MODEL)
    known = embeddings.known(session, HOME, model=MODEL)
    assert set(known) == {("r1", 4)}
    assert known["r1", 4].dtype == np.float32
    assert np.array_equal(known["r1", 4], embeddings.rounded(vector))
    assert np.abs(known["r1", 4] - vector).max() < 1e-4
    assert embeddings.known(session, HOME, model="other/2026-01-01") == {}


def test_a_vector_goes_when_the_review_is_read_anew(session: Session) -> None:
    embeddings.add(session, HOME, {("r1", 4): np.ones(2, np.float32)}, model=MODEL)
    reviews.add(session, HOME, [review("r1", text="改了，不好用")], now=LATER)
    annotations.add(
        session, HOME, [annotation(review("r1", text="改了，不好用"), (3, 6, labels()))]
    )
    assert embeddings.known(session, HOME, model=MODEL) == {}


# --- proposals ---------------------------------------------------------------------------------


def states(session: Session) -> list[tuple[str, ProposalState]]:
    return [(each.id, each.state) for each in proposals.every(session, HOME)]


def test_proposals_come_back_and_keep_their_ids(session: Session) -> None:
    proposals.save(session, HOME, [MERGE, SPLIT], now=NOW)
    proposals.save(session, HOME, [SPLIT, replace(MERGE, similarity=0.8)], now=LATER)
    found = proposals.every(session, HOME, state=ProposalState.OPEN)
    assert [each.id for each in found] == ["P-0001", "P-0002"]
    assert [each.proposal for each in found] == [replace(MERGE, similarity=0.8), SPLIT]
    assert {each.at for each in found} == {NOW}
    assert proposals.get(session, HOME, "P-0002") == found[1]


def test_what_is_not_true_any_more_goes_stale_and_may_return(session: Session) -> None:
    proposals.save(session, HOME, [MERGE], now=NOW)
    proposals.save(session, HOME, [], now=NOW)
    assert states(session) == [("P-0001", ProposalState.STALE)]
    proposals.save(session, HOME, [MERGE], now=LATER)
    assert states(session) == [("P-0001", ProposalState.OPEN)]


@pytest.mark.parametrize("said", [ProposalState.REJECTED, ProposalState.ACCEPTED])
def test_what_is_decided_is_not_proposed_again(session: Session, said: ProposalState) -> None:
    proposals.save(session, HOME, [MERGE], now=NOW)
    before = proposals.decide(session, HOME, "P-0001", said, LI)
    assert before.proposal == MERGE
    turned = replace(MERGE, theme_id="T-0002", other_id="T-0001")
    proposals.save(session, HOME, [turned, SPLIT], now=LATER)
    assert states(session) == [("P-0001", said), ("P-0002", ProposalState.OPEN)]
    assert proposals.get(session, HOME, "P-0001").decided == LI


def test_a_proposal_is_decided_once(session: Session) -> None:
    proposals.save(session, HOME, [MERGE], now=NOW)
    with pytest.raises(InputError, match="P-0001"):
        proposals.decide(
            session, HOME, "P-0001", ProposalState.REJECTED, replace(LI, reason="\x00")
        )
    proposals.decide(session, HOME, "P-0001", ProposalState.REJECTED, LI)
    with pytest.raises(ConflictError, match="P-0001"):
        proposals.decide(session, HOME, "P-0001", ProposalState.ACCEPTED, LI)
    with pytest.raises(NotFoundError, match="P-0009"):
        proposals.decide(session, HOME, "P-0009", ProposalState.ACCEPTED, LI)


# --- bars --------------------------------------------------------------------------------------


def test_a_bar_counts_while_the_review_has_its_text(session: Session) -> None:
    bar, moved = Bar("r1", 4, "T-0001"), Move("r1", 4, "T-0001", None)
    edit = NewEdit(EditKind.MOVE, "T-0001", LI, (), (moved,), (bar,))
    number = theme_edits.record(session, HOME, edit).number
    assert theme_edits.all_bars(session, HOME) == {bar}
    reviews.add(session, HOME, [review("r1", text="改了，别的都好")], now=LATER)
    assert theme_edits.all_bars(session, HOME) == frozenset()
    theme_edits.record(session, HOME, edit)
    assert theme_edits.all_bars(session, HOME) == {bar}
    theme_edits.lift_bars(session, HOME, number)
    assert theme_edits.all_bars(session, HOME) == {bar}
    theme_edits.lift_bars(session, HOME, number + 1)
    assert theme_edits.all_bars(session, HOME) == frozenset()
