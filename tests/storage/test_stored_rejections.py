from sqlalchemy import Engine
from storage_samples import HOME, NOW

from feedback_nlp.records import Rejected
from feedback_nlp.storage import rejections
from feedback_nlp.storage.database import reading, transaction

LINES = [
    Rejected(7, "没有文字", "2026-01-01,,"),
    Rejected(9, "编码错误", "\x00\ud800坏行"),
    Rejected(7, "时间无法识别", "2026-01-01,,"),
]


def test_rejected_lines_come_back_as_they_were(engine: Engine) -> None:
    with transaction(engine) as session:
        assert rejections.add(session, HOME, "a.csv", LINES, now=NOW) == 3
    with reading(engine) as session:
        found = rejections.every(session, HOME)
    assert [line.line for line in found] == [7, 7, 9]
    assert set(found) == set(LINES)


def test_the_same_line_is_stored_once(engine: Engine) -> None:
    with transaction(engine) as session:
        assert rejections.add(session, HOME, "a.csv", [*LINES, LINES[0]], now=NOW) == 3
        assert rejections.add(session, HOME, "a.csv", LINES, now=NOW) == 0
        assert rejections.add(session, HOME, "b.csv", LINES[:1], now=NOW) == 1
        assert rejections.count(session, HOME) == 4
        assert rejections.count(session, HOME, source="b.csv") == 1
        assert rejections.every(session, HOME, source="b.csv") == LINES[:1]


def test_an_import_replaces_what_earlier_ones_of_its_source_rejected(engine: Engine) -> None:
    with transaction(engine) as session:
        rejections.begin(session, HOME, "a.csv")
        for line in LINES:
            rejections.add(session, HOME, "a.csv", [line], now=NOW)
        rejections.add(session, HOME, "b.csv", LINES[1:2], now=NOW)
        rejections.add(session, "away", "a.csv", LINES[:1], now=NOW)
        assert rejections.count(session, HOME, source="a.csv") == 3
    with transaction(engine) as session:
        rejections.begin(session, HOME, "a.csv")
        rejections.add(session, HOME, "a.csv", LINES[:1], now=NOW)
    with reading(engine) as session:
        assert rejections.every(session, HOME) == [LINES[0], LINES[1]]
        assert rejections.count(session, HOME) == 2
        assert rejections.count(session, "away") == 1


def test_no_rejected_lines_are_fine(engine: Engine) -> None:
    with transaction(engine) as session:
        assert rejections.add(session, HOME, "a.csv", [], now=NOW) == 0
        assert rejections.every(session, HOME) == []
