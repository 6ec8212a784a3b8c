"""Proposals about themes, and reasons of opinions -> schemas."""

from api.schemas.theme_proposals import (
    ExplainedOut,
    NamedThemeOut,
    PlacedQuoteOut,
    ProposalOut,
    ProposalsOut,
    ReasonOut,
    RejectedOut,
)
from api.theme_shapes import rounded
from feedback_nlp.records import CHINA, ProposalState, Quote, Theme
from feedback_nlp.reports.json_files import PROBABILITY_DIGITS
from feedback_nlp.storage.proposals import StoredProposal
from feedback_nlp.themes.label import Reason
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_proposals import ProposalPage, ShownProposal
from feedback_nlp.workflows.explain_place import Explained


def proposals_out(found: ProposalPage, page: Page) -> ProposalsOut:
    """Show a page of proposals."""
    return ProposalsOut(
        proposals=[_proposal(shown) for shown in found.proposals],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def rejected_out(stored: StoredProposal) -> RejectedOut:
    """Show that a proposal is rejected."""
    return RejectedOut(id=stored.id, state=ProposalState.REJECTED)


def explained_out(found: Explained) -> ExplainedOut:
    """Show why an opinion is in its theme."""
    placed, reason = found.placement, found.reason
    return ExplainedOut(
        review_id=placed.review_id,
        start=placed.start,
        theme=_theme(found.theme),
        how=placed.how,
        similarity=rounded(placed.similarity),
        runner_up=placed.runner_up,
        runner_up_similarity=rounded(placed.runner_up_similarity),
        reason=None if reason is None else _reason(reason),
    )


def _proposal(shown: ShownProposal) -> ProposalOut:
    stored, proposal, by = shown.stored, shown.proposal, shown.stored.decided
    return ProposalOut(
        id=stored.id,
        kind=proposal.kind,
        state=stored.state,
        theme=_theme(shown.theme),
        other=None if shown.other is None else _theme(shown.other),
        similarity=round(proposal.similarity, PROBABILITY_DIGITS),
        opinions=len(proposal.members),
        quotes=[_quote(quote) for quote in shown.quotes],
        at=stored.at.astimezone(CHINA),
        decided_at=None if by is None else by.at.astimezone(CHINA),
        author=None if by is None else by.author,
        reason=None if by is None else by.reason,
    )


def _theme(theme: Theme) -> NamedThemeOut:
    return NamedThemeOut(id=theme.id, name=theme.name, state=theme.state, count=theme.count)


def _reason(reason: Reason) -> ReasonOut:
    return ReasonOut(
        sentence=reason.sentence,
        similarity=reason.similarity,
        nearest=None if reason.nearest is None else _quote(reason.nearest),
        nearest_similarity=reason.nearest_similarity,
        words=list(reason.words),
        same_words=reason.same_words,
    )


def _quote(quote: Quote) -> PlacedQuoteOut:
    return PlacedQuoteOut(
        review_id=quote.review_id, text=quote.text, start=quote.start, end=quote.end
    )
