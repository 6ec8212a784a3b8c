import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular import sources
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import ReadOptions, Row, Sheet

TABLE = "id,内容\n1,好\n2,慢\n"
ROWS = [{"id": "1", "内容": "好"}, {"id": "2", "内容": "慢"}]


def sheets_of(
    folder: Path, data: bytes, name: str, options: ReadOptions | None = None
) -> list[Sheet]:
    path = folder / name
    path.write_bytes(data)
    return list(open_sheets(path, options or ReadOptions()))


def cells_of(sheet: Sheet) -> list[dict[str, str]]:
    return [row.cells for row in sheet.rows if isinstance(row, Row)]


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_encoding_is_found(tmp_path: Path, encoding: str, found: str) -> None:
    (sheet,) = sheets_of(tmp_path, TABLE.encode(encoding), "a.csv")
    assert (sheet.encoding, cells_of(sheet)) == (found, ROWS)


@pytest.mark.parametrize("encoding", ["big5", "GBK", "utf_16", "UTF-8-sig", "utf-16-be"])
def test_encoding_that_a_person_gave_is_used(tmp_path: Path, encoding: str) -> None:
    data = "id,內容,text\n1,好,慢\n".encode("utf-16" if encoding == "utf_16" else encoding)
    (sheet,) = sheets_of(tmp_path, data, "a.csv", ReadOptions(encoding=encoding))
    assert cells_of(sheet) == [{"id": "1", "內容": "好", "text": "慢"}]


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", "utf-7", "a\0b", "编码"])
def test_unknown_encoding_lists_the_known_ones(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match=r"编码“.*”不认识，请用 utf-8、gb18030"):
        sheets_of(tmp_path, b"id\n1\n", "a.csv", ReadOptions(encoding=encoding))


def test_ascii_lines_outvote_a_line_that_nothing_explains(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, b"id,text\n1,fine\n2,caf\xe9\n", "a.csv")
    rows = list(sheet.rows)
    assert rows[0] == Row(2, {"id": "1", "text": "fine"})
    assert isinstance(rows[1], Rejected)
    assert rows[1].reason.startswith("有字节不是合法的 utf-8 文字（E9）")
    assert rows[1].raw == "2,caf�"


def test_a_long_gbk_file_is_voted_on_block_by_block(tmp_path: Path) -> None:
    data = ("id,内容\n" + "1,客服态度很好，物流很快\n" * 50_000).encode("gbk")
    (sheet,) = sheets_of(tmp_path, data, "a.csv")
    assert (sheet.encoding, sum(1 for _ in sheet.rows)) == ("gb18030", 50_000)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，", "；"])
def test_delimiter_is_found_and_said(tmp_path: Path, sign: str) -> None:
    (sheet,) = sheets_of(tmp_path, TABLE.replace(",", sign).encode(), "a.csv")
    assert (sheet.delimiter, cells_of(sheet)) == (sign, ROWS)
    assert any("分隔符" in note for note in sheet.notes) == (sign != ",")


def test_delimiter_is_found_without_known_headers(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, b"a;b\n1,5;x\n2,5;y\n", "a.csv")
    assert (sheet.delimiter, sheet.header) == (";", ("a", "b"))


@pytest.mark.parametrize("given_sign", ["\\t", "TAB", "\t"])
def test_delimiter_that_a_person_gave_is_used(tmp_path: Path, given_sign: str) -> None:
    options = ReadOptions(delimiter=given_sign)
    (sheet,) = sheets_of(tmp_path, b"a;b\tc\n1;2\t3\n", "a.csv", options)
    assert sheet.header == ("a;b", "c")


@pytest.mark.parametrize("sign", ["", ",,", '"', "\n", "\ud800"])
def test_impossible_delimiter_is_refused(tmp_path: Path, sign: str) -> None:
    with pytest.raises(InputError, match=r"(?s)分隔符“.*”不能用"):
        sheets_of(tmp_path, TABLE.encode(), "a.csv", ReadOptions(delimiter=sign))


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("店铺：甲\n", 3), ("店铺：甲\n导出时间：2026-03-01\n\n", 5),
        ("\n\n", 4), ("店铺：甲,乙,丙\n", 3),
        ('"没有结束\n', 3),
    ],
    ids=["title", "titles and a blank line", "blank lines", "wide title", "broken title"],
)  # fmt: skip
def test_header_is_found_below_titles(tmp_path: Path, above: str, line: int) -> None:
    (sheet,) = sheets_of(tmp_path, f"{above}{TABLE}".encode(), "a.csv")
    rows = list(sheet.rows)
    assert sheet.header == ("id", "内容")
    assert isinstance(rows[0], Row)
    assert rows[0].line == line


def test_header_of_two_lines_is_the_one_below_its_groups(tmp_path: Path) -> None:
    written = "用户,,评价,,\n昵称,等级,内容,评分,时间\na,VIP,卡,1,2026-03-01\n"
    (sheet,) = sheets_of(tmp_path, written.encode(), "a.csv")
    assert sheet.header == ("昵称", "等级", "内容", "评分", "时间")
    assert [row.line for row in sheet.rows] == [3]
    assert sheet.notes == ("表头之前的 1 行不是数据：用户,,评价,,",)


def test_a_data_row_with_one_known_word_is_no_header(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, "心情,备注\n差,时间\n好,快\n".encode(), "a.csv")
    assert sheet.header == ("心情", "备注")


def test_blank_header_is_named_by_its_place(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, "id,,内容,\n1,a,好,b\n".encode(), "a.csv")
    assert sheet.header == ("id", "第2列", "内容", "第4列")


