"""The service level as it stands on a Monday morning; escalations made and closed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import TAXONOMY
from desk import NewDatabase
from late_complaints import HOUR, NOW, WEEK, complaints, fill
from sqlalchemy import Engine
from storage_samples import HOME, MODEL

from feedback_nlp.errors import ConflictError, InputError
from feedback_nlp.records import CHINA, Quote, ReviewKind, Signature
from feedback_nlp.sla.clocks import Span
from feedback_nlp.sla.limits import Told
from feedback_nlp.sla.standing import Cut, Standing
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_sla import (
    SlaPage,
    Wanted,
    Which,
    list_sla,
    sla_standing,
)
from feedback_nlp.workflows.escalate import close_escalation, escalate_overdue
from feedback_nlp.workflows.set_policy import set_policy
from feedback_nlp.workflows.sla_due import sla_due

ALL = Page(9)
BY = Signature("小李", NOW, "已电话致歉")


@pytest.fixture
def engine(tmp_path: Path, new_database: NewDatabase) -> Iterator[Engine]:
    engine = open_database(new_database(tmp_path))
    fill(engine, HOME, model=MODEL)
    yield engine
    engine.dispose()


def listed(engine: Engine, which: Which, page: Page = ALL) -> SlaPage:
    with reading(engine) as session:
        wanted = Wanted(which, page)
        return list_sla(session, HOME, wanted, model=MODEL, now=NOW, taxonomy=TAXONOMY)


def ids(found: SlaPage) -> list[str]:
    return [entry.clock.case.review_id for entry in found.entries]


def standing(engine: Engine, days: int = 30) -> Standing:
    with reading(engine) as session:
        return sla_standing(session, HOME, model=MODEL, now=NOW, taxonomy=TAXONOMY, days=days)


def test_figures_are_those_of_the_window(engine: Engine) -> None:
    found = standing(engine)
    whole = found.whole
    assert (whole.cases, whole.overdue, whole.untimed, whole.unresolved) == (6, 2, 0, 5)
    assert whole.answered is not None
    assert (whole.answered.value, whole.answered.n) == (2 / 5, 5)  # the one that is soon due waits
    assert whole.resolved is not None
    assert (whole.resolved.value, whole.resolved.n) == (1 / 6, 6)
    assert (found.overdue, found.soon, found.escalated) == (2, 1, 0)
    assert (found.older, found.undated, found.listed_days) == (1, 1, 90)
    departments = {row.name: row.figures.cases for row in found.rows if row.cut is Cut.DEPARTMENT}
    assert departments == {"研发": 4, "物流": 2}
    assert standing(engine, days=200).whole.cases == 7
    assert found.unknown_years == ()


def test_the_grave_come_first_then_who_waits_longest(engine: Engine) -> None:
    found = listed(engine, Which.OVERDUE)
    assert ids(found) == ["grave", "late"]
    assert (found.total, found.older) == (2, 1)
    late = found.entries[1]
    assert late.quote == Quote("late", 0, 4, "送得太慢")
    assert late.clock.limit.key == "tiers.B"
    assert late.due == NOW.replace(day=7, hour=13, minute=30)
    assert late.late == Span(NOW - late.due, timedelta(hours=1, minutes=20))
    assert late.clock.department == "物流"
    assert ids(listed(engine, Which.OVERDUE, Page(1, 1))) == ["late"]
    assert listed(engine, Which.OVERDUE, Page(1, 1)).total == 2
    (soon,) = listed(engine, Which.SOON).entries
    assert soon.clock.case.review_id == "soon"
    assert soon.late.business == -timedelta(minutes=10)


def test_unresolved_complaints_are_escalated_once(engine: Engine) -> None:
    def escalate() -> list[str]:
        made = escalate_overdue(engine, HOME, model=MODEL, now=NOW, taxonomy=TAXONOMY)
        return [each.review_id for each in made]

    first = escalate()
    assert set(first) == {"late", "soon", "grave", "slow", "calm"}
    assert escalate() == []
    found = listed(engine, Which.ESCALATED)
    assert ids(found) == ["grave", "calm", "slow", "late", "soon"]
    assert found.entries[1].due == WEEK + 48 * HOUR
    assert found.entries[1].escalation is not None
    assert standing(engine).escalated == 5
    with transaction(engine) as session:
        done = close_escalation(session, HOME, "slow", BY)
    assert (done.closed_by, done.note, done.department) == ("小李", "已电话致歉", "研发")
    with transaction(engine) as session, pytest.raises(ConflictError):
        close_escalation(session, HOME, "slow", BY)
    (calm,) = (each for each in complaints() if each[0].id == "calm")
    resolved = replace(calm[0], resolved_at=NOW)
    fill(engine, HOME, model=MODEL, made=[(resolved, *calm[1:])])
    assert escalate() == []
    assert ids(listed(engine, Which.ESCALATED)) == ["grave", "late", "soon"]
    assert standing(engine).escalated == 3


def test_limits_are_the_teams(engine: Engine) -> None:
    wishes = [("sla.tiers.B", "4d"), ("sla.window_days", "2"), ("sla.resolve_hours", "1000")]
    set_policy(engine, HOME, wishes, TAXONOMY, signature=BY)
    assert ids(listed(engine, Which.OVERDUE)) == []
    assert escalate_overdue(engine, HOME, model=MODEL, now=NOW, taxonomy=TAXONOMY) == []
    set_policy(engine, HOME, [("sla.window_days", "4")], TAXONOMY, signature=BY)
    found = listed(engine, Which.OVERDUE)
    assert (ids(found), found.older) == (["grave"], 1)


def test_a_year_without_known_holidays_is_said(engine: Engine) -> None:
    told = Told(ReviewKind.TICKET, "", "A", (), negative=True, complaint=True)
    with reading(engine) as session:
        for year, unknown in ((2026, ()), (2027, (2027,))):
            at = NOW.replace(year=year)
            found = sla_due(session, HOME, told, at=at, taxonomy=TAXONOMY)
            assert (found.unknown_years, found.answer.tzinfo) == (unknown, CHINA)
        later = NOW.replace(year=2027)
        seen = sla_standing(session, HOME, model=MODEL, now=later, taxonomy=TAXONOMY)
        assert (seen.unknown_years, seen.older) == ((2027,), 4)
        with pytest.raises(InputError, match="2000"):
            sla_due(session, HOME, told, at=NOW.replace(year=1999), taxonomy=TAXONOMY)
