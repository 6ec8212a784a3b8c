import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.cells import MAX_CELL
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.json_rows import parse_json_row
from feedback_nlp.tabular.lines import read_text_lines
from feedback_nlp.tabular.sheets import Row


def rows_of(folder: Path, content: str | bytes, *, name: str = "反馈.csv") -> list[Row | Rejected]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [row for sheet in open_sheets(path) for row in sheet.rows]


# --- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "id,内容\n1,好\n", [Row(2, {"id": "1", "内容": "好"})], id="reads a plain file"
        ),
        pytest.param("\ufeffid\n1\n", [Row(2, {"id": "1"})], id="drops a byte order mark"),
        pytest.param('\ufeff"id"\n1\n', [Row(2, {"id": "1"})], id="mark before a quoted header"),
        pytest.param("id\r\n1\r\n2\r\n", [Row(2, {"id": "1"}), Row(3, {"id": "2"})], id="CRLF"),
        pytest.param("id\r1\r2\r", [Row(2, {"id": "1"}), Row(3, {"id": "2"})], id="lone CR"),
        pytest.param("id\n1", [Row(2, {"id": "1"})], id="last line without an end"),
        pytest.param(
            'id,内容\n1,"第一行\n第二行"\n2,好\n',
            [Row(2, {"id": "1", "内容": "第一行\n第二行"}), Row(4, {"id": "2", "内容": "好"})],
            id="quoted newline: a row has the line it began on",
        ),
        pytest.param(
            'id\n"甲\r\n乙"\n丙\n',
            [Row(2, {"id": "甲\r\n乙"}), Row(4, {"id": "丙"})],
            id="quoted CRLF stays as written",
        ),
        pytest.param(
            "id\n\n\r\n1\n",
            [Row(4, {"id": "1"})],
            id="empty lines are skipped and counted",
        ),
        pytest.param(
            'id,内容\n,\n  \n" "\n""\n',
            [
                Row(2, {"id": "", "内容": ""}),
                Row(3, {"id": "  ", "内容": ""}),
                Row(4, {"id": " ", "内容": ""}),
                Row(5, {"id": "", "内容": ""}),
            ],
            id="a line of blank cells is a row",
        ),
        pytest.param(
            "id,内容,版本\n1,好\n",
            [Row(2, {"id": "1", "内容": "好", "版本": ""})],
            id="a short row lacks its last cells",
        ),
        pytest.param(
            " ID , 内容 \n1, 好 \n",
            [Row(2, {"ID": "1", "内容": " 好 "})],
            id="headers are stripped, cells are not",
        ),
        pytest.param(
            "内容,内容,内容\n甲,乙,丙\n",
            [Row(2, {"内容": "甲", "内容 (2)": "乙", "内容 (3)": "丙"})],
            id="a repeated header loses no column",
        ),
        pytest.param(
            "id,内容\n1,好,,,\n,\n2,快\n,,,,\n,\n\n",
            [
                Row(2, {"id": "1", "内容": "好"}),
                Row(3, {"id": "", "内容": ""}),
                Row(4, {"id": "2", "内容": "快"}),
            ],
            id="blank cells beyond the header and bare delimiters at the end are nothing",
        ),
        pytest.param(
            'id,内容\n"=""1001""",好\n="1002",="慢"\n',
            [Row(2, {"id": "1001", "内容": "好"}), Row(3, {"id": "1002", "内容": "慢"})],
            id="a number written as a formula of text is the text",
        ),
        pytest.param("id,内容\n", [], id="only a header"),
        pytest.param(
            '内容\n他说"好"就走了\n', [Row(2, {"内容": '他说"好"就走了'})], id="quotes inside"
        ),
    ],
)
def test_csv(tmp_path: Path, content: str, expected: list[Row | Rejected]) -> None:
    assert rows_of(tmp_path, content) == expected