def test_sheet_option_means_nothing_for_a_text(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, TABLE.encode(), "a.csv", ReadOptions(sheet="九月"))
    assert "不是 Excel 文件，指定的工作表不起作用" in sheet.notes


def test_members_of_an_archive_are_named_after_it(tmp_path: Path) -> None:
    data = zipped(("九月/a.csv", TABLE.encode()), ("b.jsonl", '{"内容": "贵"}'.encode()))
    first, second = sheets_of(tmp_path, data, "out.zip")
    assert first.name == f"{tmp_path}/out.zip!九月/a.csv"
    assert cells_of(second) == [{"内容": "贵"}]
    assert cells_of(first) == ROWS


def test_gbk_names_in_an_archive_are_read(tmp_path: Path) -> None:
    data = zipped(("AAAA.csv", TABLE.encode())).replace(b"AAAA", "评论".encode("gbk"))
    (sheet,) = sheets_of(tmp_path, data, "out.zip")
    assert sheet.name.endswith("out.zip!评论.csv")


def test_an_unreadable_member_is_line_zero_rejected(tmp_path: Path) -> None:
    data = zipped(("a.pdf", b"%PDF-1.7"), ("b.zip", zipped()), ("c.csv", TABLE.encode()))
    first, second, third = sheets_of(tmp_path, data, "out.zip")
    assert list(first.rows) == [Rejected(0, "是PDF 文件，请导出为 CSV、Excel 或 JSONL")]
    assert list(second.rows) == [Rejected(0, "压缩包里又有压缩包，请先解压再导入")]
    assert cells_of(third) == ROWS


def test_a_member_that_breaks_off_keeps_the_lines_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zipped(("a.jsonl", b'\xef\xbb\xbf{"text": "fine"}\n' + b"\n" * 3_000_000))
    (sheet,) = sheets_of(tmp_path, data, "out.zip")
    monkeypatch.setattr(sources, "HARMLESS", 2_000_000)
    rows = list(sheet.rows)
    assert rows[0] == Row(1, {"text": "fine"})
    assert isinstance(rows[1], Rejected)
    assert (rows[1].line, len(rows)) == (0, 2)
    assert rows[1].reason.startswith("解压后过大")


def test_nothing_is_written_beside_an_archive(tmp_path: Path) -> None:
    data = zipped(("../../evil.csv", TABLE.encode()))
    (sheet,) = sheets_of(tmp_path, data, "out.zip")
    assert cells_of(sheet) == ROWS
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]


def test_sheets_may_be_listed_before_they_are_read(tmp_path: Path) -> None:
    data = zipped(("a.csv", TABLE.encode()), ("b.csv", TABLE.encode()))
    assert [cells_of(sheet) for sheet in sheets_of(tmp_path, data, "out.zip")] == [ROWS, ROWS]


def test_file_that_vanishes_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    (sheet,) = sheets_of(tmp_path, b'{"text": "fine"}', "a.jsonl")
    path.unlink()
    with pytest.raises(InputError, match=r"a\.jsonl: 没有这个文件"):
        list(sheet.rows)


def test_json_array_is_read_in_pieces(tmp_path: Path) -> None:
    objects = ",\n".join(f'{{"id": {n}, "内容": "{"长" * (n % 400)}好"}}' for n in range(3000))
    (sheet,) = sheets_of(tmp_path, f"[{objects}]".encode(), "a.json")
    rows = list(sheet.rows)
    assert [row.line for row in rows] == list(range(1, 3001))
    assert all(isinstance(row, Row) for row in rows)


def test_json_array_in_broken_utf8_loses_one_object(tmp_path: Path) -> None:
    data = '[{"text": "好用的"}, {"text": "'.encode() + b'\xff"}, {"text": "fine"}]'
    (sheet,) = sheets_of(tmp_path, data, "a.json", ReadOptions(encoding="utf-8"))
    rows = list(sheet.rows)
    assert [type(row) for row in rows] == [Row, Rejected, Row]


# --- laws --------------------------------------------------------------------------------------

STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
CELL = st.text(STORABLE, max_size=30) | st.text("\"',;|，；\r\n \t\ufeff“”甲a1", max_size=30)
STARTS = [b"", b"PK\3\4", b"PK\5\6", b"\x1f\x8b\x08", b"\xff\xfe", b"{", b"[", b"<html>"]
LAW = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@LAW
@given(
    st.lists(st.tuples(CELL, CELL), max_size=5),
    st.sampled_from([",", ";", "\t", "|", "，", "；"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"]),
)
def test_what_a_csv_writer_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, str]],
    sign: str,
    encoding: str,
) -> None:
    stream = io.StringIO(newline="")
    table.append(("末", "行"))  # Rows of bare delimiters at the end are none.
    csv.writer(stream, delimiter=sign).writerows([("id", "内容"), *table])
    data = stream.getvalue().encode(encoding)
    (sheet,) = sheets_of(tmp_path_factory.mktemp("law"), data, "a.csv")
    rows = list(sheet.rows)
    assert [tuple(row.cells.values()) for row in rows if isinstance(row, Row)] == table
    assert len(rows) == len(table)


@LAW
@given(
    st.binary(max_size=300),
    st.sampled_from(STARTS),
    st.sampled_from(
        ["csv", "tsv", "txt", "jsonl", "json", "xlsx", "xls", "zip", "csv.gz", "md", "x"]
    ),
)
def test_random_bytes_are_rows_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    for written in (start + data, gzip.compress(start + data)):
        try:
            for sheet in sheets_of(folder, written, f"a.{suffix}"):
                for row in sheet.rows:
                    assert row.line >= 0
        except InputError as error:
            assert str(folder) in str(error)  # noqa: PT017 (either outcome is fine)
