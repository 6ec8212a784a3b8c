"""Browse: what is stored, a page at a time. Every function reads only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import (
    Annotation,
    Priority,
    Review,
    Run,
    Theme,
    Voice,
)
from feedback_nlp.storage import annotations, priorities, reviews, runs, themes, usage
from feedback_nlp.storage.usage import UsageSummary


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: at most `limit` entries after the first `offset`."""

    limit: int
    offset: int = 0

    @property
    def part(self) -> slice:
        """The same part of a sequence."""
        return slice(self.offset, self.offset + self.limit)


@dataclass(frozen=True, slots=True)
class FoundReview:
    """A review and what the model says about its present text; None while it waits."""

    review: Review
    annotation: Annotation | None
    usage: UsageSummary | None = None
    """What its author did in the version it is about; None when nobody knows."""


@dataclass(frozen=True, slots=True)
class RankedTheme:
    """A theme with its place in RICE order; both are None until it is planned."""

    theme: Theme
    priority: Priority | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class ThemePage:
    """A part of the themes in RICE order, how many there are, and the run that wrote a report."""

    themes: tuple[RankedTheme, ...]
    total: int
    run: Run | None


@dataclass(frozen=True, slots=True)
class OpinionPage:
    """A part of the opinions in one theme, newest review first, and how many there are."""

    voices: tuple[Voice, ...]
    total: int


def find_review(session: Session, workspace: str, review_id: str, *, model: str) -> FoundReview:
    """Return one review with what `model` says about it; raises NotFoundError."""
    review = reviews.get(session, workspace, review_id)
    if review is None:
        raise NotFoundError(f"没有编号为 {review_id} 的评论")
    return FoundReview(
        review,
        annotations.get(session, workspace, review_id, model=model),
        _usage(session, workspace, review),
    )


def _usage(session: Session, workspace: str, review: Review) -> UsageSummary | None:
    if review.author_id is None:
        return None
    pair = (review.author_id, review.version)
    return usage.of_authors(session, workspace, [pair]).get(pair)


def find_theme(session: Session, workspace: str, theme_id: str) -> RankedTheme:
    """Return one theme, planned or not, sleeping or not; raises NotFoundError."""
    theme = _theme(session, workspace, theme_id)
    for rank, priority in enumerate(priorities.every(session, workspace), 1):
        if priority.theme_id == theme_id:
            return RankedTheme(theme, priority, rank)
    return RankedTheme(theme, None, None)


def counting_model(session: Session, workspace: str, *, model: str) -> str:
    """Return the model of whose opinions the themes are made.

    It is that of the latest run; `model` stands in while there was none.
    """
    run = runs.latest(session, workspace)
    return run.model if run else model


def list_opinions(
    session: Session, workspace: str, theme_id: str, page: Page, *, model: str
) -> OpinionPage:
    """Return a page of the opinions in one theme; raises NotFoundError.

    Counted by `counting_model`. A review that was rewritten since is missing until the next plan.
    """
    theme = _theme(session, workspace, theme_id)
    voices = themes.voices_of(
        session,
        workspace,
        theme_id,
        model=counting_model(session, workspace, model=model),
        limit=page.limit,
        offset=page.offset,
    )
    return OpinionPage(tuple(voices), theme.count)


def count_pending(session: Session, workspace: str, *, model: str) -> int:
    """Count the reviews that `model` has not read yet."""
    return reviews.count_pending(session, workspace, model=model)


def _theme(session: Session, workspace: str, theme_id: str) -> Theme:
    theme = themes.get(session, workspace, theme_id)
    if theme is None:
        raise NotFoundError(f"没有编号为 {theme_id} 的主题")
    return theme
