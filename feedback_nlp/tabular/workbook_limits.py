"""Is a workbook small enough to be held in memory? Asked before anything is unpacked there."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.sources import bomb, unpacking

MAX_WORKBOOK: Final = 100 << 20
"""Bytes of the file as it is, packed."""
MAX_UNPACKED: Final = 1 << 30
MAX_MEMBERS: Final = 10_000
MAX_CELLS: Final = 16_000_000
"""Rows times columns: a worksheet is held as a full grid, however few cells are filled."""
MAX_SHARED: Final = 1 << 30
"""Bytes of texts, each counted as often as a cell may repeat it."""
_HARMLESS: Final = 20 << 20
_MAX_RATIO: Final = 500
"""Times its packed size; the XML of a worksheet is packed far better than a text."""
_BLOCK: Final = 1 << 20
_PREFIX: Final = re.compile(rb"<\w+:")
_REFERENCE: Final = re.compile(rb"""<c [^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>/]*>""")
_SHARED_CELL: Final = re.compile(rb"""\bt=["']s["'][^>]*>\s*<v>(\d{1,9})</v>""")
_CLAIMED: Final = re.compile(rb"""\buniqueCount\s*=\s*["']\s*\+?(\d{1,20})""")
_HEAD: Final = 1 << 16
_LEAST_STRING: Final = 5
"""Bytes of an empty shared text, `<si/>`."""
_STRING: Final = re.compile(rb"<si[\s>].*?</si>", re.DOTALL)


@dataclass(slots=True)
class _Extent:
    """What is known of a worksheet while its XML passes by."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    top: int = 0


def check_workbook(stream: BinaryIO, name: str) -> None:
    """Unpack every member once, in blocks, and look how large the grids will be.

    Raises:
        InputError: damaged, a bomb, an encrypted member, or a worksheet too large.
    """
    with unpacking(name), zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        too_dense = unpacked > max(_HARMLESS, packed * _MAX_RATIO)
        if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or too_dense:
            raise InputError(bomb(name))
        cells, grid, strings = 0, 0, list[int]()
        for member in members:
            blocks = _blocks(archive, member, name)
            if _is_worksheet(member):
                extent = _extent(blocks)
                grid += max(extent.rows, extent.top) * extent.columns
                if grid > MAX_CELLS:
                    raise InputError(_too_large(extent, name))
                cells += extent.cells
            elif member.filename.lower().endswith("sharedstrings.xml"):
                strings += _string_sizes(blocks, member.file_size // _LEAST_STRING, name)
            else:  # Read to its end, so that its size and checksum are known to be true.
                for _ in blocks:
                    pass
        if max(strings, default=0) * cells > MAX_SHARED:
            sheets = (_blocks(archive, member, name) for member in members if _is_worksheet(member))
            _check_shared(sheets, strings, name)


def _is_worksheet(member: zipfile.ZipInfo) -> bool:
    return "worksheets/" in member.filename.lower()


def _check_shared(sheets: Iterable[Iterator[bytes]], strings: list[int], name: str) -> None:
    """Add up the shared texts as often as cells point to them: each becomes a copy."""
    size = 0
    for blocks in sheets:
        left = b""
        for block in blocks:
            whole = left + block
            cut = max(whole.rfind(b"<c "), len(whole) - _BLOCK, 0)
            places = map(int, _SHARED_CELL.findall(whole[:cut]))
            size += sum(strings[place] for place in places if place < len(strings))
            left = whole[cut:]
        places = map(int, _SHARED_CELL.findall(left))
        size += sum(strings[place] for place in places if place < len(strings))
        if size > MAX_SHARED:
            raise InputError(
                f"{name}: 单元格里重复的长文字合计超过 {MAX_SHARED:,} 字节，请拆分或另存为 CSV"
            )


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    if member.flag_bits & 1:
        raise InputError(f"{name}: 有密码，请去掉密码后重新导入")
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _extent(blocks: Iterator[bytes]) -> _Extent:
    """Return how far the filled cells of a worksheet reach, whatever its dimension says.

    A cell without a reference stands next to the one before it.
    """
    extent, left = _Extent(), b""
    for block in blocks:
        whole = left + block
        cut = whole.rfind(b"<row") if b"<row" in whole else whole.rfind(b"<")
        cut = cut if len(whole) < 8 * _BLOCK and cut > 0 else len(whole)
        _measure(whole[:cut], extent)
        left = whole[cut:]
    _measure(left, extent)
    return extent


def _measure(xml: bytes, extent: _Extent) -> None:
    if b":row" in xml:
        xml = _PREFIX.sub(b"<", xml)
    found = _REFERENCE.findall(xml)
    rows = xml.split(b"<row")
    extent.cells += max(len(found), xml.count(b"<c ") + xml.count(b"<c>"))
    extent.top += len(rows) - 1
    if found:
        extent.rows = max(extent.rows, *(int(row) for _, row in found))
        extent.columns = max(extent.columns, *map(_column, {letters for letters, _ in found}))
    # A row without references is as wide as it has cells; its own number is one " r=" as well.
    unnamed = (row.count(b"<c ") + row.count(b"<c>") - row.count(b" r=") + 1 for row in rows)
    extent.columns = max(extent.columns, *unnamed)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(extent: _Extent, name: str) -> str:
    rows, columns = max(extent.rows, extent.top), extent.columns
    return (
        f"{name}: 有工作表用到 {rows:,} 行 × {columns:,} 列，全部合计超过 {MAX_CELLS:,} 格；"
        "请删掉远处的多余单元格，或拆成几个文件、另存为 CSV"
    )


def _string_sizes(blocks: Iterator[bytes], most: int, name: str) -> list[int]:
    """Return the bytes of each shared text; the reader reserves memory for what is claimed."""
    sizes, left = list[int](), b""
    for block in blocks:
        left += block
        claimed = max(map(int, _CLAIMED.findall(left[:_HEAD])), default=0)
        if not sizes and claimed > most:
            raise InputError(f"{name}: Excel 文件损坏（文字表的个数不对），请用 Excel 重新保存")
        end = 0
        for match in _STRING.finditer(left):
            sizes.append(len(match[0]))
            end = match.end()
        left = left[end:]
        if len(left) > MAX_WORKBOOK:
            break
    return [*sizes, len(left)]
