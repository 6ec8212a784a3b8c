"""Edits, histories, trends and memberships of themes -> schemas."""

from collections.abc import Sequence

from api.schemas.theme_edits import (
    ChangeOut,
    EffectOut,
    EventOut,
    HistoryOut,
    MemberOut,
    MembersOut,
)
from api.schemas.theme_trend import RateOut, TrendOut
from feedback_nlp.records import CHINA, Rate
from feedback_nlp.reports.json_files import PROBABILITY_DIGITS
from feedback_nlp.storage.theme_history import Told
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_themes import History, Member, MemberPage
from feedback_nlp.workflows.edit_desk import Change, Effect


def effect_out(effect: Effect, *, dry_run: bool) -> EffectOut:
    """Show what an edit did, or would have done."""
    return EffectOut(
        number=None if dry_run else effect.edit.number,
        kind=effect.edit.kind,
        dry_run=dry_run,
        themes=[_change(change) for change in effect.changes],
        moved=effect.moved,
        warnings=list(effect.warnings),
    )


def history_out(history: History, page: Page) -> HistoryOut:
    """Show a page of what happened to one theme."""
    theme = history.found.theme
    return HistoryOut(
        id=theme.id,
        name=theme.name,
        named_by_hand=theme.named_by_hand,
        state=theme.state,
        merged_into=theme.merged_into,
        events=[_event(told) for told in history.events],
        total=history.total,
        limit=page.limit,
        offset=page.offset,
    )


def members_out(found: MemberPage, page: Page) -> MembersOut:
    """Show a page of the opinions in one theme and how they came there."""
    return MembersOut(
        members=[_member(member) for member in found.members],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def rounded(similarity: float | None) -> float | None:
    """Return a similarity with the digits that all answers show."""
    return None if similarity is None else round(similarity, PROBABILITY_DIGITS)


def _change(change: Change) -> ChangeOut:
    theme = change.theme
    return ChangeOut(
        id=theme.id,
        name=theme.name,
        state=theme.state,
        merged_into=theme.merged_into,
        before=change.before,
        count=theme.count,
    )


def _event(told: Told) -> EventOut:
    by = told.signature
    return EventOut(
        number=told.number,
        kind=told.kind,
        theme=told.theme_id,
        at=told.at.astimezone(CHINA),
        detail=dict(told.detail),
        author=None if by is None else by.author,
        reason=None if by is None else by.reason,
        undone=told.undone,
    )


def _member(member: Member) -> MemberOut:
    voice, placed = member.voice, member.placement
    return MemberOut(
        review_id=voice.review_id,
        start=voice.start,
        end=voice.end,
        text=voice.text,
        how=None if placed is None else placed.how,
        similarity=None if placed is None else rounded(placed.similarity),
        runner_up=None if placed is None else placed.runner_up,
        runner_up_similarity=None if placed is None else rounded(placed.runner_up_similarity),
    )


def trend_out(rates: Sequence[Rate]) -> TrendOut:
    """Show a trend."""
    return TrendOut(
        trend=[
            RateOut(start=each.start, count=each.count, base=each.base, rate=each.value)
            for each in rates
        ],
        denominator=rates[0].denominator if rates else None,
    )
