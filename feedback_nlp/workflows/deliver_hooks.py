"""Deliver: webhooks are told what happened, each event until it arrives or is given up."""

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any, Final

from sqlalchemy import Engine

from feedback_nlp.errors import InputError
from feedback_nlp.notifiers.webhook import Answer, Letter, Post
from feedback_nlp.records import CHINA, Delivery
from feedback_nlp.storage import deliveries, hooks
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.hooks import Keyed
from feedback_nlp.workflows.gather_events import gather_events

WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""After each failed attempt; after one more it is given up."""
CLAIMED: Final = timedelta(minutes=2)
"""Longer than an attempt takes; when a worker dies, the next one comes so much later."""
AT_ONCE: Final = 8
IN_A_ROUND: Final = 20
"""Messages to one webhook, so that nobody waits for the one with the most."""
A_ROUND: Final = timedelta(seconds=15)
"""Nor for a slow one; the next round goes on."""
LONGEST_ID: Final = 100
_LOG: Final = logging.getLogger(__name__)


def deliver_due(engine: Engine, *, now: datetime, post: Post, workspace: str | None = None) -> int:
    """Tell the webhooks of one or all workspaces what is due; return how many messages arrived.

    Webhooks are served side by side; one that does not answer is left alone until its next turn.
    No transaction is open while a message is under way.
    """
    with reading(engine) as session:
        known = [each for each in hooks.everywhere(session) if workspace in {None, each.workspace}]
    if not known:
        return 0
    begun = monotonic()

    def clock() -> datetime:
        """Read the time; a round may take many seconds, and receivers refuse old messages."""
        return now + timedelta(seconds=int(monotonic() - begun))

    def serve(keyed: Keyed) -> int:
        try:
            gather_events(engine, keyed, now=now)
            return _deliver(engine, keyed, clock, post)
        except (InputError, ValueError) as error:  # no reason to leave the others alone
            told = (keyed.workspace, keyed.hook.number, type(error).__name__)
            _LOG.error("webhook %s/%s: %s", *told)
            return 0

    with ThreadPoolExecutor(min(AT_ONCE, len(known))) as pool:
        return sum(pool.map(serve, known))


def letter_of(workspace: str, delivery: Delivery, *, now: datetime) -> Letter:
    """Write what is posted; the same bytes at each attempt."""
    name = message_id(delivery.event_id)
    return letter(workspace, (name, delivery.kind.value), delivery.at, delivery.content, now=now)


def letter(
    workspace: str,
    told: tuple[str, str],
    at: datetime,
    data: object,
    *,
    now: datetime,
) -> Letter:
    """Write one message; `told` is its id and its type."""
    content: dict[str, Any] = {
        "id": told[0],
        "type": told[1],
        "at": at.astimezone(CHINA).isoformat(),
        "workspace": workspace,
        "data": data,
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Letter(told[0], now, body.encode())


def message_id(event_id: str) -> str:
    """Return what a header can carry: the id of the event, or a digest of a strange one."""
    if event_id.isascii() and event_id.isprintable() and len(event_id) <= LONGEST_ID:
        return event_id
    kind = event_id.split(":", 1)[0]
    return f"{kind}:{sha256(event_id.encode()).hexdigest()[:32]}"


def _deliver(engine: Engine, keyed: Keyed, clock: Callable[[], datetime], post: Post) -> int:
    arrived, begun = 0, clock()
    for _ in range(IN_A_ROUND):
        now = clock()
        if now - begun > A_ROUND:
            break
        with transaction(engine) as session:
            number, until = keyed.hook.number, now + CLAIMED
            due = deliveries.claim(session, keyed.workspace, number, now=now, until=until)
        if due is None:
            break
        answer = post(keyed.hook.url, keyed.secret, letter_of(keyed.workspace, due, now=now))
        now = clock()
        done = judged(due, answer, now=now)
        with transaction(engine) as session:
            deliveries.note(session, keyed.workspace, done, claimed=until)
            if answer.fault is not None:
                # Whoever did not answer is not asked for all the others, one timeout each.
                until = now + max(WAITS[0], timedelta(seconds=answer.wait_s or 0))
                deliveries.put_off(session, keyed.workspace, number, until=until)
        if answer.fault is not None:
            break
        arrived += 1
    return arrived


def judged(delivery: Delivery, answer: Answer, *, now: datetime) -> Delivery:
    """Return a delivery as it stands after an attempt."""
    tried = replace(
        delivery, attempts=delivery.attempts + 1, status=answer.status, fault=answer.fault
    )
    if answer.fault is None:
        return replace(tried, next_at=None, delivered_at=now)
    return replace(tried, next_at=_next(tried.attempts, answer, WAITS, now))


def _next(
    attempts: int, answer: Answer, waits: Sequence[timedelta], now: datetime
) -> datetime | None:
    if attempts > len(waits):
        return None
    return now + max(waits[attempts - 1], timedelta(seconds=answer.wait_s or 0))
