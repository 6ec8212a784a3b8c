"""Efforts and votes -> schemas."""

from api.schemas.efforts import (
    ActualOut,
    BallotIn,
    BoardOut,
    CountingEffortOut,
    CriterionOut,
    EffortOut,
    NoteOut,
    VoteOut,
    VotesOut,
)
from feedback_nlp.priority.board import BoardScore
from feedback_nlp.priority.effort import Effort
from feedback_nlp.records import CHINA, Criterion, EffortNote, Vote
from feedback_nlp.workflows.browse_efforts import ThemeEffort, ThemeVotes


def points_in(asked: BallotIn) -> dict[Criterion, float | None]:
    """Return the whole ballot; None is no vote."""
    return {
        Criterion.FEASIBILITY: asked.feasibility,
        Criterion.NOVELTY: asked.novelty,
        Criterion.BENEFIT: asked.benefit,
    }


def effort_out(found: ThemeEffort) -> EffortOut:
    """Show the effort of a theme."""
    return EffortOut(
        id=found.theme.id,
        effort=None if found.effort is None else _counting(found.effort),
        notes=[_note(note) for note in found.notes],
    )


def actual_out(ticket_id: str, note: EffortNote) -> ActualOut:
    """Show what a ticket took."""
    return ActualOut(ticket=ticket_id, theme=note.theme_id, weeks=note.weeks or 0)


def votes_out(found: ThemeVotes) -> VotesOut:
    """Show the votes about a theme."""
    return VotesOut(
        id=found.theme.id,
        votes=[_vote(vote) for vote in found.votes],
        board=None if found.board is None else _board(found.board),
    )


def _counting(effort: Effort) -> CountingEffortOut:
    return CountingEffortOut(
        weeks=effort.weeks, months=effort.months, source=effort.source, reason=effort.reason
    )


def _note(note: EffortNote) -> NoteOut:
    return NoteOut(
        kind=note.kind,
        weeks=note.weeks,
        ticket=note.ticket_id,
        author=note.author,
        at=note.at.astimezone(CHINA),
        reason=note.reason,
    )


def _vote(vote: Vote) -> VoteOut:
    return VoteOut(
        criterion=vote.criterion,
        points=vote.points or 0,
        author=vote.author,
        at=vote.at.astimezone(CHINA),
        reason=vote.reason,
    )


def _board(board: BoardScore) -> BoardOut:
    return BoardOut(
        score=board.score,
        criteria=[
            CriterionOut(
                criterion=each.criterion,
                points=each.points,
                votes=each.votes,
                weight=each.weight,
            )
            for each in board.criteria
        ],
        reason=board.reason,
    )
