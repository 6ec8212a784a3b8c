"""Proposals: what the program would merge or split, and what a person says to it."""

from sqlalchemy.orm import Session

from feedback_nlp.records import EditKind, ProposalKind, ProposalState, Signature
from feedback_nlp.storage import proposals, theme_edits
from feedback_nlp.storage.proposals import StoredProposal
from feedback_nlp.themes.propose import Decided
from feedback_nlp.workflows.edit_desk import Desk, Effect, begin
from feedback_nlp.workflows.regroup_themes import merge, split


def accept(desk: Desk, proposal_id: str, signature: Signature) -> Effect:
    """Do what is proposed. Needs a write transaction.

    Two themes become the one with the older number; of a split the smaller part becomes new.
    Undoing the edit does not open the proposal again.

    Raises:
        NotFoundError: there is no such proposal.
        ConflictError: it is not open, or its themes have changed since.
        InputError: opinions of the part have left the theme since the proposal was made.
    """
    begin(desk)
    stored = proposals.decide(
        desk.session, desk.workspace, proposal_id, ProposalState.ACCEPTED, signature
    )
    proposal = stored.proposal
    if proposal.kind is ProposalKind.MERGE and proposal.other_id is not None:
        return merge(desk, proposal.theme_id, [proposal.other_id], signature)
    return split(desk, proposal.theme_id, proposal.members, signature)


def reject(
    session: Session, workspace: str, proposal_id: str, signature: Signature
) -> StoredProposal:
    """Say no for good: it is not proposed again. Needs a write transaction.

    Raises:
        NotFoundError: there is no such proposal.
        ConflictError: it is not open any more.
    """
    return proposals.decide(session, workspace, proposal_id, ProposalState.REJECTED, signature)


def decided(session: Session, workspace: str) -> Decided:
    """Return what people rejected or did themselves, and so is not to be proposed."""
    apart: set[frozenset[str]] = set()
    whole: set[str] = set()
    for stored in proposals.every(session, workspace, state=ProposalState.REJECTED):
        kind, themes = stored.key
        if kind is ProposalKind.MERGE:
            apart.add(themes)
        else:
            whole |= themes
    for edit in theme_edits.edits(session, workspace):
        if edit.kind is EditKind.SPLIT:
            apart.add(frozenset({edit.theme_id, edit.told("new") or ""}))
        if edit.kind is EditKind.MERGE:
            whole.add(edit.theme_id)
    return Decided(frozenset(apart), frozenset(whole))
