"""Browse what the program proposes about themes, with what a person needs to decide it."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Proposal, ProposalState, Quote, Theme, Voice
from feedback_nlp.storage import annotations, proposals
from feedback_nlp.storage.proposals import StoredProposal
from feedback_nlp.workflows.browse import Page, counting_model, find_theme

MOST_QUOTES: Final = 3


class ListedProposals(StrEnum):
    """Which proposals to list."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STALE = "stale"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal, its themes as they are now, and what the part says that a split takes out."""

    stored: StoredProposal
    theme: Theme
    other: Theme | None
    """The theme to merge with; None for a split."""
    quotes: tuple[Quote, ...] = ()
    """At most `MOST_QUOTES` wordings, the most frequent first; empty for a merge."""

    @property
    def proposal(self) -> Proposal:
        """What is proposed."""
        return self.stored.proposal


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A part of the proposals, first one first, and how many there are."""

    proposals: tuple[ShownProposal, ...]
    total: int


def list_proposals(
    session: Session,
    workspace: str,
    page: Page,
    *,
    model: str,
    listed: ListedProposals = ListedProposals.OPEN,
) -> ProposalPage:
    """Return a page of the proposals; quotes are opinions of the `counting_model`."""
    state = None if listed is ListedProposals.ALL else ProposalState(listed)
    found = proposals.every(session, workspace, state=state)
    read_by = counting_model(session, workspace, model=model)
    shown = (_shown(session, workspace, stored, model=read_by) for stored in found[page.part])
    return ProposalPage(tuple(shown), len(found))


def _shown(
    session: Session, workspace: str, stored: StoredProposal, *, model: str
) -> ShownProposal:
    proposal = stored.proposal
    theme = find_theme(session, workspace, proposal.theme_id).theme
    other = proposal.other_id and find_theme(session, workspace, proposal.other_id).theme
    voices = annotations.voices_at(session, workspace, set(proposal.members), model=model)
    return ShownProposal(stored, theme, other or None, _quotes(voices))


def _quotes(voices: list[Voice]) -> tuple[Quote, ...]:
    first: dict[str, Voice] = {}
    for voice in voices:
        first.setdefault(voice.text, voice)
    # Of equally frequent wordings the one with the first place comes first.
    often = Counter(voice.text for voice in voices).most_common(MOST_QUOTES)
    return tuple(
        Quote(first[text].review_id, first[text].start, first[text].end, text) for text, _ in often
    )
