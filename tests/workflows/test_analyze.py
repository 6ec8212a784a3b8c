import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from desk import EXAMPLES, sample_rows
from hostile.texts import TABLE
from hostile.workbooks import saved, saved_old
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp import Analyzer
from feedback_nlp.artifacts import load_classifier
from feedback_nlp.errors import InputError
from feedback_nlp.ports import Classifier
from feedback_nlp.workflows import analyze
from feedback_nlp.workflows.analyze import Line, analyze_lines, parse_lines, read_lines

TEXTS = [row["内容"] for row in sample_rows(EXAMPLES)[:60]]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer.load()


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix.lower() == ".gz" else content)
    return path


MIXED = """客服态度很好，但是物流太慢了

{"id": "甲", "text": "一打开就闪退"}
{"text": "退款没到账"}
{"id": 7, "内容": "太差了"}
{"id": "乙", "words": "没有正文列"}
{"text": null}
{"text": "缺了一半
["不是对象"]
{"id": "甲", "text": "同一个编号可以再来"}
  {"id": "缩进", "text": "前面有空格"}
"""


def test_each_line_gives_one_line_in_order(tmp_path: Path) -> None:
    lines = list(read_lines(write(tmp_path / "mixed.txt", MIXED.encode())))
    assert [(line.id, line.text, line.reason is None) for line in lines] == [
        ("1", "客服态度很好，但是物流太慢了", True),
        ("2", "", False),
        ("甲", "一打开就闪退", True),
        ("4", "退款没到账", True),
        ("7", "太差了", True),
        ("乙", "", False),
        ("7", "", False),
        ("8", '{"text": "缺了一半', False),
        ("9", '["不是对象"]', True),
        ("甲", "同一个编号可以再来", True),
        ("缩进", "前面有空格", True),
    ]
    assert [line.number for line in lines] == list(range(1, 12))
    assert [line.error for line in lines if line.error] == [
        "第 2 行：正文为空",
        f"第 6 行：{lines[5].reason}",
        "第 7 行：正文为空",
        f"第 8 行：{lines[7].reason}",
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.jsonl.gz", "A.TXT.GZ", "noending"])
def test_broken_bytes_spoil_their_own_line_only(tmp_path: Path, name: str) -> None:
    content = b"\xef\xbb\xbf" + "好用\n".encode() + b"\xff\xfe\xe4\n" + "闪退".encode()
    lines = list(read_lines(write(tmp_path / name, content)))
    assert [line.text for line in lines] == ["好用", "???", "闪退"]
    assert [line.reason for line in lines] == [None, "含有无法解码的字节", None]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_broken_bytes_in_a_row_spoil_their_own_row_only(tmp_path: Path, name: str) -> None:
    rows = {"a.csv": ("内容\n", "好用{}\n"), "a.jsonl": ("", '{{"text": "好用{}"}}\n')}
    head, row = rows[name]
    good, bad = row.format("").encode(), row.format("坏").encode().replace("坏".encode(), b"\xff")
    lines = list(read_lines(write(tmp_path / name, head.encode() + good + bad + good)))
    assert [(line.text, line.reason is None) for line in lines[::2]] == [("好用", True)] * 2
    assert "字节" in str(lines[1].reason)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_the_encoding_of_plain_lines_is_found_out(tmp_path: Path, encoding: str) -> None:
    content = "客服态度很好\n物流太慢了\n".encode(encoding)
    lines = list(read_lines(write(tmp_path / "a.txt", content)))
    assert [(line.number, line.text) for line in lines] == [(1, "客服态度很好"), (2, "物流太慢了")]


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", "编号,内容\n1,一打开就闪退\n2,物流很快\n")
        archive.writestr("b.csv", "")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.xlsx", saved(), id="workbook"),
        pytest.param("A.XLSX", saved(), id="workbook in capitals"),
        pytest.param("a.xlsx.gz", saved(), id="workbook in gzip"),
        pytest.param("a.xls", saved_old(), id="old workbook"),
        pytest.param("a.csv", TABLE.encode("gb18030"), id="CSV in GB18030"),
        pytest.param("a.csv", saved(), id="workbook saved as CSV"),
        pytest.param("a.tsv", TABLE.replace(",", "\t").encode(), id="tabs"),
        pytest.param(
            "a.json",
            '[{"id": 1, "text": "一打开就闪退"}, {"id": 2, "text": "物流很快"}]'.encode(),
            id="JSON array",
        ),
        pytest.param("a.zip", zipped(), id="zip"),
    ],
)
def test_tables_of_every_kind_are_read_by_their_header(
    tmp_path: Path, name: str, content: bytes
) -> None:
    lines = list(read_lines(write(tmp_path / name, content)))
    good = [(line.id, line.text) for line in lines if line.reason is None]
    assert good == [("1", "一打开就闪退"), ("2", "物流很快")]
    bad = [(line.number, line.text) for line in lines if line.reason]
    assert bad == ([(0, "")] if name == "a.zip" else [])


