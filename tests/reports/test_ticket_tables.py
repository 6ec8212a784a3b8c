import csv
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from delivery_sample import delivered
from hypothesis import given
from hypothesis import strategies as st
from odd_samples import EMPTY, hostile
from report_sample import sample

from feedback_nlp.reports.tables import (
    FORMULA_STARTS,
    columns,
    formula_safe,
    tickets_csv,
    tickets_xlsx,
)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_opens_in_chinese_excel_and_has_the_promised_columns() -> None:
    content = tickets_csv(sample())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[0] == (
        "id,theme,title,problem,evidence_ids,department,lane,due,reach,impact,confidence,effort,"
        "score,low,high,resources,acceptance,state,quadrant,related,verdict"
    )
    first = rows(content)[0]
    assert first["evidence_ids"] == "r1040; r1037; r1038; r1039"
    assert (first["lane"], first["due"], first["state"]) == ("weekly", "2026-11-20", "待评估")


def test_the_last_column_says_what_the_data_says_of_a_fix() -> None:
    data = delivered()
    told = [row["verdict"] for row in rows(tickets_csv(data))]
    assert told == ["有效", "样本不足", "复发", "无效", "", ""]
    sheet = openpyxl.load_workbook(BytesIO(tickets_xlsx(data)))["工单"]
    assert sheet["U1"].value == "验证\nverdict"
    assert [sheet.cell(row, 21).value or "" for row in range(2, 8)] == told


def test_evidence_names_each_review_once() -> None:
    data = sample()
    ticket = replace(data.tickets[0], evidence=data.tickets[0].evidence * 2)
    assert (
        rows(tickets_csv(replace(data, tickets=(ticket,))))[0]["evidence_ids"].count("r1040") == 1
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+86", "'+86", id="plus"),
        pytest.param("-2+3", "'-2+3", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\r=1", id="carriage return"),
        pytest.param("＝1", "'＝1", id="full-width"),
        pytest.param("价格=贵", "价格=贵", id="sign inside the text stays"),
        pytest.param("", "", id="empty"),
    ],
)
def test_formula_safe(text: str, expected: str) -> None:
    assert formula_safe(text) == expected


@given(st.text() | st.text("=+-@\t\r\n＝a"))
def test_no_text_starts_a_formula(text: str) -> None:
    assert not formula_safe(text).startswith(FORMULA_STARTS)


def test_no_csv_cell_of_hostile_tickets_starts_a_formula() -> None:
    numbers = {"reach", "impact", "confidence", "effort", "score", "low", "high"}
    for row in rows(tickets_csv(hostile())):
        for key, cell in row.items():
            assert float(cell) >= 0 if key in numbers else not cell.startswith(FORMULA_STARTS)


def test_workbook_is_for_people() -> None:
    sheet = openpyxl.load_workbook(BytesIO(tickets_xlsx(sample())))["工单"]
    assert sheet["A1"].value == "编号\nid"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:U7"
    assert sheet["C2"].alignment.wrap_text
    assert sheet["G2"].value == "每周修复"
    assert sheet["H2"].value == datetime(2026, 11, 20)  # noqa: DTZ001 - Excel knows no zones
    assert sheet["M2"].value == 337.77


def test_workbook_carries_no_clock() -> None:
    with zipfile.ZipFile(BytesIO(tickets_xlsx(sample()))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-11-06T13:40:00Z" in parts.read("docProps/core.xml")


def test_workbook_holds_hostile_texts_as_texts() -> None:
    sheet = openpyxl.load_workbook(BytesIO(tickets_xlsx(hostile())))["工单"]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}
    assert kinds <= {"s", "n", "d"}
    titles = [str(sheet.cell(row, 3).value) for row in range(2, 8)]
    assert titles[1].startswith("=cmd|")
    assert titles[5] == "-2+3"


def test_a_text_too_long_for_a_cell_is_cut() -> None:
    data = sample()
    long = replace(data, tickets=(replace(data.tickets[0], problem="长" * 40_000),))
    sheet = openpyxl.load_workbook(BytesIO(tickets_xlsx(long)))["工单"]
    assert sheet["D2"].value == "长" * 32_767


def test_no_tickets_give_a_heading_only() -> None:
    assert rows(tickets_csv(EMPTY)) == []
    sheet = openpyxl.load_workbook(BytesIO(tickets_xlsx(EMPTY)))["工单"]
    assert (sheet.max_row, sheet.max_column) == (1, len(columns(EMPTY)))
