"""Browse efforts and votes of one theme: what was written down and what counts. Reads only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.priority.board import BoardScore, board_score
from feedback_nlp.priority.effort import Effort, decide_effort, weeks_by_topic
from feedback_nlp.records import EffortNote, Taxonomy, Theme, Vote
from feedback_nlp.storage import efforts, policies, themes, votes
from feedback_nlp.workflows.browse import find_theme


@dataclass(frozen=True, slots=True)
class ThemeEffort:
    """What is known of the effort of one theme."""

    theme: Theme
    effort: Effort | None
    """What the next plan uses; None when the taxonomy does not know the topic of the theme."""
    notes: tuple[EffortNote, ...]
    """What people wrote down about it and its tickets, first one first."""


@dataclass(frozen=True, slots=True)
class ThemeVotes:
    """What the review board thinks of one theme."""

    theme: Theme
    votes: tuple[Vote, ...]
    """Those that count, first cast first."""
    board: BoardScore | None
    """By the votes alone: what nobody voted for is left out. A plan fills in what it computed."""


def find_effort(session: Session, workspace: str, theme_id: str, taxonomy: Taxonomy) -> ThemeEffort:
    """Return the effort of one theme; raises NotFoundError."""
    theme = find_theme(session, workspace, theme_id).theme
    topic = next((topic for topic in taxonomy.topics if topic.code == theme.topic), None)
    notes = tuple(efforts.history(session, workspace, theme_id))
    if topic is None:
        return ThemeEffort(theme, None, notes)
    every = themes.every(session, workspace, any_state=True)
    topics = {other.id: other.topic for other in every}
    took = weeks_by_topic(efforts.actuals(session, workspace), topics).get(theme.topic, [])
    estimate = efforts.estimates(session, workspace).get(theme_id)
    effort = decide_effort(theme, topic, estimate=estimate, actual_weeks=took)
    return ThemeEffort(theme, effort, notes)


def find_votes(session: Session, workspace: str, theme_id: str) -> ThemeVotes:
    """Return the votes about one theme; raises NotFoundError."""
    theme = find_theme(session, workspace, theme_id).theme
    found = votes.latest(session, workspace, theme_id=theme_id)
    weights = policies.current(session, workspace).board
    return ThemeVotes(theme, tuple(found), board_score(found, weights))
