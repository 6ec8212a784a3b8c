"""What becomes of the rows of one sheet."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from desk import COMPLAINTS, Desk, imported, open_rejections, stored, write_text

from feedback_nlp.errors import InputError
from feedback_nlp.records import Arrival, Rejected, Review
from feedback_nlp.storage import imports, reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.imports import Origin
from feedback_nlp.workflows import import_sheet as module
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target, import_sheet

ORIGIN = Origin("a.csv", "table", "file", {})
TWO_BAD = ("id,内容,时间", "1,太慢,2026-03-02", "2,,2026-03-02", "3,闪退,前天")


def test_reports_of_parts_add_up() -> None:
    one, other = ImportReport(1, 2, 3, 4, 5, 6), ImportReport(10, 20, 30, 40, 50, 60)
    assert one + other == ImportReport(11, 22, 33, 44, 55, 66)


def test_every_line_is_counted_and_reported(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    rows: list[Arrival | Rejected] = [
        Review("R-1", "应用商店", "一打开就闪退"),
        Rejected(3, "正文为空"),
        Review("R-1", "应用商店", "一打开就闪退"),
        Review("R-1", "应用商店", "修好了"),
        Rejected(6, "正文为空"),
    ]
    seen: list[int] = []
    told: list[Rejected] = []
    done = import_sheet(target, rows, origin=ORIGIN, progress=seen.append, complain=told.append)
    assert done == ImportReport(added=1, revised=1, unchanged=1, rejected=2)
    assert seen == [2, 2, 1]
    assert [line.line for line in told] == [3, 6]
    assert [review.text for review in stored(target)] == ["修好了"]
    assert len(open_rejections(target)) == 2


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
def test_what_came_before_a_break_is_kept_and_the_rejections_of_earlier_imports_too(
    batch: int, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", batch)
    import_sheet(target, [Rejected(9, "旧的")], origin=ORIGIN)

    def broken() -> Iterator[Arrival | Rejected]:
        yield Review("R-1", "a", "太慢")
        yield Rejected(2, "新的")
        yield Review("R-2", "a", "太贵")
        raise InputError("坏了")

    with pytest.raises(InputError, match="坏了"):
        import_sheet(target, broken(), origin=ORIGIN)
    assert [review.id for review in stored(target)] == ["R-1", "R-2"]
    assert [line.reason for line in open_rejections(target)] == ["新的", "旧的"]
    with reading(target.engine) as session:
        last, first = imports.every(session, target.workspace, limit=9)
    assert (first.finished_at, last.finished_at) == (NOW, None)
    assert dict(last.counts) | {"added": 2, "rejected": 1} == dict(last.counts)


def test_importing_twice_changes_nothing(target: Target, desk: Desk, tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", *TWO_BAD)
    first = imported(target, path, channel="店")
    before = desk.dump()
    again = replace(target, now=NOW + timedelta(days=2))
    second = imported(again, path, channel="店")
    assert (first.added, first.rejected) == (1, 2)
    assert (second.added, second.revised, second.unchanged, second.rejected) == (0, 0, 1, 2)
    assert desk.dump() == before


def test_same_id_with_a_new_text_is_a_revision(target: Target, tmp_path: Path) -> None:
    imported(target, write_text(tmp_path / "a.csv", "id,内容", "1,太慢"))
    done = imported(target, write_text(tmp_path / "b.csv", "id,内容", "1,快了"))
    assert done == ImportReport(revised=1)
    (review,) = stored(target)
    with reading(target.engine) as session:
        earlier = reviews.revisions(session, target.workspace, review.id)
    assert (review.text, [each.text for each in earlier]) == ("快了", ["太慢"])


def test_a_line_that_was_mended_in_its_file_is_no_longer_rejected(
    target: Target, tmp_path: Path
) -> None:
    path = write_text(tmp_path / "a.csv", *TWO_BAD)
    imported(target, path)
    write_text(path, *TWO_BAD[:2], "2,太贵,2026-03-02", TWO_BAD[3])
    assert imported(target, path).rejected == 1
    assert [line.line for line in open_rejections(target)] == [4]


def test_a_gzipped_file_gives_the_same_reviews(target: Target, tmp_path: Path) -> None:
    packed = tmp_path / "complaints.csv.gz"
    packed.write_bytes(gzip.compress(COMPLAINTS.read_bytes()))
    imported(target, COMPLAINTS)
    assert imported(target, packed) == ImportReport(unchanged=30)


def test_a_file_that_is_cut_off_is_refused_before_anything_is_stored(
    target: Target, tmp_path: Path
) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(COMPLAINTS.read_bytes())[:-9])
    with pytest.raises(InputError, match="压缩包损坏或不完整"):
        import_files(target, [path])
    assert stored(target) == []
