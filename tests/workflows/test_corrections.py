"""Rejected rows go out as a CSV, are mended by a person, and come in after all."""

import csv
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from builders import NOW
from databases import every_row
from desk import Desk, imported, open_rejections, sqlite_in, stored, write_csv, write_text
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Rejected
from feedback_nlp.storage import rejections
from feedback_nlp.storage.database import open_database
from feedback_nlp.storage.imports import Origin
from feedback_nlp.tabular.cells import MAX_CELL
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import Row
from feedback_nlp.workflows.corrections import (
    LINE,
    MARKS,
    RAW,
    REASON,
    SOURCE,
    Returns,
    export_rejected,
    without_marks,
)
from feedback_nlp.workflows.import_files import Intake, import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target, import_sheet

Cells = dict[str, str]
GOOD = {"内容": "太慢", "时间": "2026-03-02", "评分": "1"}
BAD = (
    {"内容": "太贵", "时间": "昨天", "评分": "1"},
    {"内容": "闪退", "时间": "2026-03-02", "评分": "九"},
)
MENDED = (BAD[0] | {"时间": "2026-03-03"}, BAD[1] | {"评分": "2"})


def exported(target: Target, out: Path, *, source: str | None = None) -> list[Cells]:
    written = export_rejected(target.engine, target.workspace, out, source=source)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == written
    return rows


def mend(out: Path, rows: list[Cells], *fixes: Mapping[str, str]) -> Path:
    """Write an export back with some cells of its first rows mended."""
    for row, fix in zip(rows, fixes, strict=False):
        row.update(fix)
    return write_csv(out, rows)


def ids(target: Target) -> set[str]:
    return {review.id for review in stored(target)}


def test_mended_rows_come_in_and_nothing_is_left_open(
    target: Target, desk: Desk, tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "a.csv", [GOOD, *BAD])
    imported(target, source)
    out = tmp_path / "fix.csv"
    rows = exported(target, out)
    assert list(rows[0]) == [*MARKS, "内容", "时间", "评分"]
    assert [(row[SOURCE], row[LINE], row[RAW]) for row in rows] == [
        (str(source.resolve()), "3", ""),
        (str(source.resolve()), "4", ""),
    ]
    assert "昨天" in rows[0][REASON]
    mend(out, rows, {"时间": "2026-03-03"}, {"评分": "2"})
    (done,) = import_files(target, [out])
    assert (done.report, done.corrected) == (ImportReport(added=2), 2)
    assert open_rejections(target) == []
    clean = replace(target, workspace="干净")
    imported(clean, write_csv(tmp_path / "clean.csv", [GOOD, *MENDED]))
    assert ids(target) == ids(clean)
    assert all(not review.extras for review in stored(target))
    before = desk.dump()
    assert imported(target, out) == ImportReport(unchanged=2)
    assert desk.dump() == before


def test_the_original_file_rejects_its_rows_again_but_they_stay_corrected(
    target: Target, tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "a.csv", [GOOD, *BAD])
    imported(target, source)
    out = tmp_path / "fix.csv"
    mend(out, exported(target, out), {"时间": "2026-03-03"}, {"评分": "2"})
    imported(target, out)
    assert imported(target, source) == ImportReport(unchanged=1, rejected=2)
    assert open_rejections(target) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("=1+1", id="formula"),
        pytest.param("+86 打不通", id="plus"),
        pytest.param("-5 分", id="minus"),
        pytest.param("@客服 在吗", id="at"),
        pytest.param("'=1+1", id="an apostrophe of its own before a formula"),
        pytest.param("'引用", id="an apostrophe of its own"),
        pytest.param("''", id="two apostrophes"),
        pytest.param("＝１", id="full width"),
        pytest.param("\t前面有制表符", id="tab"),
        pytest.param("两行\n第二行", id="two lines"),
        pytest.param("回车\r在中间\r\n", id="carriage returns"),
        pytest.param('"引号",逗号', id="quotes and commas"),
        pytest.param("  前后有空格  ", id="blanks around"),
    ],
)
def test_a_text_survives_the_round_trip_unharmed(text: str, target: Target, tmp_path: Path) -> None:
    rows = [{"内容": text, "时间": "昨天", "备注": text}]
    imported(target, write_csv(tmp_path / "a.csv", rows))
    out = tmp_path / "fix.csv"
    written = exported(target, out)
    assert not written[0]["内容"].startswith(("=", "+", "-", "@", "\t", "＝"))
    imported(target, mend(out, written, {"时间": "2026-03-02"}))
    clean = replace(target, workspace="干净")
    imported(clean, write_csv(tmp_path / "b.csv", [row | {"时间": "2026-03-02"} for row in rows]))
    assert stored(target) == stored(clean)