def test_an_empty_file_of_lines_holds_none(tmp_path: Path) -> None:
    assert list(read_lines(write(tmp_path / "a.txt", b""))) == []


PHONE = "13812345678"


def test_personal_data_is_masked_in_every_answer(tmp_path: Path, analyzer: Analyzer) -> None:
    written = (
        f'打{PHONE}没人接\n{{"text": "写信到 zhang.san@example.com"}}\n'
        f'{{"手机号": {PHONE}, "收货人": "欧阳晓岚"\n{{"收货人": "欧阳晓岚", "坏": "\\ud83d"}}\n'
    )
    path = write(tmp_path / "a.txt", written.encode())
    made = list(analyze_lines(read_lines(path), analyzer.classifier))
    first, second, third, fourth = (annotation for _, annotation in made)
    assert first.text == f"打{'*' * 11}没人接"
    assert second.text == "写信到 " + "*" * 21
    assert PHONE not in f"{third}{made[2][0]}"
    assert fourth.text == '{"收货人": "****", "坏": "\\ud83d"}'
    for opinion in (*first.opinions, *second.opinions):
        assert opinion.text in first.text + second.text


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.csv.gz", "A.Csv.GZ"])
def test_a_csv_is_read_by_its_header(tmp_path: Path, name: str) -> None:
    content = '编号,内容\nA,"第一行\n第二行"\nB,\n,没有编号\nD,多,一列\n'.encode("utf-8-sig")
    lines = list(read_lines(write(tmp_path / name, content)))
    assert [(line.number, line.id, line.text, line.reason is None) for line in lines] == [
        (2, "A", "第一行\n第二行", True),
        (4, "B", "", False),
        (5, "5", "没有编号", True),
        (6, "6", "D,多,一列", False),
    ]


@pytest.mark.parametrize("name", ["export.csv.jsonl", "a.csv.txt"])
def test_a_name_that_only_mentions_csv_is_read_line_by_line(tmp_path: Path, name: str) -> None:
    lines = list(read_lines(write(tmp_path / name, b"text\n\nabc\n")))
    assert [line.text for line in lines] == ["text", "", "abc"]


