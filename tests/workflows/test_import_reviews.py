import gzip
from pathlib import Path

import pytest
from builders import NOW
from desk import COMPLAINTS, Desk

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected, Review
from feedback_nlp.storage import rejections, reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows import import_reviews as module
from feedback_nlp.workflows.import_reviews import ImportReport, import_reviews
from feedback_nlp.workflows.run_files import import_files


def test_reports_of_parts_add_up() -> None:
    one = ImportReport(1, 2, 3, (Rejected(4, "正文为空"),))
    other = ImportReport(10, 20, 30, (Rejected(40, "正文为空"),))
    assert one + other == ImportReport(
        11, 22, 33, (Rejected(4, "正文为空"), Rejected(40, "正文为空"))
    )


def test_every_line_is_counted_and_reported(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    rows: list[Review | Rejected] = [
        Review("R-1", "应用商店", "一打开就闪退"),
        Rejected(3, "正文为空"),
        Review("R-1", "应用商店", "一打开就闪退"),
        Review("R-1", "应用商店", "修好了"),
        Rejected(6, "正文为空"),
    ]
    seen: list[int] = []
    with desk.engine() as engine:
        done = import_reviews(
            engine, "default", rows, source="a.csv", now=NOW, progress=seen.append
        )
        with reading(engine) as session:
            assert len(list(reviews.every(session, "default"))) == 1
            assert rejections.count(session, "default") == 2
    assert done == ImportReport(1, 1, 1, (Rejected(3, "正文为空"), Rejected(6, "正文为空")))
    assert seen == [2, 2, 1]


def test_a_file_broken_half_way_keeps_the_lines_before(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 5)
    path = tmp_path / "broken.csv"
    path.write_bytes(COMPLAINTS.read_bytes() + b"C-31,x,\xff\xfe,u,,a,1\n" * 3)
    with desk.engine() as engine:
        with pytest.raises(InputError, match="不是 UTF-8"):
            import_files(engine, "default", [path], now=NOW)
        with reading(engine) as session:
            kept = len(list(reviews.every(session, "default")))
        import_files(engine, "default", [COMPLAINTS], now=NOW)
        with reading(engine) as session:
            assert 0 <= kept <= len(list(reviews.every(session, "default"))) == 30


def test_a_gzipped_file_gives_the_same_reviews(desk: Desk, tmp_path: Path) -> None:
    packed = tmp_path / "complaints.csv.gz"
    packed.write_bytes(gzip.compress(COMPLAINTS.read_bytes()))
    with desk.engine() as engine:
        import_files(engine, "default", [COMPLAINTS], now=NOW)
        ((_, done),) = import_files(engine, "default", [packed], now=NOW)
    assert (done.added, done.unchanged) == (0, 30)