CELL = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\x1a"), max_size=12
).map("={}".format) | st.text(alphabet="'=+-@x，\n\t\" ,", max_size=6)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One database on SQLite for all examples of a law."""
    engine = open_database(sqlite_in(tmp_path_factory.mktemp("shared")))
    yield Target(engine, "default", NOW)
    engine.dispose()


NUMBERS = count()


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4))
def test_any_cells_survive_the_round_trip(shared: Target, cells: list[tuple[str, str]]) -> None:
    source = f"/{next(NUMBERS)}.csv"
    rows = [{"内容": f"甲{first}", "备注": second} for first, second in cells]
    rejected = [Rejected(line, "坏", repr_json(row)) for line, row in enumerate(rows, start=2)]
    import_sheet(shared, rejected, origin=Origin(source, "table", "file", {}))
    kept = [row.raw for row in open_rejections(shared) if row.source == source]
    with NamedTemporaryFile(suffix=".csv") as out:
        export_rejected(shared.engine, "default", Path(out.name), source=source)
        (sheet,) = open_sheets(Path(out.name))
        returns = Returns(shared.engine, "default")
        found = list(without_marks(sheet, returns).rows)
    assert [repr_json(row.cells) for row in found if isinstance(row, Row)] == kept
    assert list(returns.places) == [(source, line) for line in range(2, len(rows) + 2)]


def repr_json(cells: Mapping[str, str]) -> str:
    return json.dumps(cells, ensure_ascii=False)


def test_rows_that_are_rejected_again_are_open_exactly_once(target: Target, tmp_path: Path) -> None:
    imported(target, write_csv(tmp_path / "a.csv", [GOOD, *BAD]))
    out = tmp_path / "fix.csv"
    for _ in range(3):  # the same file each time, as people do
        exported(target, out)
        assert imported(target, out).rejected == 2
        assert [(row.source, row.line) for row in open_rejections(target)] == [
            (str(out.resolve()), 2),
            (str(out.resolve()), 3),
        ]
    mend(out, exported(target, out), {"时间": "大前天"}, {"评分": "2"})
    assert imported(target, out) == ImportReport(added=1, rejected=1)
    assert ["大前天" in row.reason for row in open_rejections(target)] == [True]
    mend(out, exported(target, out), {"时间": "2026-03-03"})
    assert imported(target, out) == ImportReport(added=1)
    assert open_rejections(target) == []


def test_rows_of_several_sources_keep_their_own_headers(target: Target, tmp_path: Path) -> None:
    shop = [{"内容": "太贵", "时间": "昨天", "店铺": "", "星": "1"}]
    app = [{"标题": "差", "评论内容": "闪退", "评论时间": "昨天", "版本": ""}]
    imported(target, write_csv(tmp_path / "shop.csv", shop))
    imported(target, write_csv(tmp_path / "app.csv", app))
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"内容": "卡顿", "时间": "昨天", "评分": null}\n', encoding="utf-8")
    imported(target, lines)
    out = tmp_path / "fix.csv"
    rows = exported(target, out)
    assert len(rows[0]) == len(MARKS) + 8 + 1
    for row in rows:
        name = "评论时间" if row["评论内容"] else "时间"
        row[name] = "2026-03-02"
    clean = replace(target, workspace="干净")
    imported(clean, write_csv(tmp_path / "s.csv", [shop[0] | {"时间": "2026-03-02"}]))
    imported(clean, write_csv(tmp_path / "t.csv", [app[0] | {"评论时间": "2026-03-02"}]))
    lines.write_text('{"内容": "卡顿", "时间": "2026-03-02", "评分": null}\n', encoding="utf-8")
    imported(clean, lines)
    assert imported(target, write_csv(out, rows)) == ImportReport(added=3)
    assert open_rejections(target) == []
    assert ids(target) == ids(clean)
    assert {review.extras for review in stored(target)} == {
        review.extras for review in stored(clean)
    }


def test_one_source_can_be_exported_alone(target: Target, tmp_path: Path) -> None:
    imported(target, write_csv(tmp_path / "a.csv", BAD))
    imported(target, write_csv(tmp_path / "b.csv", [BAD[0] | {"内容": "另一个"}]))
    rows = exported(target, tmp_path / "fix.csv", source=str((tmp_path / "b.csv").resolve()))
    assert [row["内容"] for row in rows] == ["另一个"]


def test_lines_that_were_never_cut_come_under_their_own_column(
    target: Target, tmp_path: Path
) -> None:
    imported(
        target, write_text(tmp_path / "a.csv", "内容,时间", '"坏的,2026-03-02', "昨天来的,昨天")
    )
    out = tmp_path / "fix.csv"
    uncut, cut = exported(target, out)
    assert (uncut[RAW], uncut["内容"], cut[RAW]) == ('"坏的,2026-03-02', "", "")
    assert imported(target, out).rejected == 2
    uncut, cut = exported(target, out)
    assert uncut[RAW] == '"坏的,2026-03-02'
    assert "引号不成对" in uncut[REASON]
    mended = {"内容": "坏的", "时间": "2026-03-02"}
    assert imported(target, mend(out, [uncut, cut], mended, {"时间": "2026-03-01"})).added == 2
    assert open_rejections(target) == []
    clean = replace(target, workspace="干净")
    imported(clean, write_csv(tmp_path / "b.csv", [mended]))
    assert ids(clean) < ids(target)


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        pytest.param(r'{"内容": "好\ud83d"}', "好�", id="half an emoji"),
        pytest.param(r'{"内容": "好\u0000"}', "好�", id="NUL"),
    ],
)
def test_what_no_file_can_hold_is_shown_as_such(
    line: str, cell: str, target: Target, tmp_path: Path
) -> None:
    imported(target, write_text(tmp_path / "a.jsonl", '{"内容": "慢"}', line))
    out = tmp_path / "fix.csv"
    rows = exported(target, out)
    assert [row["内容"] for row in rows] == [cell]
    assert imported(target, mend(out, rows, {"内容": "好"})).added == 1
    assert open_rejections(target) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"内容": "好", "内容": "坏"}', id="a key twice"),
        pytest.param(f'{{"内容": "{"长" * (MAX_CELL + 1)}"}}', id="a cell longer than any"),
        pytest.param("[1, 2]", id="a list"),
        pytest.param('{"内容":', id="cut off"),
    ],
)
def test_what_cannot_be_shown_as_cells_is_a_line(line: str, target: Target, tmp_path: Path) -> None:
    imported(target, write_text(tmp_path / "a.jsonl", '{"内容": "慢"}', line))
    out = tmp_path / "fix.csv"
    csv.field_size_limit(2 * MAX_CELL)
    (row,) = exported(target, out)
    assert row[RAW] == line[:MAX_CELL]
    row |= {RAW: "", "内容": "好"}
    assert imported(target, write_csv(out, [row])).added == 1
    assert open_rejections(target) == []


def test_parts_of_an_archive_that_cannot_be_read_are_no_rows(
    target: Target, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.csv", "内容\n太慢\n")
        packed.writestr("b.csv", "")
    imported(target, path)
    assert len(open_rejections(target)) == 1
    assert exported(target, tmp_path / "fix.csv") == []


def test_nothing_rejected_gives_a_header_only(target: Target, tmp_path: Path) -> None:
    out = tmp_path / "fix.csv"
    assert export_rejected(target.engine, target.workspace, out) == 0
    assert out.read_text("utf-8-sig").split() == [",".join(MARKS)]


def test_an_import_killed_before_the_rows_are_marked_is_repeated(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(target, write_csv(tmp_path / "a.csv", BAD))
    out = tmp_path / "fix.csv"
    mend(out, exported(target, out), {"时间": "2026-03-03"}, {"评分": "2"})

    def cut(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(rejections, "correct", cut)
        with pytest.raises(KeyboardInterrupt):
            imported(target, out)
    assert len(open_rejections(target)) == 2
    assert imported(target, out) == ImportReport(unchanged=2)
    assert open_rejections(target) == []


ODD_MARKS: list[tuple[str, Callable[[Cells], Cells]]] = [
    ("line taken out", lambda row: row | {LINE: ""}),
    ("line that is no number", lambda row: row | {LINE: "三"}),
    ("line of another script", lambda row: row | {LINE: "²"}),
    ("line beyond any file", lambda row: row | {LINE: "9" * 5000}),
    ("source nobody knows", lambda row: row | {SOURCE: "/别处.csv"}),
    ("no reason", lambda row: {key: cell for key, cell in row.items() if key != REASON}),
    ("no column for raw lines", lambda row: {k: cell for k, cell in row.items() if k != RAW}),
]


@pytest.mark.parametrize(
    "change", [change for _, change in ODD_MARKS], ids=[name for name, _ in ODD_MARKS]
)
def test_marks_that_a_person_spoiled_spoil_no_row(
    change: Callable[[Cells], Cells], target: Target, tmp_path: Path
) -> None:
    imported(target, write_csv(tmp_path / "a.csv", BAD[:1]))
    out = tmp_path / "fix.csv"
    (row,) = exported(target, out)
    done = imported(target, write_csv(out, [change(row) | {"时间": "2026-03-03"}]))
    assert done == ImportReport(added=1)
    (review,) = stored(target)
    assert review.extras == ()


def test_short_rows_and_broken_lines_among_corrections_are_no_crash(
    target: Target, tmp_path: Path
) -> None:
    header = f"{SOURCE},{LINE},内容"
    path = write_text(tmp_path / "fix.csv", header, "/a.csv,3,太慢", "/a.csv", "x,1,太贵,多一列")
    assert imported(target, path) == ImportReport(added=1, rejected=2)


def test_other_files_are_read_as_they_are(target: Target, tmp_path: Path) -> None:
    imported(target, write_csv(tmp_path / "a.csv", [{"内容": "'=1", REASON: "x"}]))
    (review,) = stored(target)
    assert (review.text, review.extras) == ("'=1", ((REASON, "x"),))


def test_an_export_leaves_the_database_as_it_is(target: Target, tmp_path: Path) -> None:
    imported(target, write_csv(tmp_path / "a.csv", BAD))
    before = every_row(target.engine)
    exported(target, tmp_path / "fix.csv")
    assert every_row(target.engine) == before


def test_corrected_rows_with_masked_identities_stay_different_rows(
    target: Target, tmp_path: Path
) -> None:
    lines = ("订单编号,用户,下单时间,金额", "D100,u1,昨天,10", "D200,u2,昨天,20")
    source = write_text(tmp_path / "orders.csv", *lines)
    import_files(target, [source], intake=Intake(format="orders"))
    out = tmp_path / "mended.csv"
    exported(target, out)
    out.write_text(out.read_text("utf-8-sig").replace("昨天,", "2026-03-02,"), "utf-8-sig")
    (done,) = import_files(target, [out], intake=Intake(format="orders"))
    assert (done.report.added, done.report.rejected) == (2, 0)
