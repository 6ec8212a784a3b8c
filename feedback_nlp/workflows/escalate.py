"""Escalate: complaints that nobody resolved in time go to their department, once."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import Escalation, Signature, Taxonomy
from feedback_nlp.sla.clocks import agree, clock_of
from feedback_nlp.storage import escalations, policies, service
from feedback_nlp.storage.database import lock, transaction
from feedback_nlp.workflows.browse import counting_model
from feedback_nlp.workflows.signing import signed


def escalate_overdue(
    engine: Engine, workspace: str, *, model: str, now: datetime, taxonomy: Taxonomy
) -> list[Escalation]:
    """Escalate the complaints of the window that nobody resolved in time; return the new ones.

    Each has one escalation for ever, so doing it twice changes nothing. What was resolved before
    is never escalated.
    """
    with transaction(engine) as session:
        for noun in ("reviews", "escalations"):  # reviews first, as everywhere: no erasure beside
            lock(session, workspace, noun)
        agreement = agree(policies.current(session, workspace).sla, taxonomy)
        found = service.unresolved(
            session,
            workspace,
            model=counting_model(session, workspace, model=model),
            first=now - timedelta(days=agreement.rule.window_days),
            last=now,
        )
        clocks = (clock_of(case, agreement, now=now) for case in found)
        made = [
            Escalation(clock.case.review_id, now, clock.resolution.due, clock.department)
            for clock in clocks
            if clock.resolution is not None and clock.escalate
        ]
        return escalations.add(session, workspace, made)


def close_escalation(
    session: Session, workspace: str, review_id: str, signature: Signature
) -> Escalation:
    """Say that a person took care of an escalated complaint: it counts as resolved from then on.

    Needs a write transaction. The reason becomes the note.

    Raises:
        InputError: nobody signed, or a text is too long or not on one line.
        NotFoundError: this review was not escalated.
        ConflictError: somebody took care of it before.
    """
    by = signed(signature)
    for noun in ("reviews", "escalations"):
        lock(session, workspace, noun)
    return escalations.close(session, workspace, review_id, by)
