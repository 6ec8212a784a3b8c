"""Work: score what arrives within seconds, and do the other duties, until told to stop."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from feedback_nlp.errors import StorageError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Review
from feedback_nlp.storage import idempotency, reviews
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.job_lock import Holder, Job, alone
from feedback_nlp.workflows.score_pending import BATCH, score

JUST_NOW: Final = timedelta(minutes=5)
"""What came since is asked for each time; whatever was left behind, less often."""
LEISURE: Final = 20
"""Looking through all reviews takes at most one part in so many of the time."""
LONGEST_PAUSE_S: Final = 2.0
LONGEST_WAIT_S: Final = 30.0
SWEEP_EVERY: Final = timedelta(minutes=10)


class Duty(Protocol):
    """Something else to be done again and again, such as delivering webhooks."""

    def __call__(self, engine: Engine, *, now: datetime) -> int:
        """Do what is due and return how much that was."""
        ...


@dataclass(frozen=True, slots=True)
class Shift:
    """What a worker does, and for whom."""

    engine: Engine
    classifier: Classifier
    me: Holder
    workspace: str | None = None
    """None: every one of the database."""
    duties: Sequence[Duty] = ()
    tell: Callable[[str], None] = lambda _line: None
    """Told in one line what was done; never what anybody wrote."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The clock and the breaks of a worker."""

    clock: Callable[[], datetime]
    rest: Callable[[float], bool]
    """Waits so many seconds; True when it is time to stop."""
    interval_s: float = 1.0


@dataclass
class Memory:
    """When a worker looked through all reviews of a workspace, and when it may again."""

    look_again: dict[str, datetime] = field(default_factory=dict)
    sweep_again: dict[str, datetime] = field(default_factory=dict)
    errand: Future[int] | None = None
    """The duties that go on beside the scoring, or those done last."""


def work(shift: Shift, pace: Pace, *, once: bool = False) -> int:
    """Work until it is time to stop, or with `once` until nothing waits; return how many scored.

    A database that is away is waited for, longer each time. What was scored is stored batch by
    batch, so nothing is lost by a stop at any moment.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        return _work(shift, pace, Memory(), None if once else beside)


def _work(shift: Shift, pace: Pace, memory: Memory, beside: Executor | None) -> int:
    done, pause, wait = 0, pace.interval_s, pace.interval_s
    stop, once = False, beside is None
    while not stop:
        try:
            scored, other = look_after(shift, memory, pace.clock, beside)
        except (StorageError, SQLAlchemyError) as error:
            if once:
                raise
            shift.tell(f"数据库暂时不可用，{wait:g} 秒后再试（{type(error).__name__}）")
            stop, wait = pace.rest(wait), min(wait * 2, LONGEST_WAIT_S)
            continue
        done, wait = done + scored, pace.interval_s
        busy = bool(scored or other)
        pause = pace.interval_s if busy else min(pause * 1.5, LONGEST_PAUSE_S)
        if once and not busy:
            return done
        stop = pace.rest(0.0 if scored else max(pause, pace.interval_s))
    return done


def look_after(
    shift: Shift,
    memory: Memory,
    clock: Callable[[], datetime],
    beside: Executor | None = None,
) -> tuple[int, int]:
    """Score one batch of each workspace and do each duty once; return how much was done of both.

    With `beside` the duties go on there: a webhook that answers slowly delays no scoring.
    """
    with reading(shift.engine) as session:
        known = [shift.workspace] if shift.workspace else reviews.workspaces(session)
    scored = sum(_score_some(shift, workspace, memory, clock) for workspace in known)
    for workspace in known:
        _sweep(shift, workspace, memory, clock())

    def duties() -> int:
        return sum(duty(shift.engine, now=clock()) for duty in shift.duties)

    if beside is None:
        return scored, duties()
    if memory.errand is not None and not memory.errand.done():
        return scored, 0
    before, memory.errand = memory.errand, beside.submit(duties)
    return scored, 0 if before is None else before.result()


def _score_some(shift: Shift, workspace: str, memory: Memory, clock: Callable[[], datetime]) -> int:
    """Score at most one batch; none while another worker scores this workspace."""
    if not _waiting(shift, workspace, memory, clock):
        return 0
    with alone(shift.engine, workspace, shift.me, Job.SCORE) as taken:
        # Asked again: whoever had the lock until now has left less to do.
        waiting = () if taken else _waiting(shift, workspace, memory, clock)
        if not waiting:
            return 0
        begin = clock()
        score(shift.engine, workspace, shift.classifier, waiting)
    seconds = (clock() - begin).total_seconds()
    shift.tell(f"{workspace}: 分析了 {len(waiting)} 条评论，用时 {seconds:.2f} 秒")
    return len(waiting)


def _waiting(
    shift: Shift, workspace: str, memory: Memory, clock: Callable[[], datetime]
) -> Sequence[Review]:
    now, model = clock(), shift.classifier.version
    with reading(shift.engine) as session:
        fresh = reviews.just_arrived(
            session, workspace, model=model, since=now - JUST_NOW, limit=BATCH
        )
        if fresh or now < memory.look_again.get(workspace, now):
            return fresh
        left = reviews.pending(session, workspace, model=model, limit=BATCH)
    if not left:
        memory.look_again[workspace] = clock() + LEISURE * (clock() - now)
    return left


def _sweep(shift: Shift, workspace: str, memory: Memory, now: datetime) -> None:
    if now >= memory.sweep_again.get(workspace, now):
        memory.sweep_again[workspace] = now + SWEEP_EVERY
        with transaction(shift.engine) as session:
            idempotency.sweep(session, workspace, now=now)
