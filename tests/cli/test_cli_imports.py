"""Importing: preview, formats, maps, notes, the nouns, and what was rejected."""

import csv
from pathlib import Path

import pytest
from cli_output import Invoke, count, write
from openpyxl import Workbook

TABLE = """编号,时间,评分,用户ID,内容
1,2026-03-01 10:00,1,u1,更新以后一打开就闪退
2,前天,2,u2,优惠券用不了
3,2026-03-02,2,13900000451,打13900000451没人接
"""
EXPORTS = {
    "app_store": "Review ID,Review Text,Developer Reply Text,Territory\nr1,闪退,已修复,中国\n",
    "ecommerce": "订单编号,初评内容,评价等级,初评时间\nD1,保温效果好,好评,2026-03-01\n",
    "support": "会话ID,发送时间,角色,消息内容\nS1,2026-03-01 10:00,客户,打不开发票\n",
    "survey": "序号,您向朋友推荐我们的可能性,您有什么建议？\n1,3,配送太慢\n",
    "community": "帖子ID,楼层,发帖人,帖子内容\nT1,1,小周,夜间模式在哪里\n",
    "exposure": "日期,产品,订单数\n2026-03-01,鲜到家,12000\n",
    "customers": "客户ID,客户等级\nu1,金卡\n",
    "orders": "订单编号,用户ID,下单时间,实付金额\nD1,u1,2026-03-01,88元\n",
    "usage": "用户ID,事件,发生时间\nu1,打开优惠券页,2026-03-01 10:00\n",
}
NOUNS = {
    "exposure": ("exposure", "exposure", "活跃用户"),
    "customer": ("customers", "customers", "客户等级"),
    "order": ("orders", "orders", "金额"),
    "usage": ("usage", "usage_events", "事件"),
    "survey": ("survey", "survey_answers", "推荐意愿"),
}
"""Command group -> format, table it fills, and a column it asks for."""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "a.csv", TABLE)


def test_preview_shows_what_an_import_would_do_and_stores_nothing(
    invoke: Invoke, tmp_path: Path, table: Path
) -> None:
    done = invoke("preview", table)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"{table}: 编码 utf-8，分隔符 ','"
    assert "  内容 → 正文（text）" in lines
    assert "  前 3 行：可用 2 条，拒绝 1 行" in lines
    assert lines[-1].startswith(f"  {table}:3: 时间“前天”是相对时间")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_preview_masks_personal_data(invoke: Invoke, table: Path) -> None:
    done = invoke("preview", table)
    assert "13900000451" not in done.output
    assert "内容=打***********没人接" in done.stdout


@pytest.mark.parametrize("format_", EXPORTS)
def test_preview_suggests_the_format_that_fits(
    invoke: Invoke, tmp_path: Path, format_: str
) -> None:
    file = write(tmp_path / "a.csv", EXPORTS[format_])
    assert invoke("preview", file).stdout.endswith(f"可试 --format {format_}\n")
    told = invoke("preview", file, "--format", format_).stdout
    assert "拒绝 0 行" in told
    assert "不能导入" not in told
    assert "看起来像" not in told


def test_preview_says_why_a_file_could_not_be_imported(invoke: Invoke, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "甲,乙\n1,2\n")
    assert "  不能导入：" in invoke("preview", file).stdout
    missing = invoke("preview", "无.csv")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert missing.stderr == "错误：无.csv: 没有这个文件\n"