@pytest.mark.parametrize(
    ("content", "line", "reason", "raw"),
    [
        pytest.param(
            "id,内容\n1,好,快\n2,慢\n",
            2,
            "有 3 列，表头只有 2 列；正文里的逗号要用引号括起来",
            "1,好,快",
            id="too many cells",
        ),
        pytest.param("内容\n坏\0字\n", 2, "“内容”含 NUL 字符，请修正后重新导入", "坏�字", id="NUL"),
        pytest.param(
            '内容\n"好"得很\n',
            2,
            "引号不成对：正文里的引号要写成两个，再用引号把整格括起来",
            '"好"得很',
            id="text after a closing quote",
        ),
        pytest.param(
            '内容\n甲\n"没有结束\n乙\n丙\n',
            3,
            "引号不成对：正文里的引号要写成两个，再用引号把整格括起来",
            '"没有结束',
            id="a quote never closed is a visible loss, not one long review",
        ),
    ],
)
def test_csv_rejects_a_line_and_keeps_it(
    tmp_path: Path, content: str, line: int, reason: str, raw: str
) -> None:
    rejected = [row for row in rows_of(tmp_path, content) if isinstance(row, Rejected)]
    assert rejected == [Rejected(line, reason, raw)]


def test_csv_goes_on_after_a_rejected_line(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, '内容\n"坏"的\n好的\n')
    assert rows[1:] == [Row(3, {"内容": "好的"})]


def lines_of(rows: list[Row | Rejected]) -> tuple[list[int], list[int]]:
    good = [row.line for row in rows if isinstance(row, Row)]
    return good, [row.line for row in rows if isinstance(row, Rejected)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "lone CR"])
def test_csv_broken_quotes_cost_only_their_own_lines(tmp_path: Path, end: str) -> None:
    written = [f"{number},很好" for number in range(1, 52)]
    written[0], written[49] = '1,"坏的', '50,"引用"很好'
    rows = rows_of(tmp_path, end.join(["id,内容", *written, ""]))
    assert lines_of(rows) == ([*range(3, 51), 52], [2, 51])
    assert rows[0] == Rejected(
        2, "引号不成对：正文里的引号要写成两个，再用引号把整格括起来", written[0]
    )
    assert rows[1] == Row(3, {"id": "2", "内容": "很好"})


@pytest.mark.parametrize(
    ("content", "good", "rejected"),
    [
        pytest.param('"坏\n甲\n"两行\n一格"\n乙\n', [3, 4, 6], [2], id="a cell of two lines"),
        pytest.param('"坏\n"坏\n"坏\n甲\n', [5], [2, 3, 4], id="one after the other"),
        pytest.param('"坏\n\n甲\n', [4], [2], id="an empty line between"),
        pytest.param('"坏\n甲\n"坏"了\n"乙"\n', [3, 5], [2, 4], id="the fault is on its own line"),
        pytest.param('甲\n"坏', [2], [3], id="on the last line"),
        pytest.param('"坏\na",b,"c\n甲\n', [4], [2, 3], id="open again at each line's end"),
        pytest.param('"坏\n"甲""乙"\n丙"丁"\n', [3, 4], [2], id="doubled quotes between"),
    ],
)
def test_csv_reads_the_lines_behind_a_broken_quote_afresh(
    tmp_path: Path, content: str, good: list[int], rejected: list[int]
) -> None:
    assert lines_of(rows_of(tmp_path, f"内容,其他\n{content}")) == (good, rejected)


def reread(lines: list[str]) -> list[list[str] | None]:
    """What must come out, said simply: after a fault start again on the next line."""
    found: list[list[str] | None] = []
    while lines:
        reader = csv.reader(lines, strict=True)
        try:
            cells = next(reader)
        except csv.Error:
            found.append(None)
            lines = lines[1:]
        else:
            found += [cells] if cells else []
            lines = lines[reader.line_num :]
    return found


@given(st.lists(st.text('",a', max_size=6), max_size=8))
def test_csv_after_a_fault_starts_again_on_the_next_line(
    tmp_path_factory: pytest.TempPathFactory, written: list[str]
) -> None:
    lines = [*(f"{line}\n" for line in written), "末\n"]
    header = ",".join(f"h{place}" for place in range(60)) + "\n"
    rows = rows_of(tmp_path_factory.mktemp("csv"), header + "".join(lines))
    found = [list(row.cells.values()) if isinstance(row, Row) else None for row in rows]
    assert found == [cells and cells + [""] * (60 - len(cells)) for cells in reread(lines)]


