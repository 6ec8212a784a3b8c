import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular import workbook_limits, workbooks
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import ReadOptions, Row, Sheet
from feedback_nlp.tabular.worksheet_cells import Cell, Merged, cell_text, fill_down

DAY = dt.datetime(2026, 3, 1, 14, 5)  # noqa: DTZ001 (Excel knows no zones)


def book(fill: Callable[[Worksheet], None], *, mac: bool = False) -> bytes:
    made = openpyxl.Workbook()
    if mac:
        made.epoch = CALENDAR_MAC_1904
    sheet = made.worksheets[0]
    sheet.title = "评论"
    fill(sheet)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def sheets_of(folder: Path, data: bytes, options: ReadOptions | None = None) -> list[Sheet]:
    path = folder / "a.xlsx"
    path.write_bytes(data)
    return list(open_sheets(path, options or ReadOptions()))


def rows_of(folder: Path, *rows: tuple[Any, ...], mac: bool = False) -> list[Row | Rejected]:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    (sheet,) = sheets_of(folder, book(fill, mac=mac))
    return list(sheet.rows)


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_cells_come_out_as_excel_shows_them(tmp_path: Path, epoch: str) -> None:
    rows = rows_of(
        tmp_path,
        ("内容", "时间", "日期", "评分", "有图", "编号"),
        ("好", DAY, dt.date(2026, 3, 1), 4.5, True, 123456789012),
        mac=epoch == "1904",
    )
    assert rows == [
        Row(
            2,
            {
                "内容": "好",
                "时间": "2026-03-01 14:05:00",
                "日期": "2026-03-01",
                "评分": "4.5",
                "有图": "是",
                "编号": "123456789012",
            },
        )
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (5.0, "5"), (5, "5"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (1e16, "10000000000000000"),
        (-2.50, "-2.5"), (False, "否"), (dt.time(3, 4), "03:04:00"),
        (dt.timedelta(hours=30), "30:00:00"),
        (DAY + dt.timedelta(microseconds=-1), "2026-03-01 14:05:00"), (float("inf"), ""),
        (" 甲 ", " 甲 "), (dt.date(2026, 3, 1), "2026-03-01"),
    ],
)  # fmt: skip
def test_cell_becomes_text(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_keep_every_digit(number: int) -> None:
    assert cell_text(float(number)) == str(number)


def test_lines_are_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, (), (), ("店铺：甲",), ("id", "内容"), (), (1, "好"), (), (2, "慢"))
    assert [row.line for row in rows] == [6, 8]


def test_columns_without_header_keep_their_cells(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, ("内容",), ("好", None, "远"))
    assert rows == [Row(2, {"内容": "好", "第2列": "", "第3列": "远"})]


def merged_over_rows(sheet: Worksheet) -> None:
    for row in (
        ("订单号", "内容", "时间"),
        ("7", "好", "2026-03-01"),
        (None, "慢"),
        (None, "贵", "2026-03-02"),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C2:C3")


def test_merged_cells_are_filled_down_but_for_text_and_id(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, book(merged_over_rows))
    rows = [row for row in sheet.rows if isinstance(row, Row)]
    assert [row.cells["时间"] for row in rows] == ["2026-03-01", "2026-03-01", "2026-03-02"]
    assert [row.cells["订单号"] for row in rows] == ["7", "", ""]
    assert "合并单元格已向下填充：“时间”" in sheet.notes
    assert "合并单元格只算第一行，不向下填充：“订单号”" in sheet.notes


def test_row_that_has_only_merged_cells_is_none() -> None:
    merged = Merged(((0, 0, 2, 0),))
    assert list(fill_down([["甲", "a"], ["", ""], ["", "b"]], merged)) == [
        ["甲", "a"],
        ["", ""],
        ["甲", "b"],
    ]


def two_sheets() -> bytes:
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, text in (("九月", "好"), ("十月", "慢"), ("暗", "藏")):
        sheet = made.add_worksheet(name)
        sheet.write_column(0, 0, ["内容", text])
        if name == "暗":
            sheet.hide()
    made.add_worksheet("空")
    made.close()
    return stream.getvalue()


def test_every_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    sheets = sheets_of(tmp_path, two_sheets())
    assert [sheet.name.rpartition("!")[2] for sheet in sheets] == ["九月", "十月"]
    assert sheets[0].notes == (
        "隐藏的工作表没有读：暗（要读请用 --sheet 指明）",
        "工作表“空”是空的，没有读",
    )


def test_named_sheet_is_read_even_if_hidden(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, two_sheets(), ReadOptions(sheet=" 暗"))
    assert list(sheet.rows) == [Row(2, {"内容": "藏"})]


def test_unknown_sheet_lists_the_names(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有工作表“五月”，有的是 九月、十月、暗、空"):
        sheets_of(tmp_path, two_sheets(), ReadOptions(sheet="五月"))


def test_an_unreadable_sheet_among_others_is_line_zero_rejected(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["内容", "好"])
    wide = made.create_sheet("宽")
    wide.append(["内容"])
    wide.cell(1, 3000, "x")
    stream = io.BytesIO()
    made.save(stream)
    good, bad = sheets_of(tmp_path, stream.getvalue())
    assert good.header == ("内容", "好")
    (rejected,) = bad.rows
    assert isinstance(rejected, Rejected)
    assert (rejected.line, rejected.reason[:14]) == (0, "表头有 3,000 列，最多")


def test_workbook_of_too_many_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MAX_WORKBOOK", 1 << 10)
    with pytest.raises(InputError, match="请拆分或另存为 CSV"):
        sheets_of(tmp_path, two_sheets())


def test_shared_texts_are_counted_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_SHARED", 100)
    monkeypatch.setattr(workbook_limits, "_BLOCK", 100)
    with pytest.raises(InputError, match="重复的长文字"):
        sheets_of(tmp_path, two_sheets())


def test_sheet_is_measured_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "_BLOCK", 64)
    monkeypatch.setattr(workbook_limits, "MAX_CELLS", 50)
    with pytest.raises(InputError, match="用到 60 行 × 1 列"):
        rows_of(tmp_path, *[("内容",)] * 60)


def test_cells_with_a_prefix_are_measured() -> None:
    extent = workbook_limits._extent(  # noqa: SLF001 (no common writer makes such files)
        iter([b'<x:row r="7"><x:c r="AB7" t="s"><x:v>0</x:v></x:c></x:row>'])
    )
    assert (extent.rows, extent.columns) == (7, 28)


def test_sheets_of_one_workbook_are_parts_and_a_lone_one_is_not(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["内容"])
        assert sheet.parent is not None
        sheet.parent.create_sheet("说明").append(["本表由系统导出"])

    assert [sheet.part for sheet in sheets_of(tmp_path, book(fill))] == [True, True]
    alone = book(lambda sheet: sheet.append(["内容"]))
    assert [sheet.part for sheet in sheets_of(tmp_path, alone)] == [False]
