"""Hostile Excel files, and other things that shops call Excel."""

import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

import openpyxl
import xlsxwriter
import xlwt
from hostile.packed import flipped, zipped
from hostile.record import HostileFile, content
from hostile.texts import TABLE
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

ROWS: Final[tuple[tuple[Any, ...], ...]] = (
    ("id", "内容", "时间", "评分"),
    (1, "一打开就闪退", dt.datetime(2026, 3, 1, 14, 5), 1),  # noqa: DTZ001 (Excel knows no zones)
    (2, "物流很快", dt.datetime(2026, 3, 2), 5),  # noqa: DTZ001
)
ENCRYPTED: Final = (
    bytes.fromhex("D0CF11E0A1B11AE1")
    + bytes(504)
    + "EncryptedPackage".encode("utf-16-le")
    + bytes(480)
)
Change = Callable[[Workbook, Worksheet], None]


def saved(change: Change | None = None) -> bytes:
    """Return a workbook of two good reviews, after a change."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "评论"
    for row in ROWS:
        sheet.append(row)
    if change is not None:
        change(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def saved_old(rows: tuple[tuple[Any, ...], ...] = ROWS, *, mac: bool = False) -> bytes:
    """Return an .xls file."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = mac
    sheet = book.add_sheet("评论")
    dates = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = dates if isinstance(cell, dt.datetime) else xlwt.Style.default_style
            sheet.write(line, column, cell, style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(member: str, change: Callable[[bytes], bytes], base: bytes = b"") -> bytes:
    """Return a workbook one member of which was changed by hand."""
    before, after = io.BytesIO(base or saved()), io.BytesIO()
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return after.getvalue()


SHEET: Final = "xl/worksheets/sheet1.xml"


def far_cell() -> bytes:
    cell = (
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    return edited(SHEET, lambda xml: xml.replace(b"</sheetData>", cell))


def far_unnamed() -> bytes:
    """A wide row and a million short ones, no cell of which says where it stands."""
    wide = b"<row>" + b"<c><v>1</v></c>" * 16_384 + b"</row>"
    rows = wide + b"<row><c><v>1</v></c></row>" * 100_000
    return edited(SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def copied_string() -> bytes:
    """One text of a megabyte that a hundred thousand cells point to."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("评论")
    for line in range(100_000):
        sheet.write_string(line, 0, "内容")
    book.close()
    text = b"x" * (1 << 20)
    return edited(
        "xl/sharedStrings.xml", lambda xml: xml.replace("内容".encode(), text), stream.getvalue()
    )


def claimed_strings() -> bytes:
    """A table of texts that claims four thousand million of them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet("评论").write_column(0, 0, ["内容", "好"])
    book.close()
    before, after = b'uniqueCount="2"', b'uniqueCount="4000000000"'
    return edited("xl/sharedStrings.xml", lambda xml: xml.replace(before, after), stream.getvalue())


def old_patched(mark: bytes, place: int, number: int) -> bytes:
    """Change four bytes behind a mark of an .xls file."""
    data = saved_old()
    at = data.index(mark) + place
    return data[:at] + number.to_bytes(4, "little") + data[at + 4 :]


def dimension_lies(xml: bytes) -> bytes:
    return xml.replace(b'ref="A1:D3"', b'ref="A1:XFD1048576"')


def hide_all(book: Workbook, sheet: Worksheet) -> None:
    book.create_sheet("空")
    sheet.sheet_state = "hidden"


def more_sheets(book: Workbook, _: Worksheet) -> None:
    book.create_sheet("空")
    hidden = book.create_sheet("隐藏")
    hidden.append(("内容",))
    hidden.append(("看不见",))
    hidden.sheet_state = "hidden"
    second = book.create_sheet("九月")
    second.append(("内容",))
    second.append(("贵",))


def merged(_: Workbook, sheet: Worksheet) -> None:
    sheet["B4"], sheet["C4"], sheet["B5"] = "贵", dt.date(2026, 3, 3), "包装破了"
    sheet.merge_cells("C4:C5")


def merged_text(_: Workbook, sheet: Worksheet) -> None:
    """A review two rows high: the second row has nothing of its own."""
    for column in "ABCD":
        sheet.merge_cells(f"{column}2:{column}3")


def titled(_: Workbook, sheet: Worksheet) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "店铺：测试旗舰店"
    sheet.merge_cells("A1:D1")


def gaps(_: Workbook, sheet: Worksheet) -> None:
    sheet["B10"] = "隔了很远"


def error_cells(_: Workbook, sheet: Worksheet) -> None:
    for place in ("D2", "C3"):
        sheet[place].value, sheet[place].data_type = "#N/A", "e"


def formulas(_: Workbook, sheet: Worksheet) -> None:
    sheet["D2"] = "=1+1"
    sheet["E1"], sheet["E2"] = "备注", '=HYPERLINK("http://example.com","x")'


def injection(_: Workbook, sheet: Worksheet) -> None:
    sheet["B2"].value, sheet["B2"].data_type = "=cmd|' /C calc'!A0", "s"
    sheet["B3"] = "<script>alert(1)</script>"


def huge_numbers(_: Workbook, sheet: Worksheet) -> None:
    sheet["E1"], sheet["E2"], sheet["E3"] = "订单号", 123456789012345678, 1e300


def dates_of_all_kinds(_: Workbook, sheet: Worksheet) -> None:
    sheet["C2"], sheet["C3"] = "2026年3月1日 下午3点", 46082.5


def booleans(_: Workbook, sheet: Worksheet) -> None:
    sheet["E1"], sheet["E2"], sheet["E3"] = "有图", True, False


def mac_dates(book: Workbook, _: Worksheet) -> None:
    book.epoch = CALENDAR_MAC_1904


def no_header(_: Workbook, sheet: Worksheet) -> None:
    sheet.delete_rows(1)


def control_signs(xml: bytes) -> bytes:
    return xml.replace("物流很快".encode(), b"a_x0000_b")


def table_page(charset: str) -> bytes:
    """Three reviews, with forgotten end tags and a cell two rows high."""
    head = f'<html><head><meta charset="{charset}"></head>'
    titles = "<table><tr><th>订单号</th><th>内容</th></tr>"
    rows = "<tr><td>1</td><td>闪退<br>&lt;b&gt;</td></tr><tr><td rowspan=2>2<td>慢</tr>"
    page = f"{head}{titles}{rows}<tr><td>贵</td></tr></table>"
    return page.encode(charset)


def bomb() -> bytes:
    return edited("xl/styles.xml", lambda xml: xml + bytes(600 << 20))


def _xlsx(what: str, made: Callable[[], bytes], **expected: int | str) -> HostileFile:
    name = "".join(sign if sign.isalnum() else "-" for sign in what) + ".xlsx"
    return HostileFile(what, name, content(made), **expected)  # type: ignore[arg-type]


XLSX: Final = (
    _xlsx("plain workbook", saved, good=2),
    _xlsx(
        "empty, hidden and further sheets",
        lambda: saved(more_sheets),
        good=3,
        said="隐藏的工作表没有读：隐藏",
    ),
    _xlsx("all sheets hidden or empty", lambda: saved(hide_all), error="没有内容"),
    _xlsx(
        "empty workbook", lambda: saved(lambda _, sheet: sheet.delete_rows(1, 3)), error="没有内容"
    ),
    _xlsx("sheet with a header only", lambda: saved(lambda _, sheet: sheet.delete_rows(2, 2))),
    _xlsx("sheet without a header", lambda: saved(no_header), error="找不到正文列"),
    _xlsx("merged dates", lambda: saved(merged), good=4, said="合并单元格已向下填充：“时间”"),
    _xlsx(
        "review merged over two rows",
        lambda: saved(merged_text),
        good=1,
        said="只算第一行",
    ),
    _xlsx("merged title above the header", lambda: saved(titled), good=2, said="表头之前的 1 行"),
    _xlsx("blank rows between", lambda: saved(gaps), good=3),
    _xlsx("error cells", lambda: saved(error_cells), good=2),
    _xlsx("formulas without a value", lambda: saved(formulas), good=2),
    _xlsx("formula and script as text", lambda: saved(injection), good=2),
    _xlsx("numbers with lost digits", lambda: saved(huge_numbers), good=2, said="只保留 15 位"),
    _xlsx("dates as text and number", lambda: saved(dates_of_all_kinds), good=2),
    _xlsx("booleans", lambda: saved(booleans), good=2),
    _xlsx("1904 dates", lambda: saved(mac_dates), good=2),
    _xlsx(
        "NUL written as an escape",
        lambda: edited(SHEET, control_signs),
        good=1,
        rejected=1,
        said="NUL",
    ),
    _xlsx("dimension that lies", lambda: edited(SHEET, dimension_lies), good=2),
    _xlsx("cell in the last corner", far_cell, error="1,048,576 行 × 16,384 列"),
    _xlsx("cells without places", far_unnamed, error="格"),
    _xlsx("one long text copied into every cell", copied_string, error="重复的长文字"),
    _xlsx("table of texts that lies", claimed_strings, error="文字表的个数不对"),
    _xlsx("workbook bomb", bomb, error="压缩炸弹"),
    _xlsx("truncated workbook", lambda: saved()[:-100], error="Excel 文件损坏"),
    _xlsx("workbook with flipped bytes", lambda: flipped(saved(), 100), error="损坏"),
    _xlsx(
        "worksheet cut in its XML",
        lambda: edited(SHEET, lambda xml: xml[: len(xml) // 2]),
        error="Excel 文件损坏",
    ),
    _xlsx(
        "workbook without worksheets",
        lambda: zipped(("xl/workbook.xml", b"<workbook/>")),
        error="损坏",
    ),
    _xlsx("workbook with a password", lambda: ENCRYPTED, error="有密码"),
    _xlsx("empty file as workbook", lambda: b"", error="文件是空的"),
    _xlsx("CSV saved as xlsx", lambda: TABLE.encode("gbk"), good=2, said="按 CSV 读取"),
    HostileFile(
        "workbook saved as .csv", "x.csv", content(saved), good=2, said="内容是 Excel 文件"
    ),
    HostileFile(
        "workbook saved as .xls", "x.xls", content(saved), good=2, said="内容是 Excel 文件"
    ),
    HostileFile(
        "workbook in gzip",
        "x.xlsx.gz",
        content(lambda: gzip.compress(saved())),
        good=2,
    ),
    HostileFile(
        "workbooks in zip",
        "x.zip",
        content(
            lambda: zipped(("a.xlsx", saved()), ("b.xlsx", saved()[:-100]), ("c.xls", ENCRYPTED))
        ),
        good=2,
        rejected=2,
    ),
)
OLD: Final = (
    HostileFile("old workbook", "old.xls", content(saved_old), good=2),
    HostileFile(
        "old workbook with 1904 dates", "mac.xls", content(lambda: saved_old(mac=True)), good=2
    ),
    HostileFile(
        "old workbook saved as .csv",
        "old.csv",
        content(saved_old),
        good=2,
        said="内容是 Excel 文件",
    ),
    HostileFile(
        "old workbook cut off", "cut.xls", content(lambda: saved_old()[:2000]), error="cut.xls"
    ),
    HostileFile(
        "old sheet that claims a grid of gigabytes",
        "grid.xls",
        content(lambda: old_patched(b"\x00\x02\x0e\x00", 8, 0xFFFFFFFF)),
        error="Excel 文件损坏",
    ),
    HostileFile(
        "old sheet that ends before it begins",
        "upside.xls",
        content(lambda: old_patched(b"\x00\x02\x0e\x00", 4, 0x50000)),
        error="Excel 文件损坏",
    ),
    HostileFile(
        "old table of texts that lies",
        "texts.xls",
        content(lambda: old_patched(b"\xfc\x00\x3c\x00", 8, 0x70000000)),
        error="Excel 文件损坏",
    ),
    HostileFile(
        "old magic and rubbish",
        "ole.xls",
        content(bytes.fromhex("D0CF11E0A1B11AE1") + b"rubbish" * 99),
        error="Excel 文件损坏",
    ),
    HostileFile(
        "CSV saved as .xls", "csv.xls", content(TABLE.encode("gbk")), good=2, said="按 CSV 读取"
    ),
    HostileFile(
        "tabs saved as .xls",
        "tab.xls",
        content(TABLE.replace(",", "\t").encode("utf-16")),
        good=2,
        said="按 CSV 读取",
    ),
    HostileFile(
        "HTML table saved as .xls",
        "page.xls",
        content(table_page("utf-8")),
        good=3,
        said="网页表格",
    ),
    HostileFile(
        "HTML table in GBK saved as .xls",
        "gbk.xls",
        content(table_page("gbk")),
        good=3,
        said="网页表格",
    ),
    HostileFile(
        "HTML without a table",
        "login.xls",
        content("<html><body>请先登录</body></html>"),
        error="没有表格",
    ),
    HostileFile(
        "XML saved as .xls", "xml.xls", content('<?xml version="1.0"?><Workbook/>'), error="XML"
    ),
)
WORKBOOKS: Final = (*XLSX, *OLD)
