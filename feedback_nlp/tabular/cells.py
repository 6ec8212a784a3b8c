"""What every reader does with cells: refuse what cannot be stored, name the columns."""

import re
from collections.abc import Sequence
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.sheets import Row

MAX_CELL: Final = 1_000_000
"""Characters; one review longer than a novel is a broken quote, not a review."""
MAX_LINE: Final = 10_000_000
"""Characters; what stands behind them on the same line is never held in memory."""
MAX_COLUMNS: Final = 2_000
CUT: Final = "\ud800"
"""Stands in a line that was cut at `MAX_LINE`; can come from no decoder."""
HEADER_AGAIN: Final = "重复了表头，不是数据（多半是几个文件接在一起），请删除这一行"
_SHOWN: Final = 200
_TEXT_FORMULA: Final = re.compile(r'\s*="([^"]*)"\s*')
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""Neither NUL nor a lone surrogate can be stored by PostgreSQL or written as UTF-8."""
_BROKEN_BYTES: Final = re.compile("[\udc00-\udcff]+")
"""Bytes that did not decode, each as the surrogate that `encodings` writes for it."""


def make_row(line: int, cells: dict[str, str], raw: str) -> Row | Rejected:
    """Return the row, or why its cells cannot be stored."""
    for header, cell in cells.items():
        if len(cell) > MAX_CELL:
            return make_rejected(line, too_long(f"“{header}”"), raw)
        found = _UNSTORABLE.search(header + cell)
        if found:
            what = "NUL 字符" if found[0] == "\0" else "不成对的代理字符（表情被截断）"
            return make_rejected(line, f"“{header}”含 {what}，请修正后重新导入", raw)
    return Row(line, cells)


def make_rejected(line: int, reason: str, raw: str) -> Rejected:
    """Reject a line; what cannot be stored of it is shown as �."""
    written = raw.rstrip("\r\n")
    return Rejected(line, storable(reason), storable(written))


def repeats_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Say whether a row is the header once more: at least two of its cells, and nothing else."""
    written = [(cell.strip(), name) for cell, name in zip(cells, header, strict=False)]
    filled = [(cell, name) for cell, name in written if cell]
    return len(filled) > 1 and all(cell == name for cell, name in filled)


def as_excel_shows(cell: str) -> str:
    """Return what stands in `="1001"`, as exports write long numbers so that Excel keeps them."""
    match = _TEXT_FORMULA.fullmatch(cell)
    return match[1] if match else cell


def storable(text: str) -> str:
    """Write � for what cannot be stored."""
    return _UNSTORABLE.sub("�", text)


def undecoded(raw: str, encoding: str) -> str | None:
    """Say, in Chinese, that a line was cut or holds bytes that did not decode; None if neither."""
    if CUT in raw:
        return f"一行超过 {MAX_LINE:,} 个字符，多半是引号没有配对或换行符丢失"
    found = _BROKEN_BYTES.search(raw)
    if found is None:
        return None
    shown = " ".join(f"{ord(mark) - 0xDC00:02X}" for mark in found[0][:4])
    return f"有字节不是合法的 {encoding} 文字（{shown}），请用正确的编码重新导出这一行"


def too_long(what: str) -> str:
    """Say, in Chinese, that something has more than `MAX_CELL` characters."""
    return f"{what}超过 {MAX_CELL:,} 个字符，多半是引号没有配对"


def name_columns(cells: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the headers, stripped; a blank one is named by its place, a repeated one numbered.

    Raises:
        InputError: no header at all, too many, or one with NUL.
    """
    written = [storable(cell).strip() for cell in cells]
    if not any(written):
        raise InputError(f"{name}: 第一行没有表头")
    if any("\0" in cell for cell in cells):
        raise InputError(f"{name}: 表头含 NUL 字符，请删除后重新导入")
    if len(cells) > MAX_COLUMNS:
        raise InputError(
            f"{name}: 表头有 {len(cells):,} 列，最多 {MAX_COLUMNS:,} 列，请删掉用不到的列"
        )
    header: dict[str, None] = {}
    for place, cell in enumerate(written, start=1):
        base = cell or f"第{place}列"
        unique, copy = base, 1
        while unique in header:
            copy += 1
            unique = f"{base} ({copy})"
        header[unique] = None
    return tuple(header)


def shorten(raw: str) -> str:
    """Return the beginning of a long text, as messages show it."""
    return raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]}…"