def test_a_chinese_export_is_read_without_being_told_how(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("编号;评论内容\n1;更新以后一打开就闪退\n".encode("gb18030"))
    done = invoke("import", file)
    assert (done.exit_code, done.stdout) == (0, f"{file}: 新增 1，更新 0，未变 0，拒绝 0\n")
    assert done.stderr.splitlines() == [
        f"{file}: 提示：按 GB18030 读取（没有 BOM，也不是 UTF-8）",
        f"{file}: 提示：分隔符：分号",
    ]


def test_encoding_and_delimiter_can_be_said(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("編號~內容\n1~打開就閃退\n".encode("big5"))
    options = ("--encoding", "big5", "--delimiter", "~")
    assert "新增 1" in invoke("import", file, *options).stdout
    assert "编码 big5，分隔符 '~'" in invoke("preview", file, *options).stdout


def test_a_worksheet_can_be_chosen(invoke: Invoke, tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    for title, text in (("三月", "更新以后一打开就闪退"), ("四月", "优惠券用不了")):
        sheet = book.create_sheet(title)
        sheet.append(["内容"])
        sheet.append([text])
    book.save(tmp_path / "a.xlsx")
    file = tmp_path / "a.xlsx"
    chosen = invoke("import", file, "--sheet", "四月")
    assert chosen.stdout == f"{file}!四月: 新增 1，更新 0，未变 0，拒绝 0\n"
    both = invoke("import", file).stdout.splitlines()
    assert [line.rsplit(":", 1)[0] for line in both] == [f"{file}!三月", f"{file}!四月"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param(("--format", "excel"), "没有通道“excel”，可选：table", id="no such format"),
        pytest.param(("--map", "内容"), "应为 列名=字段", id="map without a field"),
        pytest.param(("--map", "内容=心情"), "没有字段“心情”", id="map to no field"),
        pytest.param(("--map", "没有=text"), "不在表头里", id="map of no column"),
        pytest.param(("--encoding", "火星文"), "编码“火星文”不认识", id="no such encoding"),
        pytest.param(("--delimiter", "ab"), "分隔符“ab”不能用", id="two signs"),
    ],
)
def test_an_option_that_cannot_be_used_is_a_usage_error(
    invoke: Invoke, table: Path, options: tuple[str, str], reason: str
) -> None:
    done = invoke("import", table, *options)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert reason in done.stderr


def test_a_saved_map_serves_the_next_import_and_run(invoke: Invoke, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "单号,心声一句\nA1,更新以后一打开就闪退\n")
    assert invoke("import", file).exit_code == 2
    done = invoke("import", file, "--map", "心声一句=正文", "--map", "单号=编号", "--save-map")
    assert "新增 1" in done.stdout
    assert "未变 1" in invoke("import", file).stdout
    run = invoke("run", file, "--out", "o", "--db", "sqlite:///out/feedback.db")
    assert "未变 1" in run.stdout
    assert invoke("import", file, "--channel", "门店").exit_code == 2  # its own map


def test_ids_of_two_sources_do_not_meet_in_two_channels(invoke: Invoke, tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", "编号,内容\n1,更新以后一打开就闪退\n")
    other = write(tmp_path / "b.csv", "编号,内容\n1,优惠券用不了\n")
    invoke("import", one, "--channel", "甲店")
    assert "新增 1" in invoke("import", other, "--channel", "乙店").stdout
    assert "更新 1" in invoke("import", other, "--channel", "甲店").stdout


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_is_imported_once_however_often(invoke: Invoke, tmp_path: Path, noun: str) -> None:
    format_, filled, _ = NOUNS[noun]
    file = write(tmp_path / "a.csv", EXPORTS[format_])
    first = invoke(noun, "import", file)
    assert (first.exit_code, first.stderr) == (0, "")
    assert invoke(noun, "import", file).stdout.startswith(f"{file}: 新增 0，更新 0，未变 ")
    assert count(tmp_path / "out" / "feedback.db", filled) == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_names_the_column_it_lacks(invoke: Invoke, tmp_path: Path, noun: str) -> None:
    file = write(tmp_path / "a.csv", "用户ID,日期,事件,甲\nu1,2026-03-01,打开,1\n")
    if noun == "usage":
        file = write(tmp_path / "a.csv", "用户ID,日期\nu1,2026-03-01\n")
    if noun == "customer":
        file = write(tmp_path / "a.csv", "用户ID,甲\nu1,1\n")
    done = invoke(noun, "import", file)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert f"{NOUNS[noun][2]}" in done.stderr


def test_a_rejected_line_of_a_noun_exits_with_3(invoke: Invoke, tmp_path: Path) -> None:
    text = "日期,订单数\n2026-03-01,12\n2026-03-01,13\n"
    file = write(tmp_path / "a.csv", text)
    done = invoke("exposure", "import", file)
    assert done.exit_code == 3
    assert done.stderr == f"{file}:3: 2026-03-01 在本文件第 2 行已出现；请先合并成一行\n"
    assert done.stdout == f"{file}: 新增 1，更新 0，未变 0，拒绝 1\n"


def test_rejected_rows_come_back_corrected(invoke: Invoke, tmp_path: Path, table: Path) -> None:
    assert invoke("import", table).exit_code == 3
    listed = invoke("rejected", "list")
    first, last = listed.stdout.splitlines()
    assert first.startswith(f"{table}:3: 时间“前天”")
    assert (last, listed.stderr) == ("共 1 行，1 个来源", "")
    assert invoke("rejected", "export", "--out", "fix.csv").stdout == "fix.csv: 1 行\n"
    fix = tmp_path / "fix.csv"
    with fix.open(encoding="utf-8-sig", newline="") as stream:
        header, row = csv.reader(stream)
    row[header.index("时间")] = "2026-03-01"
    with fix.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([header, row])
    done = invoke("import", "fix.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "fix.csv: 新增 1，更新 0，未变 0，拒绝 0，补正 1\n"
    assert invoke("rejected", "list").stdout == "共 0 行，0 个来源\n"


def test_rejected_rows_can_be_asked_for_by_source(
    invoke: Invoke, tmp_path: Path, table: Path
) -> None:
    other = write(tmp_path / "b.csv", "编号,内容\n9,\n")
    invoke("import", table, other)
    assert "共 1 行，1 个来源" in invoke("rejected", "list", "--source", other).stdout
    assert invoke("rejected", "export", "--out", "b", "--source", other).stdout == "b: 1 行\n"
    assert "共 0 行" in invoke("rejected", "list", "--workspace", "别处").stdout


def test_an_export_into_no_folder_is_a_fault(invoke: Invoke) -> None:
    done = invoke("rejected", "export", "--out", "无/fix.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "错误：无/fix.csv: 所在的文件夹不存在\n"


def test_imports_are_listed_newest_first(invoke: Invoke, tmp_path: Path, table: Path) -> None:
    other = write(tmp_path / "b.csv", EXPORTS["exposure"])
    invoke("import", table)
    invoke("exposure", "import", other)
    newest, oldest = invoke("imports").stdout.splitlines()
    assert f"{other}  exposure  新增 1，更新 0，未变 0，拒绝 0" in newest
    assert f"{table}  table  新增 2，更新 0，未变 0，拒绝 1" in oldest
    assert invoke("imports", "--limit", "1").stdout.splitlines() == [newest]
    assert invoke("imports", "--limit", "0").exit_code == 2
