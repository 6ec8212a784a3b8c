"""Targets are set, listed and withdrawn; nothing is forgotten."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from storage_samples import HOME, NOW

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Metric, Target
from feedback_nlp.storage import tables, targets
from feedback_nlp.storage.database import reading, transaction

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
TARGET = Target(0, Metric.NPS, -12.5, FIRST, LAST, "小李", NOW, "年度目标")


def test_targets_come_back_in_the_order_they_were_set(engine: Engine) -> None:
    other = replace(TARGET, metric=Metric.CSAT, value=0.1 + 0.2)
    with transaction(engine) as session:
        assert targets.add(session, HOME, TARGET) == replace(TARGET, number=1)
        targets.add(session, HOME, other)
    with reading(engine) as session:
        found = targets.every(session, HOME)
    assert found == [replace(TARGET, number=1), replace(other, number=2)]


def test_a_withdrawn_target_is_not_listed_and_its_number_not_used_again(engine: Engine) -> None:
    with transaction(engine) as session:
        targets.add(session, HOME, TARGET)
        before = targets.mark(session, HOME)
        assert targets.withdraw(session, HOME, 1, by="小王", now=NOW).number == 1
        assert targets.every(session, HOME) == []
        assert targets.mark(session, HOME) != before
        assert targets.add(session, HOME, TARGET).number == 2
        count = select(func.count()).select_from(tables.targets)
        assert session.execute(count).scalar_one() == 2
        row = session.execute(select(tables.targets).where(tables.targets.c.id == 1)).one()
    assert (row.withdrawn_by, row.withdrawn_at) == ("小王", NOW)


def test_the_same_metric_and_period_has_one_target(engine: Engine) -> None:
    with transaction(engine) as session:
        targets.add(session, HOME, TARGET)
        with pytest.raises(ConflictError, match=r"已有目标 1，是 -12\.5"):
            targets.add(session, HOME, replace(TARGET, value=3.0))
        targets.add(session, HOME, replace(TARGET, last=FIRST))
        targets.add(session, "elsewhere", TARGET)


def test_what_is_not_there_cannot_be_withdrawn(engine: Engine) -> None:
    with transaction(engine) as session:
        targets.add(session, HOME, TARGET)
        with pytest.raises(NotFoundError, match="没有编号为 2 的目标"):
            targets.withdraw(session, HOME, 2, by="小王", now=NOW)
        with pytest.raises(NotFoundError):
            targets.withdraw(session, "elsewhere", 1, by="小王", now=NOW)
        targets.withdraw(session, HOME, 1, by="小王", now=NOW)
        with pytest.raises(ConflictError, match="目标 1 已由 小王 撤回"):
            targets.withdraw(session, HOME, 1, by="小李", now=NOW)


def test_what_no_database_can_keep_is_refused(engine: Engine) -> None:
    with transaction(engine) as session:
        for wrong in ({"author": "\0"}, {"reason": "\ud800"}, {"value": float("nan")}):
            with pytest.raises(InputError):
                targets.add(session, HOME, replace(TARGET, **wrong))