@pytest.mark.parametrize("broken", ['"坏', 'a",b,"c', '"""坏'], ids=["short", "endless", "doubled"])
def test_csv_of_broken_quotes_alone_is_read_in_linear_time(tmp_path: Path, broken: str) -> None:
    # Reading the rest of the file again for every line would take minutes.
    rows = rows_of(tmp_path, "内容,其他\n" + f"{broken}\n" * 20_000)
    assert lines_of(rows) == ([], list(range(2, 20_002)))


def test_csv_rejects_a_huge_cell_and_reads_on(tmp_path: Path) -> None:
    first, second = rows_of(tmp_path, f"内容\n{'长' * (MAX_CELL + 1)}\n好\n")
    assert isinstance(first, Rejected)
    assert (first.line, first.reason) == (2, "单元格超过 1,000,000 个字符，多半是引号没有配对")
    assert second == Row(3, {"内容": "好"})


def test_csv_takes_a_cell_of_the_largest_size(tmp_path: Path) -> None:
    assert rows_of(tmp_path, f"内容\n{'长' * MAX_CELL}\n") == [Row(2, {"内容": "长" * MAX_CELL})]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("", "文件是空的（0 字节），第一行没有表头", id="empty file"),
        pytest.param(" , \n1,2\n", "第一行没有表头", id="blank header"),
        pytest.param('"id\n1\n', "表头引号不成对", id="header with an open quote"),
        pytest.param("i\0d\n1\n", "表头含 NUL 字符", id="header with NUL"),
    ],
)
def test_csv_without_a_usable_header_is_an_input_error(
    tmp_path: Path, content: str, reason: str
) -> None:
    with pytest.raises(InputError, match=rf"反馈\.csv: {reason}"):
        rows_of(tmp_path, content)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
            | st.text("\"',\r\n \t;\ufeff，“”甲a1"),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_cells_written_by_a_csv_writer_come_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    table.append(["末", "行"])  # Rows of bare delimiters at the end are none.
    path = tmp_path_factory.mktemp("csv") / "反馈.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "内容"], *table])
    rows = [row for sheet in open_sheets(path) for row in sheet.rows if isinstance(row, Row)]
    assert [list(row.cells.values()) for row in rows] == table


# --- files that cannot be read at all ----------------------------------------------------------


@pytest.mark.parametrize("name", ["反馈.csv", "反馈.jsonl", "反馈.CSV"])
def test_gzip_and_plain_give_the_same_rows(tmp_path: Path, name: str) -> None:
    content = {".csv": "id\n1\n", ".jsonl": '{"id": 1}\n'}[Path(name).suffix.lower()]
    plain = rows_of(tmp_path, content, name=name)
    assert rows_of(tmp_path, gzip.compress(content.encode()), name=f"{name}.gz") == plain
    assert [row.cells for row in plain if isinstance(row, Row)] == [{"id": "1"}]


def damaged(kind: str) -> bytes:
    whole = gzip.compress("内容\n".encode() + bytes(range(32, 127)) * 50)
    return {
        "cut": whole[:-20],
        "flipped": whole[:15] + bytes(byte ^ 0xFF for byte in whole[15:40]) + whole[40:],
        "wrong checksum": whole[:-8] + b"\0\0\0\0" + whole[-4:],
    }[kind]


@pytest.mark.parametrize("kind", ["cut", "flipped", "wrong checksum"])
def test_damaged_gzip_is_an_input_error(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError, match=r"反馈\.csv\.gz: gzip 压缩包损坏或不完整.*请重新导出"):
        rows_of(tmp_path, damaged(kind), name="反馈.csv.gz")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
@pytest.mark.parametrize(
    ("name", "content"),
    [("反馈.csv", "内容\n一打开就闪退\n"), ("反馈.jsonl", '{"内容": "一打开就闪退"}\n')],
)
def test_another_encoding_gives_the_same_rows(
    tmp_path: Path, name: str, content: str, encoding: str
) -> None:
    plain = rows_of(tmp_path, content, name=name)
    assert rows_of(tmp_path, content.encode(encoding), name=name) == plain


