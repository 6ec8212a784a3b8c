"""Read what became of the tickets and of complaints, as it was at the end of one day."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from feedback_nlp.records import CHINA, Taxonomy
from feedback_nlp.reports.content import Delivery
from feedback_nlp.storage import verifications
from feedback_nlp.workflows.browse_sla import standing_of
from feedback_nlp.workflows.browse_tickets import progress


def read_delivery(
    session: Session, workspace: str, taxonomy: Taxonomy, *, model: str, day: date | None
) -> Delivery:
    """Return what is known of fixes, of the week of `day`, and of the service at its end.

    The wall clock has no say: the same data gives the same answer. Without a day only fixes are
    known. `model` reads the complaints.
    """
    looked = tuple(verifications.latest(session, workspace).values())
    if day is None:
        return Delivery(looked)
    return Delivery(
        looked,
        progress(session, workspace, week=day),
        standing_of(
            session,
            workspace,
            model=model,
            now=datetime.combine(day, time.max, CHINA),
            taxonomy=taxonomy,
        ),
    )