def test_a_csv_without_a_text_column_has_no_good_line(tmp_path: Path) -> None:
    lines = list(read_lines(write(tmp_path / "a.csv", "编号,备注\nA,好\n".encode())))
    assert [(line.id, line.text) for line in lines] == [("A", "")]
    assert "找不到正文列" in str(lines[0].reason)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("b.gz", gzip.compress(b"abc\n" * 9000)[:-9], "压缩包", id="cut off"),
        pytest.param("c.gz", gzip.compress(b"ab" * 99)[:12] + b"\0\0", "压缩包", id="damaged"),
        pytest.param("a.txt", bytes(range(256)) * 10, "不是文本文件", id="no text"),
        pytest.param("a.xlsx", b"PK\3\4", "损坏", id="broken workbook"),
        pytest.param("a.XLS", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "损坏", id="old workbook"),
        pytest.param("a.csv", b"", "文件是空的", id="empty table"),
    ],
)
def test_a_file_unreadable_as_a_whole_is_an_input_error(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        list(read_lines(path))


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有这个文件"):
        list(read_lines(tmp_path / "no.txt"))


@given(st.lists(st.text(st.characters(exclude_characters="\r\n")), max_size=8))
def test_count_and_order_of_lines_never_change(written: list[str]) -> None:
    lines = list(parse_lines(f"{text}\n" for text in written))
    assert [line.number for line in lines] == list(range(1, len(written) + 1))
    for line, text in zip(lines, written, strict=True):
        assert line.reason is not None or line.text == text or text.lstrip().startswith("{")


def test_alone_and_in_a_batch_give_exactly_the_same(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = analyzer.analyze(TEXTS)
    alone = [analyzer.analyze([text])[0] for text in TEXTS]
    backwards = analyzer.analyze(TEXTS[::-1])[::-1]
    monkeypatch.setattr(analyze, "BATCH", 7)
    in_sevens = analyzer.analyze(TEXTS)
    wanted = [(one.polarity, one.probabilities, one.opinions) for one in together]
    for others in (alone, backwards, in_sevens):
        assert [(one.polarity, one.probabilities, one.opinions) for one in others] == wanted


def test_a_bad_line_changes_nothing_for_its_neighbours(analyzer: Analyzer) -> None:
    good, blank, lone = analyzer.analyze(["一打开就闪退", " \n", "半个\ud83d表情"])
    assert good == analyzer.analyze(["一打开就闪退"])[0]
    assert (blank.error, blank.opinions) == ("第 2 行：正文为空", ())
    assert (lone.error, lone.opinions) == ("第 3 行：含有无法解码的字节", ())
    assert lone.text == "半个?表情"


def test_ids_are_the_positions_and_spans_index_the_text(analyzer: Analyzer) -> None:
    made = analyzer.analyze(TEXTS)
    assert [one.review_id for one in made] == [str(n) for n in range(1, len(TEXTS) + 1)]
    assert [one.text for one in made] == TEXTS
    for one in made:
        assert all(one.text[o.start : o.end] == o.text for o in one.opinions)


def test_without_splitting_each_text_is_one_opinion(analyzer: Analyzer) -> None:
    text = "客服态度很好，但是物流太慢了"
    assert len(analyzer.analyze([text])[0].opinions) == 2
    (whole,) = analyzer.analyze([text], split=False)
    assert [(o.start, o.end) for o in whole.opinions] == [(0, len(text))]
    assert analyzer.analyze(["\u200b"], split=False)[0].opinions == ()


def test_nothing_in_gives_nothing_out(analyzer: Analyzer) -> None:
    assert analyzer.analyze([]) == []


def test_lines_are_answered_as_they_come(classifier: Classifier) -> None:
    asked: list[int] = []

    def endless() -> Iterator[Line]:
        for number in count(1):
            asked.append(number)
            yield Line(number, str(number), "一打开就闪退")

    line, made = next(analyze_lines(endless(), classifier))
    assert (line.number, made.review_id) == (1, "1")
    assert len(asked) == analyze.BATCH


def test_a_model_may_be_given_by_name_or_folder() -> None:
    folder = Path(__file__).parents[2] / "models" / "linear-zh"
    newest = max(folder.iterdir())
    for model in ("linear-zh", f"linear-zh/{newest.name}", newest, str(newest)):
        assert Analyzer.load(model).classifier.version == load_classifier("linear-zh").version


def test_the_python_interface_works_from_any_folder(tmp_path: Path) -> None:
    code = (
        "from feedback_nlp import Analyzer\n"
        "for one in Analyzer.load().analyze(['一打开就闪退', '']):\n"
        "    print(one.polarity, len(one.opinions), one.error)\n"
    )
    done = subprocess.run(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
    )
    assert done.stdout.splitlines() == ["neg 1 None", "neu 0 第 2 行：正文为空"]


def test_a_wrong_attribute_of_the_package_is_named() -> None:
    import feedback_nlp  # noqa: PLC0415 (the package itself is the subject)

    with pytest.raises(AttributeError, match="Analyser"):
        _ = feedback_nlp.Analyser
