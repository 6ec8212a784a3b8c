from pathlib import Path

import pytest

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular import html_tables
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import Row, Sheet


def sheet_of(folder: Path, page: str) -> Sheet:
    path = folder / "订单.xls"
    path.write_text(page, encoding="utf-8")
    (sheet,) = open_sheets(path)
    return sheet


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td>1</td><td>好</td></tr>", [["1", "好"]]),
        ("<tr><td>1<td>好<tr><td>2<td>慢", [["1", "好"], ["2", "慢"]]),
        ("<td>1</td><td>好</td>", [["1", "好"]]),
        ("<td>1<td>一<br>二<script>alert(1)</script>", [["1", "一\n二alert(1)"]]),
        ("<tr><td>1</td><td>&lt;b&gt; &amp; &#22909;</td></tr>", [["1", "<b> & 好"]]),
        ("<tr><td rowspan=2>1</td><td>好</td></tr><tr><td>慢</td></tr>", [["1", "好"], ["", "慢"]]),
        ("<tr><td>1</td></tr><tr></tr><tr><td> </td></tr>", [["1", ""]]),
        ("<tr><td>1</td><td colspan=x>好</td></tr>", [["1", "好"]]),
        ("</table>之间<table><tr><td>1</td><td>好</td></tr>", [["1", "好"]]),
    ],
    ids=[
        "plain", "no end tags", "no row tag", "line ends", "entities", "rowspan", "blank rows",
        "odd colspan", "second table",
    ],
)  # fmt: skip
def test_html_rows_are_read(tmp_path: Path, rows: str, expected: list[list[str]]) -> None:
    sheet = sheet_of(tmp_path, f"<table><tr><th>id</th><th>内容</th></tr>{rows}</table>")
    assert [list(row.cells.values()) for row in sheet.rows if isinstance(row, Row)] == expected


def test_html_title_above_the_header_is_noted(tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path,
        "<html>\n<table>\n<tr><td colspan=2>店铺：甲</td></tr>\n"
        "<tr><td>id</td><td>内容</td></tr>\n<tr><td>1</td><td>好</td></tr>\n"
        + "<tr></tr>" * 20
        + "<tr><td>2</td><td>好</td><td>多</td></tr></table>",
    )
    good, rejected = sheet.rows
    assert good == Row(3, {"id": "1", "内容": "好"})
    assert rejected == Rejected(24, "有 3 列，表头只有 2 列", "2 | 好 | 多")
    assert any("表头之前的 1 行不是数据：店铺：甲" in note for note in sheet.notes)


def test_html_on_one_line_has_its_header_and_a_number_for_each_row(tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path,
        "<table><tr><td colspan=2>评价导出</td></tr><tr><td>id</td><td>内容</td></tr>"
        "<tr><td>1</td><td>好</td></tr><tr><td>id</td><td>内容</td></tr></table>",
    )
    good, rejected = sheet.rows
    assert good == Row(3, {"id": "1", "内容": "好"})
    assert isinstance(rejected, Rejected)
    assert (rejected.line, rejected.reason[:5]) == (4, "重复了表头")


def test_html_beyond_its_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_tables, "MAX_HTML", 10)
    with pytest.raises(InputError, match="网页超过 10 个字符"):
        sheet_of(tmp_path, "<table><tr><td>内容</td></tr></table>")
