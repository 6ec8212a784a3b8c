"""Effort: a person estimates a theme, takes that back, or says what a ticket took."""

from math import isfinite

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.priority.effort import LEAST_WEEKS, MOST_WEEKS
from feedback_nlp.records import EffortKind, EffortNote, Signature
from feedback_nlp.storage import efforts, tickets
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.edit_desk import ANY_MODEL, Desk, alive, begin
from feedback_nlp.workflows.signing import signed


def estimate_effort(
    engine: Engine, workspace: str, theme_id: str, weeks: float, *, signature: Signature
) -> EffortNote:
    """Write down how many person-weeks a theme is expected to take; the next plan uses it.

    Raises:
        NotFoundError: no theme has this id.
        ConflictError: the theme is merged; the message names the one that has its opinions.
        InputError: the weeks are out of bounds, or nobody signed.
    """
    wanted = _checked(weeks)
    return _note_estimate(engine, workspace, theme_id, wanted, signature=signature)


def clear_effort(
    engine: Engine, workspace: str, theme_id: str, *, signature: Signature
) -> EffortNote:
    """Take the estimate of a theme back: history or the taxonomy counts again.

    Raises:
        NotFoundError: no theme has this id.
        ConflictError: the theme is merged, or nobody has estimated it.
        InputError: nobody signed.
    """
    return _note_estimate(engine, workspace, theme_id, None, signature=signature)


def note_actual_effort(
    engine: Engine, workspace: str, ticket_id: str, weeks: float, *, signature: Signature
) -> EffortNote:
    """Write down how many person-weeks a ticket took, whatever its state; the latest counts.

    Raises:
        NotFoundError: no ticket has this id.
        InputError: the weeks are out of bounds, or nobody signed.
    """
    with transaction(engine) as session:
        return note_actual(session, workspace, ticket_id, weeks, signature=signature)


def note_actual(
    session: Session, workspace: str, ticket_id: str, weeks: float, *, signature: Signature
) -> EffortNote:
    """Do as `note_actual_effort`, within a write transaction of the caller."""
    by, wanted = signed(signature), _checked(weeks)
    begin(Desk(session, workspace, ANY_MODEL))
    ticket = tickets.get(session, workspace, ticket_id)
    if ticket is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    note = EffortNote(
        kind=EffortKind.ACTUAL,
        theme_id=ticket.theme_id,
        weeks=wanted,
        author=by.author,
        at=by.at,
        reason=by.reason,
        ticket_id=ticket_id,
    )
    efforts.add(session, workspace, note)
    return note


def _note_estimate(
    engine: Engine, workspace: str, theme_id: str, weeks: float | None, *, signature: Signature
) -> EffortNote:
    by = signed(signature)
    note = EffortNote(EffortKind.ESTIMATE, theme_id, weeks, by.author, by.at, by.reason)
    with transaction(engine) as session:
        desk = Desk(session, workspace, ANY_MODEL)
        begin(desk)
        alive(desk, theme_id)
        if weeks is None and theme_id not in efforts.estimates(session, workspace):
            raise ConflictError(f"主题 {theme_id} 没有人工估计的投入，不用撤回")
        efforts.add(session, workspace, note)
    return note


def _checked(weeks: float) -> float:
    if not isfinite(weeks) or not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise InputError(
            f"weeks：投入要在 {LEAST_WEEKS:g} 到 {MOST_WEEKS:g} 人周之间，不能是 {weeks:g}"
        )
    return round(float(weeks), 2)
