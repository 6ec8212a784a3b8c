"""Imports, the lines they rejected, and saved column maps."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import HOME, NOW, origin

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.records import Rejected
from feedback_nlp.storage import column_maps, imports, rejections
from feedback_nlp.storage.column_maps import ColumnMap
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.imports import Import

LATER = NOW + timedelta(minutes=5)
FIRST, SECOND, THIRD = (Rejected(line, "没有文字", f"第{line}行") for line in (1, 2, 3))


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


def _begin(session: Session, source: str = "a.csv") -> int:
    return imports.begin(session, HOME, origin(source), now=NOW)


def _reject(session: Session, import_id: int, *lines: Rejected, source: str = "a.csv") -> None:
    rejections.add(session, HOME, source, lines, import_id=import_id, now=NOW)


def _finish(session: Session, import_id: int) -> None:
    imports.finish(session, HOME, import_id, now=LATER)


def _open_lines(session: Session) -> list[tuple[str, int]]:
    return [(one.source, one.line) for one in rejections.every(session, HOME)]


def test_an_import_comes_back_as_it_began(session: Session) -> None:
    said = origin("表.xlsx!评论", mapping={"b": "text", "a": "id"}, notes=("按 GB18030 读取",))
    number = imports.begin(session, HOME, said, now=NOW)
    found = imports.get(session, HOME, number)
    assert found == Import(1, said, {}, NOW, None)
    assert list(found.origin.mapping) == ["b", "a"]


def test_imports_are_numbered_and_listed_newest_first(session: Session) -> None:
    numbers = [_begin(session) for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert [one.id for one in imports.every(session, HOME, limit=2)] == [3, 2]
    assert imports.get(session, HOME, 4) is None


def test_counts_add_up(session: Session) -> None:
    number = _begin(session)
    imports.count_up(session, HOME, number, {"added": 2, "rejected": 1})
    imports.count_up(session, HOME, number, {"added": 3, "unchanged": 4})
    found = imports.get(session, HOME, number)
    assert found is not None
    assert found.counts == {"added": 5, "rejected": 1, "unchanged": 4}


def test_a_finished_import_knows_when(session: Session) -> None:
    number = _begin(session)
    _finish(session, number)
    found = imports.get(session, HOME, number)
    assert found is not None
    assert found.finished_at == LATER


def test_an_unknown_import_is_an_error(session: Session) -> None:
    with pytest.raises(NotFoundError, match="7"):
        imports.count_up(session, HOME, 7, {})
    with pytest.raises(NotFoundError, match="7"):
        imports.finish(session, HOME, 7, now=NOW)


def test_a_source_no_database_can_keep_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match="来源"):
        _begin(session, "坏\udcff.csv")


def test_a_finished_import_forgets_what_it_did_not_meet(session: Session) -> None:
    one = _begin(session)
    _reject(session, one, FIRST, SECOND)
    _reject(session, one, FIRST, source="b.csv")
    _finish(session, one)
    two = _begin(session)
    _reject(session, two, SECOND, THIRD)
    assert _open_lines(session) == [("a.csv", 1), ("a.csv", 2), ("a.csv", 3), ("b.csv", 1)]
    _finish(session, two)
    assert _open_lines(session) == [("a.csv", 2), ("a.csv", 3), ("b.csv", 1)]


def test_a_killed_import_loses_no_earlier_rejection(session: Session) -> None:
    one = _begin(session)
    _reject(session, one, FIRST)
    _finish(session, one)
    killed = _begin(session)
    _reject(session, killed, SECOND)
    assert _open_lines(session) == [("a.csv", 1), ("a.csv", 2)]


def test_what_a_killed_import_left_goes_with_the_next_complete_one(session: Session) -> None:
    _reject(session, _begin(session), FIRST)
    _finish(session, _begin(session))
    assert _open_lines(session) == []


@pytest.mark.parametrize("last", [1, 2], ids=["the first ends last", "the second ends last"])
def test_two_imports_of_the_same_file_at_once_end_in_one_result(
    session: Session, last: int
) -> None:
    both = [_begin(session), _begin(session)]
    order = both if last == 2 else both[::-1]
    _reject(session, order[0], FIRST)
    _reject(session, order[1], FIRST, SECOND)
    _reject(session, order[0], SECOND)
    for number in order:
        _finish(session, number)
    assert _open_lines(session) == [("a.csv", 1), ("a.csv", 2)]
    assert {one.import_id for one in rejections.every(session, HOME)} == {2}


@pytest.mark.parametrize("last", [1, 2], ids=["the first ends last", "the second ends last"])
def test_the_import_that_began_last_decides_when_the_file_changed(
    session: Session, last: int
) -> None:
    old, new = _begin(session), _begin(session)
    _reject(session, new, SECOND)
    if last == 1:
        _finish(session, new)
    _reject(session, old, FIRST)
    _finish(session, old)
    if last == 2:
        _finish(session, new)
    assert _open_lines(session) == [("a.csv", 2)]


def test_corrected_lines_outlive_every_import(session: Session) -> None:
    _reject(session, _begin(session), FIRST)
    rejections.correct(session, HOME, [("a.csv", 1)], now=LATER)
    _finish(session, _begin(session))
    (kept,) = rejections.every(session, HOME, include_corrected=True)
    assert kept.corrected_at == LATER


def test_a_column_map_comes_back_in_order(session: Session) -> None:
    column_maps.save(session, HOME, "tmall", "table", {"内容": "text", "单号": "id"}, now=NOW)
    found = column_maps.load(session, HOME, "tmall", "table")
    assert list(found.items()) == [("内容", "text"), ("单号", "id")]
    assert column_maps.load(session, HOME, "tmall", "jsonl") == {}


def test_a_column_map_is_replaced_and_an_equal_one_changes_nothing(session: Session) -> None:
    save = column_maps.save
    save(session, HOME, "tmall", "table", {"内容": "text"}, now=NOW)
    save(session, HOME, "tmall", "table", {"内容": "text"}, now=LATER)
    assert column_maps.every(session, HOME) == [ColumnMap("tmall", "table", {"内容": "text"}, NOW)]
    save(session, HOME, "tmall", "table", {"正文": "text"}, now=LATER)
    save(session, HOME, "jd", "table", {"评价": "text"}, now=LATER)
    assert [one.channel for one in column_maps.every(session, HOME)] == ["jd", "tmall"]
    assert column_maps.load(session, HOME, "tmall", "table") == {"正文": "text"}


def test_an_empty_column_map_forgets_the_saved_one(session: Session) -> None:
    column_maps.save(session, HOME, "tmall", "table", {"内容": "text"}, now=NOW)
    column_maps.save(session, HOME, "tmall", "table", {}, now=NOW)
    assert column_maps.every(session, HOME) == []


def test_a_channel_no_database_can_keep_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match="渠道"):
        column_maps.save(session, HOME, "\x00", "table", {}, now=NOW)
