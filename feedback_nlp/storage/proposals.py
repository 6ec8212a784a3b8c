"""What the program proposes about themes, and what people said to it. A no is for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Proposal, ProposalKind, ProposalState, Signature
from feedback_nlp.storage import ledger, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.theme_proposals
_M: Final = tables.theme_proposal_members


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """A proposal with what storage knows about it."""

    id: str
    proposal: Proposal
    state: ProposalState
    at: datetime
    """When it was first made."""
    decided: Signature | None = None

    @property
    def key(self) -> tuple[ProposalKind, frozenset[str]]:
        """What makes two proposals the same."""
        return key_of(self.proposal)


def key_of(proposal: Proposal) -> tuple[ProposalKind, frozenset[str]]:
    """Return what makes two proposals the same: their kind and their themes."""
    return proposal.kind, frozenset({proposal.theme_id, proposal.other_id or proposal.theme_id})


def every(
    session: Session, workspace: str, *, state: ProposalState | None = None
) -> list[StoredProposal]:
    """Return the proposals of one state or all, first one first."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    if state is not None:
        query = query.where(_T.c.state == state.value)
    members: dict[str, list[tuple[str, int]]] = {}
    mine = select(_M).where(_M.c.workspace_id == workspace)
    for row in session.execute(mine.order_by(_M.c.proposal_id, _M.c.review_id, _M.c.start)):
        members.setdefault(row.proposal_id, []).append((row.review_id, row.start))
    rows = session.execute(query.order_by(func.length(_T.c.id), _T.c.id))
    return [_to_stored(row, tuple(members.get(row.id, ()))) for row in rows]


def get(session: Session, workspace: str, proposal_id: str) -> StoredProposal:
    """Return one proposal; raises NotFoundError."""
    for each in every(session, workspace):
        if each.id == proposal_id:
            return each
    raise NotFoundError(f"没有编号为 {proposal_id} 的建议")


def save(session: Session, workspace: str, proposals: Sequence[Proposal], *, now: datetime) -> None:
    """Make the open proposals equal to these: known ones keep their id, others go stale.

    What was decided once is not opened again.
    """
    lock(session, workspace, "themes")
    known = {each.key: each for each in every(session, workspace)}
    wanted = {key_of(each): each for each in proposals}
    for key, before in known.items():
        if before.state is ProposalState.OPEN and key not in wanted:
            _set(session, workspace, before.id, {"state": ProposalState.STALE.value})
    number = ledger.next_number(session, _T, workspace)
    for key, proposal in wanted.items():
        stored = known.get(key)
        if stored is None:
            _add(session, workspace, f"P-{number:04d}", proposal, now=now)
            number += 1
        elif stored.state in {ProposalState.OPEN, ProposalState.STALE} and (
            stored.proposal != proposal or stored.state is ProposalState.STALE
        ):
            values = {"state": ProposalState.OPEN.value, "similarity": proposal.similarity}
            _set(session, workspace, stored.id, values)
            _write_members(session, workspace, stored.id, proposal)


def decide(
    session: Session,
    workspace: str,
    proposal_id: str,
    state: ProposalState,
    signature: Signature,
) -> StoredProposal:
    """Note what a person said to an open proposal and return it as it was.

    Raises:
        NotFoundError: there is no such proposal.
        ConflictError: it is not open any more.
        InputError: author or reason hold what no database can keep.
    """
    told = (("author", signature.author), ("reason", signature.reason))
    check_storable(f"建议 {proposal_id}", told)
    lock(session, workspace, "themes")
    stored = get(session, workspace, proposal_id)
    if stored.state is not ProposalState.OPEN:
        raise ConflictError(f"建议 {proposal_id} 已经不在待处理之列")
    values = {"state": state.value, "decided_at": signature.at} | dict(told)
    _set(session, workspace, proposal_id, values)
    return stored


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once somebody has decided."""
    query = select(func.count(), func.max(_T.c.decided_at)).where(
        _T.c.workspace_id == workspace, _T.c.decided_at.is_not(None)
    )
    return tuple(session.execute(query).one())


def _add(
    session: Session, workspace: str, proposal_id: str, proposal: Proposal, *, now: datetime
) -> None:
    row = {
        "workspace_id": workspace,
        "id": proposal_id,
        "kind": proposal.kind.value,
        "theme_id": proposal.theme_id,
        "other_id": proposal.other_id,
        "similarity": proposal.similarity,
        "state": ProposalState.OPEN.value,
        "at": now,
        "author": "",
        "reason": "",
    }
    session.execute(insert(_T), [row])
    _write_members(session, workspace, proposal_id, proposal)


def _write_members(session: Session, workspace: str, proposal_id: str, proposal: Proposal) -> None:
    mine = (_M.c.workspace_id == workspace, _M.c.proposal_id == proposal_id)
    session.execute(delete(_M).where(*mine))
    rows = [
        {
            "workspace_id": workspace,
            "proposal_id": proposal_id,
            "review_id": review_id,
            "start": start,
        }
        for review_id, start in proposal.members
    ]
    if rows:
        session.execute(insert(_M), rows)


def _set(session: Session, workspace: str, proposal_id: str, values: dict[str, Any]) -> None:
    mine = (_T.c.workspace_id == workspace, _T.c.id == proposal_id)
    session.execute(update(_T).where(*mine).values(values))


def _to_stored(row: Row[Any], members: tuple[tuple[str, int], ...]) -> StoredProposal:
    proposal = Proposal(ProposalKind(row.kind), row.theme_id, row.other_id, row.similarity, members)
    decided = None if row.decided_at is None else Signature(row.author, row.decided_at, row.reason)
    return StoredProposal(row.id, proposal, ProposalState(row.state), row.at, decided)
