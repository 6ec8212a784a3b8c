"""Planning beside other writers: what arrives while themes are made is in the plan."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from builders import NOW
from desk import COMPLAINTS, Desk, sample_rows, write_csv
from sqlalchemy import event

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels, PlainLabels, Polarity, QuarantineReason
from feedback_nlp.storage import annotations, embeddings, people, themes
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.storage.quarantine import Decision
from feedback_nlp.text.normalize import normalize
from feedback_nlp.workflows.correct_opinions import Wish, correct_opinion
from feedback_nlp.workflows.decide_quarantine import decide
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.run_files import plan_stored, report_stored, score


@dataclass
class Slow:
    """The same model, but something happens while it encodes."""

    model: Classifier
    happenings: list[Callable[[], None]] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.model.version

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return self.model.label(clauses)

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        if self.happenings:
            self.happenings.pop()()
        return self.model.encode(clauses)


@pytest.mark.parametrize("times", [1, 2], ids=["once", "each time"])
def test_opinions_stored_meanwhile_are_planned_too(
    desk: Desk, finished: Desk, tmp_path: Path, times: int
) -> None:
    rows = sample_rows()
    parts = [write_csv(tmp_path / f"{n}.csv", rows[n :: times + 1]) for n in range(times + 1)]

    def arrive(part: Path) -> None:
        with desk.setup() as setup:
            import_files(Target(setup.engine, "default", NOW), [part])
            score(setup)

    arrive(parts[0])
    slow = Slow(desk.classifier, [lambda part=part: arrive(part) for part in parts[1:]])  # type: ignore[misc]
    with replace(desk, classifier=slow).setup() as setup:
        planned = plan_stored(setup, now=NOW)
    with desk.setup() as setup:
        report_stored(setup, out=desk.out)
    assert slow.happenings == []
    assert len(planned.priorities) == 4
    assert desk.files() == finished.files()


def test_two_plans_at_once_end_in_the_plan_of_one(desk: Desk, tmp_path: Path) -> None:
    desk.run(COMPLAINTS)
    again = [row | {"id": f"N-{n}"} for n, row in enumerate(sample_rows()[:5])]
    more = write_csv(tmp_path / "more.csv", again)
    with desk.setup() as setup:
        import_files(Target(setup.engine, "default", NOW), [more])
        score(setup)

    def other() -> None:
        with desk.setup() as setup:
            plan_stored(setup, now=NOW)

    slow = Slow(desk.classifier, [other])
    with replace(desk, classifier=slow).setup() as setup:
        plan_stored(setup, now=NOW)
    alone = desk.at("alone")
    alone.run(COMPLAINTS)
    alone.run(more)
    assert slow.happenings == []
    assert [row for row in desk.dump() if row.startswith("theme")] == [
        row for row in alone.dump() if row.startswith("theme")
    ]


def test_a_review_rewritten_meanwhile_leaves_no_vector_of_its_old_words(
    desk: Desk, tmp_path: Path
) -> None:
    rows = sample_rows()
    with desk.setup() as setup:
        import_files(Target(setup.engine, "default", NOW), [write_csv(tmp_path / "1.csv", rows)])
        score(setup)
    rewritten = [row | {"内容": f"真是{row['内容']}"} for row in rows]

    def rewrite() -> None:
        later = NOW + timedelta(days=1)
        part = write_csv(tmp_path / "2.csv", rewritten)
        with desk.setup() as setup:
            import_files(Target(setup.engine, "default", later), [part])
            score(setup)

    slow = Slow(desk.classifier, [rewrite])
    with replace(desk, classifier=slow).setup() as setup:
        plan_stored(setup, now=NOW)
    assert slow.happenings == []
    model = desk.classifier.version
    with desk.engine() as engine, reading(engine) as session:
        stored = embeddings.known(session, desk.workspace, model=model)
        voices = annotations.voices_at(session, desk.workspace, set(stored), model=model)
    texts = [normalize(voice.text).text for voice in voices]
    places = [(voice.review_id, voice.start) for voice in voices]
    fresh = embeddings.rounded(desk.classifier.encode(texts))
    assert len(places) == len(stored) > 0
    assert np.array_equal(np.stack([stored[place] for place in places]), fresh)


def two_members(desk: Desk) -> list[str]:
    """Return two reviews of different themes."""
    with desk.engine() as engine, reading(engine) as session:
        known = themes.every(session, desk.workspace)
    return [theme.members[0][0] for theme in known[:2]]


def hold(desk: Desk, review_id: str, *, held: bool, days: int) -> None:
    decision = Decision(held=held, by="小李", reason=QuarantineReason.SPAM)
    with desk.engine() as engine:
        decide(engine, desk.workspace, [review_id], decision, now=NOW + timedelta(days=days))


def test_decisions_made_meanwhile_are_planned_too(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    one, other = two_members(desk)
    hold(desk, one, held=True, days=1)

    def swap() -> None:
        """As many reviews are held as before, but not the same."""
        hold(desk, one, held=False, days=2)
        hold(desk, other, held=True, days=2)

    slow = Slow(desk.classifier, [swap])
    with replace(desk, classifier=slow).setup() as setup:
        plan_stored(setup, now=NOW)
    planned = desk.dump()
    with desk.setup() as setup:
        plan_stored(setup, now=NOW)
    assert slow.happenings == []
    assert desk.dump() == planned


def test_corrections_made_meanwhile_are_planned_too(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    with desk.engine() as engine, reading(engine) as session:
        place = themes.every(session, desk.workspace)[0].members[0]
    wish, model = Wish(*place, PlainLabels(Polarity.POS)), desk.classifier.version

    def praise() -> None:
        with desk.engine() as engine, transaction(engine) as session:
            correct_opinion(session, desk.workspace, wish, desk.taxonomy, model=model, now=NOW)

    slow = Slow(desk.classifier, [praise])
    with replace(desk, classifier=slow).setup() as setup:
        plan_stored(setup, now=NOW)
        with reading(setup.engine) as session:
            planned = themes.every(session, desk.workspace)
    assert slow.happenings == []
    assert place not in {member for theme in planned for member in theme.members}


@pytest.mark.postgres
@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_a_plan_that_waits_for_an_erasure_sees_it(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    gone = two_members(desk)[0]
    pending = ExitStack()

    def erase() -> None:
        """Delete a review, but commit only when the plan is about to wait."""
        engine = pending.enter_context(desk.engine())
        session = pending.enter_context(transaction(engine))
        order = ErasureOrder("小李", "请求单 17", NOW)
        people.erase(session, desk.workspace, Person(review_ids=(gone,)), order)

    def commit_before_a_lock(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if "pg_advisory_xact_lock" in sql:
            pending.close()

    slow = Slow(desk.classifier, [erase])
    with pending, replace(desk, classifier=slow).setup() as setup:
        event.listen(setup.engine, "before_cursor_execute", commit_before_a_lock)
        plan_stored(setup, now=NOW)
    assert slow.happenings == []
    with desk.engine() as engine, reading(engine) as session:
        known = themes.every(session, desk.workspace, any_state=True)
    assert gone not in {review_id for theme in known for review_id, _ in theme.members}
