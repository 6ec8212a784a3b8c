from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import HOME, NOW

from feedback_nlp.records import Rejected
from feedback_nlp.storage import rejections
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.rejections import StoredRejection

LATER = NOW + timedelta(days=1)
LINES = [
    Rejected(7, "没有文字", "2026-01-01,,"),
    Rejected(9, "编码错误", "\x00\ud800坏行"),
    Rejected(7, "时间无法识别", "2026-01-01,,"),
]


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


def _add(
    session: Session, lines: list[Rejected], *, source: str = "a.csv", import_id: int = 1
) -> int:
    return rejections.add(session, HOME, source, lines, import_id=import_id, now=NOW)


def test_rejected_lines_come_back_as_they_were(session: Session) -> None:
    assert _add(session, LINES) == 3
    found = list(rejections.every(session, HOME))
    assert [one.line for one in found] == [7, 7, 9]
    assert {Rejected(one.line, one.reason, one.raw) for one in found} == set(LINES)
    assert found[2] == StoredRejection(
        "a.csv", 9, "编码错误", "\x00\ud800坏行", NOW, import_id=1, corrected_at=None
    )


def test_the_same_line_is_stored_once(session: Session) -> None:
    assert _add(session, [*LINES, LINES[0]]) == 3
    assert _add(session, LINES) == 0
    assert _add(session, LINES[:1], source="b.csv") == 1
    assert rejections.count(session, HOME) == 4
    assert rejections.count(session, HOME, source="b.csv") == 1
    assert [one.line for one in rejections.every(session, HOME, source="b.csv")] == [7]


def test_a_known_line_notes_only_the_latest_import_that_met_it(session: Session) -> None:
    _add(session, LINES, import_id=3)
    rejections.add(session, HOME, "a.csv", LINES[:1], import_id=5, now=LATER)
    _add(session, LINES[1:2], import_id=2)
    found = {one.reason: one for one in rejections.every(session, HOME)}
    assert {reason: one.import_id for reason, one in found.items()} == {
        "没有文字": 5,
        "编码错误": 3,
        "时间无法识别": 3,
    }
    assert {one.rejected_at for one in found.values()} == {NOW}


def test_a_reason_that_no_database_can_keep_is_written_readably(session: Session) -> None:
    lines = [Rejected(1, "时间无法识别：'\x00\ud83d'", "x")]
    assert _add(session, lines) == 1
    assert _add(session, lines) == 0
    (found,) = rejections.every(session, HOME)
    assert found.reason == r"时间无法识别：'\x00\ud83d'"


def test_corrected_lines_are_kept_apart(session: Session) -> None:
    _add(session, LINES)
    _add(session, LINES, source="b.csv")
    places = [("a.csv", 7), ("b.csv", 9), ("b.csv", 8), ("c.csv", 7)]
    assert rejections.correct(session, HOME, places, now=LATER) == 3
    assert rejections.correct(session, HOME, places, now=LATER) == 0
    assert [(one.source, one.line) for one in rejections.every(session, HOME)] == [
        ("a.csv", 9),
        ("b.csv", 7),
        ("b.csv", 7),
    ]
    assert rejections.count(session, HOME) == 3
    assert rejections.count_by_source(session, HOME) == {"a.csv": 1, "b.csv": 2}
    everything = list(rejections.every(session, HOME, include_corrected=True))
    assert [one.corrected_at for one in everything].count(LATER) == 3


def test_a_corrected_line_stays_corrected_when_it_is_met_again(session: Session) -> None:
    _add(session, LINES[:1])
    rejections.correct(session, HOME, [("a.csv", 7)], now=LATER)
    assert _add(session, LINES[:1], import_id=2) == 0
    assert rejections.count(session, HOME) == 0


@pytest.mark.parametrize("batch", [1, 2, 3, 99])
def test_rejected_lines_come_page_by_page_in_order(session: Session, batch: int) -> None:
    for source in ("b.csv", "a.csv"):
        _add(session, LINES, source=source)
    found = [(one.source, one.line) for one in rejections.every(session, HOME, batch=batch)]
    assert found == [(source, line) for source in ("a.csv", "b.csv") for line in (7, 7, 9)]


def test_more_lines_than_one_statement_can_name(session: Session) -> None:
    many = [Rejected(line, "没有文字") for line in range(2_500)]
    assert _add(session, many) == 2_500
    assert _add(session, many, import_id=2) == 0
    places = [("a.csv", one.line) for one in many]
    assert rejections.correct(session, HOME, places, now=LATER) == 2_500


def test_no_rejected_lines_are_fine(session: Session) -> None:
    assert _add(session, []) == 0
    assert list(rejections.every(session, HOME)) == []
    assert rejections.count_by_source(session, HOME) == {}
    assert rejections.correct(session, HOME, [], now=NOW) == 0
