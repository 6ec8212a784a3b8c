"""The worker: everything that arrives is scored once, in every workspace, whoever else works."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from builders import NOW
from databases import BACKENDS, Spares, every_row, migrated_copy
from sqlalchemy import Engine, event

from feedback_nlp.errors import StorageError
from feedback_nlp.records import Intent, Labels, Polarity, Probabilities, Review
from feedback_nlp.storage import annotations, idempotency, reviews
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.idempotency import Kept
from feedback_nlp.storage.job_lock import Holder, Job, only_one
from feedback_nlp.workflows.work import Pace, Shift, work

ME = Holder("2026-03-01 09:00:00", 17, "rechner")


@dataclass
class CountingClassifier:
    """Says the same of everything and remembers what it was asked."""

    version: str = "fake/2026-03-01"
    read: list[str] = field(default_factory=list)

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        self.read += clauses
        chances = Probabilities(0.2, 0.6, 0.2)
        return [Labels(Polarity.NEU, chances, True, (), Intent.OTHER, 0) for _ in clauses]  # noqa: FBT003

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.ones((len(clauses), 1), dtype=np.float32)


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path, spares: Spares) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = open_database(migrated_copy(tmp_path / "work.db"))
        yield engine
        engine.dispose()
        return
    with spares.lent() as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


def arrive(engine: Engine, workspace: str, count: int, *, at: datetime = NOW) -> None:
    found = [Review(f"{workspace}-{at:%d%H%M%S}-{n}", "api", f"第{n}次太慢") for n in range(count)]
    with transaction(engine) as session:
        reviews.add(session, workspace, found, now=at)


def shift(engine: Engine, classifier: Any, **rest: Any) -> Shift:  # noqa: ANN401 (any port, any field)
    return Shift(engine, classifier, ME, **rest)


def pace(rest: Callable[[float], bool] = lambda _seconds: False) -> Pace:
    return Pace(lambda: NOW, rest)


def test_once_scores_all_workspaces_and_ends(engine: Engine) -> None:
    said: list[str] = []
    classifier = CountingClassifier()
    for workspace, count in (("a", 3), ("b", 2)):
        arrive(engine, workspace, count)
    arrive(engine, "a", 4, at=NOW - timedelta(days=9))
    assert work(shift(engine, classifier, tell=said.append), pace(), once=True) == 9
    assert len(classifier.read) == 9
    assert work(shift(engine, classifier), pace(), once=True) == 0
    assert [line.split(":")[0] for line in said] == ["a", "b", "a"]
    assert "太慢" not in "".join(said)


def test_one_workspace_may_be_asked_for(engine: Engine) -> None:
    for workspace in ("a", "b"):
        arrive(engine, workspace, 2)
    assert work(shift(engine, CountingClassifier(), workspace="b"), pace(), once=True) == 2
    with reading(engine) as session:
        assert reviews.workspaces(session) == ["a", "b"]
        assert reviews.count_pending(session, "a", model="fake/2026-03-01") == 2


def test_two_workers_never_score_a_review_twice(engine: Engine) -> None:
    arrive(engine, "a", 1_200)
    classifiers = CountingClassifier(), CountingClassifier()
    stops = [iter([False] * 3 + [True]) for _ in classifiers]

    def one(number: int) -> int:
        breaks = pace(lambda _seconds: next(stops[number]))
        return work(shift(engine, classifiers[number]), breaks)

    with ThreadPoolExecutor(2) as pool:
        done = sum(pool.map(one, (0, 1)))
    done += work(shift(engine, classifiers[0]), pace(), once=True)
    assert done == 1_200
    assert sum(len(each.read) for each in classifiers) == 1_200
    with reading(engine) as session:
        assert len(list(annotations.every(session, "a", model="fake/2026-03-01"))) == 1_200


def test_another_scorer_is_left_alone(engine: Engine) -> None:
    arrive(engine, "a", 2)
    with only_one(engine, "a", ME, Job.SCORE):
        assert work(shift(engine, CountingClassifier()), pace(), once=True) == 0
    with only_one(engine, "a", ME, Job.NIGHT):
        assert work(shift(engine, CountingClassifier()), pace(), once=True) == 2


def test_a_worker_stops_when_it_is_told_to(engine: Engine) -> None:
    waits: list[float] = []
    stops = iter([False, False, False, True])

    def rest(seconds: float) -> bool:
        waits.append(seconds)
        return next(stops)

    arrive(engine, "a", 501)
    assert work(shift(engine, CountingClassifier()), pace(rest)) == 501
    assert waits == [0.0, 0.0, 1.5, 2.0]


def test_a_database_that_is_away_is_waited_for(engine: Engine) -> None:
    arrive(engine, "a", 1)
    said: list[str] = []
    waits: list[float] = []
    faults = iter([True, True, False])

    def break_down(*_arguments: object) -> None:
        if next(faults, False):
            raise StorageError("数据库 … 无法使用")

    def rest(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) > 3

    event.listen(engine, "before_cursor_execute", break_down)
    try:
        assert work(shift(engine, CountingClassifier(), tell=said.append), pace(rest)) == 1
    finally:
        event.remove(engine, "before_cursor_execute", break_down)
    assert waits[:3] == [1.0, 2.0, 0.0]
    assert said[0] == "数据库暂时不可用，1 秒后再试（StorageError）"


def test_duties_are_done_and_old_answers_swept(engine: Engine) -> None:
    asked: list[datetime] = []

    def duty(_engine: Engine, *, now: datetime) -> int:
        asked.append(now)
        return 1 if len(asked) < 3 else 0

    arrive(engine, "a", 1)
    with transaction(engine) as session:
        idempotency.put(session, "a", "k", Kept("d", 200, {}), now=NOW - timedelta(days=2))
    assert work(shift(engine, CountingClassifier(), duties=(duty,)), pace(), once=True) == 1
    assert asked == [NOW] * 3
    assert not [row for row in every_row(engine) if row.startswith("idempotency ")]
