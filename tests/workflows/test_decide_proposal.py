"""Proposals: done when accepted, never made again once decided, whatever later runs find."""

from collections.abc import Callable
from typing import Final

import pytest
from builders import NOW
from desk import COMPLAINTS, Desk

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import (
    Proposal,
    ProposalKind,
    ProposalState,
    Signature,
    Theme,
    ThemeState,
)
from feedback_nlp.storage import proposals, themes
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.proposals import StoredProposal
from feedback_nlp.workflows import decide_proposal, regroup_themes
from feedback_nlp.workflows.edit_desk import Desk as EditDesk
from feedback_nlp.workflows.edit_desk import Effect
from feedback_nlp.workflows.run_files import plan_stored
from feedback_nlp.workflows.undo_edit import undo

ONE, OTHER = "T-0001", "T-0002"
SIGNED: Final = Signature("小李", NOW, "看过原话")
Work = Callable[[EditDesk], Effect]


@pytest.fixture
def planned(desk: Desk) -> Desk:
    desk.run(COMPLAINTS)
    return desk


def plan(desk: Desk) -> None:
    with desk.setup() as setup:
        plan_stored(setup, now=NOW)


def theme(desk: Desk, theme_id: str) -> Theme:
    with desk.engine() as engine, reading(engine) as session:
        found = themes.get(session, desk.workspace, theme_id)
    assert found is not None
    return found


def state(desk: Desk) -> dict[str, ProposalState]:
    with desk.engine() as engine, reading(engine) as session:
        return {each.id: each.state for each in proposals.every(session, desk.workspace)}


def merger() -> Proposal:
    return Proposal(ProposalKind.MERGE, ONE, OTHER, 0.9)


def splitter(desk: Desk) -> Proposal:
    """Take the longest wording out of the first theme."""
    with desk.engine() as engine, reading(engine) as session:
        voices = themes.voices_of(
            session, desk.workspace, ONE, model=desk.classifier.version, limit=99
        )
    longest = max((voice.text for voice in voices), key=len)
    part = sorted((each.review_id, each.start) for each in voices if each.text == longest)
    return Proposal(ProposalKind.SPLIT, ONE, None, 0.2, tuple(part))


def propose(desk: Desk, *made: Proposal) -> None:
    """Store what a run found, as a run does."""
    with desk.engine() as engine, transaction(engine) as session:
        proposals.save(session, desk.workspace, made, now=NOW)


def edit(desk: Desk, work: Work) -> Effect:
    with desk.engine() as engine, transaction(engine) as session:
        return work(EditDesk(session, desk.workspace, desk.classifier.version))


def accept(desk: Desk, proposal_id: str = "P-0001") -> Effect:
    return edit(desk, lambda at: decide_proposal.accept(at, proposal_id, SIGNED))


def reject(desk: Desk, proposal_id: str = "P-0001") -> StoredProposal:
    with desk.engine() as engine, transaction(engine) as session:
        return decide_proposal.reject(session, desk.workspace, proposal_id, SIGNED)


def proposer_may_not(desk: Desk) -> tuple[frozenset[frozenset[str]], frozenset[str]]:
    with desk.engine() as engine, reading(engine) as session:
        found = decide_proposal.decided(session, desk.workspace)
    return found.apart, found.whole


@pytest.mark.parametrize("kind", [ProposalKind.MERGE, ProposalKind.SPLIT])
def test_what_was_rejected_is_never_proposed_again(planned: Desk, kind: ProposalKind) -> None:
    made = merger() if kind is ProposalKind.MERGE else splitter(planned)
    propose(planned, made)
    before = theme(planned, ONE)
    assert reject(planned).proposal == made
    pair = frozenset({frozenset({ONE, OTHER})})
    barred = (pair, frozenset()) if kind is ProposalKind.MERGE else (frozenset(), frozenset({ONE}))
    for _ in range(2):
        plan(planned)
        propose(planned, made)
        assert state(planned) == {"P-0001": ProposalState.REJECTED}
        assert proposer_may_not(planned) == barred
    assert theme(planned, ONE) == before
    with planned.engine() as engine, reading(engine) as session:
        (kept,) = proposals.every(session, planned.workspace)
    assert kept.decided == SIGNED


def test_an_accepted_merge_is_done_and_stays_done(planned: Desk) -> None:
    held = {*theme(planned, ONE).members, *theme(planned, OTHER).members}
    propose(planned, merger())
    assert accept(planned).edit.signature == SIGNED
    for _ in range(2):
        plan(planned)
        assert set(theme(planned, ONE).members) == held
        gone = theme(planned, OTHER)
        assert (gone.state, gone.merged_into) == (ThemeState.MERGED, ONE)
        assert state(planned) == {"P-0001": ProposalState.ACCEPTED}


def test_an_accepted_split_is_done_and_stays_done(planned: Desk) -> None:
    made = splitter(planned)
    propose(planned, made)
    new = accept(planned).changes[0].theme.id
    for _ in range(2):
        plan(planned)
        assert set(theme(planned, new).members) == set(made.members)
        assert not set(theme(planned, ONE).members) & set(made.members)
        assert proposer_may_not(planned) == (frozenset({frozenset({ONE, new})}), frozenset())


def test_an_accepted_one_that_was_undone_is_not_proposed_again(planned: Desk) -> None:
    propose(planned, merger())
    accept(planned)
    edit(planned, lambda at: undo(at, SIGNED))
    plan(planned)
    propose(planned, merger())
    assert theme(planned, OTHER).state is ThemeState.OPEN
    assert state(planned) == {"P-0001": ProposalState.ACCEPTED}


def test_what_a_run_does_not_find_again_is_stale_and_not_decided(planned: Desk) -> None:
    propose(planned, merger())
    plan(planned)
    assert state(planned) == {"P-0001": ProposalState.STALE}
    for decide in (accept, reject):
        with pytest.raises(ConflictError, match="P-0001"):
            decide(planned)


def test_nothing_is_decided_twice(planned: Desk) -> None:
    propose(planned, merger())
    reject(planned)
    for decide in (accept, reject):
        with pytest.raises(ConflictError, match="P-0001"):
            decide(planned)


def test_an_unknown_proposal_is_not_found(planned: Desk) -> None:
    for decide in (accept, reject):
        with pytest.raises(NotFoundError, match="P-0099"):
            decide(planned, "P-0099")


def test_a_merge_that_somebody_did_meanwhile_is_refused(planned: Desk) -> None:
    propose(planned, merger())
    edit(planned, lambda at: regroup_themes.merge(at, ONE, [OTHER], SIGNED))
    before = planned.dump()
    with pytest.raises(ConflictError, match="T-0002 已并入 T-0001"):
        accept(planned)
    assert planned.dump() == before


def test_a_split_of_what_has_left_is_refused(planned: Desk) -> None:
    made = splitter(planned)
    propose(planned, made)
    edit(planned, lambda at: regroup_themes.move(at, made.members, OTHER, SIGNED))
    before = planned.dump()
    with pytest.raises(InputError, match="不在主题 T-0001"):
        accept(planned)
    assert planned.dump() == before
