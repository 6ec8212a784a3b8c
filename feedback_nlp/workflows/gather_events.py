"""Gather events: what happened since a webhook was made becomes deliveries, once each."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import Delivery
from feedback_nlp.storage import deliveries, happenings
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.hooks import Keyed

AT_ONCE: Final = 500
"""Of one kind for one webhook; the rest comes in the next round."""


def gather_events(engine: Engine, keyed: Keyed, *, now: datetime) -> int:
    """Store what a webhook is to be told; return how many deliveries are new.

    Nothing is written and no lock is taken while nothing has happened.
    """
    with reading(engine) as session:
        if not _untold(session, keyed):
            return 0
    with transaction(engine) as session:
        deliveries.begin(session, keyed.workspace)
        found = [replace(each, next_at=now) for each in _untold(session, keyed)]
        deliveries.add(session, keyed.workspace, found)
    return len(found)


def _untold(session: Session, keyed: Keyed) -> list[Delivery]:
    return [
        each
        for kind in keyed.hook.events
        for each in happenings.untold(session, keyed.workspace, keyed.hook, kind, limit=AT_ONCE)
    ]