def test_a_broken_byte_costs_its_own_line_only(tmp_path: Path) -> None:
    content = "内容\n".encode() + b"good\n" * 5000 + b"\xff\ngood\n"
    rows = rows_of(tmp_path, content)
    assert lines_of(rows) == ([*range(2, 5002), 5003], [5002])


@pytest.mark.parametrize("name", ["反馈.pdf", "反馈.docx", "反馈.exe.gz"])
def test_another_ending_is_an_input_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=rf"{name}: 不支持的文件类型"):
        rows_of(tmp_path, "id\n1\n", name=name)


# --- JSON lines --------------------------------------------------------------------------------


def test_jsonl_counts_blank_lines_but_skips_them(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, '\ufeff{"id": 1}\r\n\n \n{"id": 2}', name="反馈.jsonl")
    assert rows == [Row(1, {"id": "1"}), Row(4, {"id": "2"})]


def test_jsonl_lines_end_at_a_line_feed_only(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, '{"a":\r1}\n{"a": 2}\r\n{"a": "\u2028"}', name="反馈.jsonl")
    assert rows == [Row(1, {"a": "1"}), Row(2, {"a": "2"}), Row(3, {"a": "\u2028"})]


@pytest.mark.parametrize("name", ["反馈.txt", "反馈.txt.gz"])
def test_a_file_has_the_same_lines_as_standard_input(tmp_path: Path, name: str) -> None:
    content = "甲\r乙\r\n丙\n丁".encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    shown = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", "import sys; print(ascii(list(sys.stdin)))"],
        input=content,
        capture_output=True,
        check=True,
    ).stdout.decode()
    lines = list(read_text_lines(path))
    assert lines == ["甲\r乙\r\n", "丙\n", "丁"]
    assert ascii(lines) == shown.strip()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("慢", "慢", id="text"),
        pytest.param(None, "", id="null"),
        pytest.param(5, "5", id="whole number"),
        pytest.param(4.5, "4.5", id="fraction"),
        pytest.param(True, "true", id="boolean"),
        pytest.param({"词": ["慢"]}, '{"词": ["慢"]}', id="nested"),
        pytest.param("😀", "😀", id="emoji written as two escapes"),
    ],
)
def test_json_value_becomes_a_cell(value: object, cell: str) -> None:
    assert parse_json_row(7, json.dumps({"a": value})) == Row(7, {"a": cell})


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(
            '{"a": ',
            "不是合法的 JSON：第 7 个字符处写错或没有写完（Expecting value）",
            id="cut off",
        ),
        pytest.param("[1]", "应为 JSON 对象 {…}，实为数组", id="list"),
        pytest.param('"甲"', "应为 JSON 对象 {…}，实为字符串", id="text"),
        pytest.param("null", "应为 JSON 对象 {…}，实为空值 null", id="null"),
        pytest.param("[" * 200_000, "不是合法的 JSON：嵌套过深", id="nested too deep"),
        pytest.param('{"a": ' + "9" * 5000 + "}", "不是合法的 JSON：数字过长", id="endless number"),
        pytest.param(
            r'{"a": "\ud83d"}',
            "“a”含 不成对的代理字符（表情被截断），请修正后重新导入",
            id="half an emoji",
        ),
        pytest.param(
            r'{"\ud83d": 1}',
            "“�”含 不成对的代理字符（表情被截断），请修正后重新导入",
            id="half an emoji in a key",
        ),
        pytest.param(r'{"a": "\u0000"}', "“a”含 NUL 字符，请修正后重新导入", id="NUL"),
        pytest.param(
            json.dumps({"a": "x" * (MAX_CELL + 1)}),
            "“a”超过 1,000,000 个字符，多半是引号没有配对",
            id="huge",
        ),
    ],
)
def test_json_line_is_rejected_with_its_reason(raw: str, reason: str) -> None:
    assert parse_json_row(7, raw) == Rejected(7, reason, raw)


@given(st.text() | st.text('{}[]":,0\0\ud800\\u'))
def test_whatever_a_json_line_holds_can_be_stored(raw: str) -> None:
    row = parse_json_row(1, raw)
    written = (
        [row.reason, row.raw] if isinstance(row, Rejected) else [*row.cells, *row.cells.values()]
    )
    assert "\0" not in "".join(written)
    "".join(written).encode()
