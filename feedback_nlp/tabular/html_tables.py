"""The HTML tables that shop back ends and mail tools hand out as .xls files."""

from collections.abc import Collection
from html.parser import HTMLParser
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.cells import MAX_COLUMNS
from feedback_nlp.tabular.encodings import Decoded
from feedback_nlp.tabular.grids import GridRow, grid_header, grid_rows
from feedback_nlp.tabular.layouts import SEARCHED
from feedback_nlp.tabular.sheets import Sheet

MAX_HTML: Final = 32_000_000
"""Characters; the whole page is held in memory."""
_NOTE: Final = "内容是网页表格（HTML），不是 Excel 文件，按表格读取；行号是表格的第几行"
_LINE_ENDS: Final = ("br", "p", "div")


def html_sheet(decoded: Decoded, known: Collection[str]) -> Sheet:
    """Read all table rows of a page as one sheet, numbered as Excel shows them when it opens it.

    Cells that span rows or columns keep their text in the first place only.

    Raises:
        InputError: no table, too long a page, or no header.
    """
    name, parser, size = decoded.source.name, _TableParser(), 0
    for chunk in decoded.chunks():
        size += len(chunk)
        if size > MAX_HTML:
            raise InputError(f"{name}: 网页超过 {MAX_HTML:,} 个字符，请用 Excel 另存为 .xlsx")
        parser.feed(chunk)
    parser.close()
    parser.end_row()
    rows = parser.rows
    if not rows:
        raise InputError(f"{name}: 是网页（HTML），里面没有表格，请重新导出为 .xlsx 或 .csv")
    width = max(len(cells) for _, cells in rows[:SEARCHED])
    line, header, notes = grid_header(rows[: 2 * SEARCHED], known, name=name, width=width)
    return Sheet(
        name,
        header,
        grid_rows(rows[line:], header),
        encoding=decoded.encoding,
        notes=(*decoded.notes, _NOTE, *notes),
    )


class _TableParser(HTMLParser):
    """Collects the cells of every row; text outside of cells is not read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[GridRow] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._across = 1
        self._below: dict[int, int] = {}
        """Column -> rows that a cell above still covers there."""
        self._covers: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell; forgotten end tags close themselves."""
        if tag == "table":
            self.end_row()
            self._below = {}
        elif tag == "tr":
            self.end_row()
            self._cells = []
        elif tag in ("td", "th"):
            self._end_cell()
            self._open_cell(dict(attrs))
        elif tag in _LINE_ENDS and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a row or a cell."""
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data: str) -> None:
        """Collect the text of a cell."""
        if self._text is not None:
            self._text.append(data)

    def end_row(self) -> None:
        """Close the row that is open, if any."""
        self._end_cell()
        if self._cells is None:
            return
        self._skip_covered()
        self.rows.append((len(self.rows) + 1, self._cells))
        left = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
        self._below, self._covers, self._cells = {**left, **self._covers}, {}, None

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        if self._cells is None:
            self._cells = []
        self._skip_covered()
        self._text, self._across = [], _count(attributes.get("colspan"))
        rows = _count(attributes.get("rowspan"))
        if rows > 1:
            begin = len(self._cells)
            self._covers |= dict.fromkeys(range(begin, begin + self._across), rows - 1)

    def _end_cell(self) -> None:
        if self._text is not None and self._cells is not None:
            self._cells += ["".join(self._text).strip(), *[""] * (self._across - 1)]
        self._text = None

    def _skip_covered(self) -> None:
        while self._cells is not None and len(self._cells) in self._below:
            self._cells.append("")


def _count(written: str | None) -> int:
    """Return how far a cell spans: 1 unless a sensible number says more."""
    number = (written or "").strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 5):  # noqa: PLR2004
        return 1
    return min(max(int(number), 1), MAX_COLUMNS)
