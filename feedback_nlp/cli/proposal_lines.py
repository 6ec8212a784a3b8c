"""Proposals as lines for a terminal."""

from collections.abc import Iterator

from feedback_nlp.cli.exits import one_line
from feedback_nlp.cli.theme_lines import quote_line
from feedback_nlp.names import PROPOSAL_STATE, THEME_EVENT
from feedback_nlp.records import CHINA, ProposalState, Theme
from feedback_nlp.workflows.browse_proposals import ShownProposal


def proposal_lines(shown: ShownProposal) -> Iterator[str]:
    """Write one proposal: kind, themes, similarity; then who decided it, and quotes of a part."""
    proposal = shown.proposal
    themes = (
        f"{_theme(shown.theme)}，拆出 {len(proposal.members)} 个观点"
        if shown.other is None
        else f"{_theme(shown.other)} → {_theme(shown.theme)}"
    )
    likeness = "与其余的相似度" if shown.other is None else "相似度"
    state = shown.stored.state
    ending = "" if state is ProposalState.OPEN else f"  {PROPOSAL_STATE[state]}"
    yield (
        f"{shown.stored.id}  {THEME_EVENT[proposal.kind]}  {themes}"
        f"  {likeness} {proposal.similarity:.2f}{ending}"
    )
    if by := shown.stored.decided:
        author = one_line(by.author) or "未署名"
        reason = f"  {one_line(by.reason)}" if by.reason else ""
        yield f"  {by.at.astimezone(CHINA):%Y-%m-%d %H:%M}  {author}{reason}"
    yield from map(quote_line, shown.quotes)


def _theme(theme: Theme) -> str:
    return f"{theme.id}“{one_line(theme.name)}”（{theme.count} 个观点）"
