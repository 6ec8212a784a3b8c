"""Decide: a person lets quarantined reviews back in, or holds some that the rules missed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.storage import quarantine
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.quarantine import Decision


def decide(
    engine: Engine,
    workspace: str,
    review_ids: Sequence[str],
    decision: Decision,
    *,
    now: datetime,
) -> None:
    """Note the decision for these reviews, all of them or none; it wins over the rules from now on.

    Raises:
        NotFoundError: a review is not there.
        InputError: a review is to be held that the rules did not find, and no reason is given.
    """
    with transaction(engine) as session:
        decide_here(session, workspace, review_ids, decision, now=now)


def decide_here(
    session: Session,
    workspace: str,
    review_ids: Sequence[str],
    decision: Decision,
    *,
    now: datetime,
) -> None:
    """Do what `decide` does inside a write transaction of the caller."""
    for review_id in review_ids:
        quarantine.decide(session, workspace, review_id, decision, now=now)


def undecide(engine: Engine, workspace: str, review_ids: Sequence[str]) -> None:
    """Leave these reviews to the rules again, all of them or none.

    Raises:
        NotFoundError: a review is not there.
    """
    with transaction(engine) as session:
        undecide_here(session, workspace, review_ids)


def undecide_here(session: Session, workspace: str, review_ids: Sequence[str]) -> None:
    """Do what `undecide` does inside a write transaction of the caller."""
    for review_id in review_ids:
        quarantine.undecide(session, workspace, review_id)
