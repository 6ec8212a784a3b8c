"""Excel files (.xlsx, .xls) -> one sheet for each visible worksheet that holds anything."""

import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import python_calamine as calamine

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.columns import match_columns, plain_header
from feedback_nlp.tabular.grids import GridRow, grid_header, grid_rows
from feedback_nlp.tabular.layouts import SEARCHED
from feedback_nlp.tabular.ole_files import OLE_MAGIC, check_ole
from feedback_nlp.tabular.parts import part_sheet
from feedback_nlp.tabular.sheets import ReadOptions, Sheet
from feedback_nlp.tabular.sources import Source, readable
from feedback_nlp.tabular.workbook_limits import MAX_WORKBOOK, check_workbook
from feedback_nlp.tabular.worksheet_cells import Merged, cell_text, fill_down, loses_digits

KEPT_ONCE: Final = ("text", "external_id")
"""Fields of which a merged cell stands for one review, not for one in every row it covers."""
_FIRST_ROWS: Final = 4 * SEARCHED


@dataclass(frozen=True, slots=True)
class _Worksheet:
    """One worksheet in memory."""

    name: str
    sheet: calamine.CalamineSheet
    merged: Merged

    def rows(self) -> Iterator[GridRow]:
        """Yield all rows with the number that Excel shows beside them."""
        filled = fill_down(self.sheet.iter_rows(), self.merged)
        for line, cells in enumerate(filled, start=1):
            yield line, [cell_text(cell) for cell in cells]


def workbook_sheets(
    source: Source, options: ReadOptions, known: Mapping[str, tuple[str, ...]]
) -> Iterator[Sheet]:
    """Yield the worksheets in workbook order.

    Hidden ones are read only when named. One that cannot be read is one rejected line 0, unless
    it is the only one. The notes on what was left out stand on the first sheet.

    Raises:
        InputError: damaged, encrypted or too large, no worksheet with this name, or all empty.
    """
    book = _load(source)
    chosen, notes = _chosen(book, options.sheet, source.name)
    found: list[Sheet] = []
    for title in chosen:
        name = f"{source.name}!{title}"
        try:
            with _calamine_faults(name):
                sheet = _sheet(book.get_sheet_by_name(title), name, known)
        except InputError as error:
            if len(chosen) == 1:
                raise
            sheet = part_sheet(name, str(error))
        if sheet is not None:
            found.append(sheet)
        else:
            notes = (*notes, f"工作表“{title}”是空的，没有读")
    if not found:
        raise InputError(f"{source.name}: Excel 文件里没有内容，工作表都是空的或隐藏的")
    found[0] = replace(found[0], notes=(*notes, *found[0].notes))
    for sheet in found:
        yield replace(sheet, part=len(found) > 1)


@contextmanager
def _calamine_faults(name: str) -> Iterator[None]:
    """Turn what goes wrong inside calamine into an `InputError`, a panic of its Rust code too."""
    try:
        yield
    except calamine.PasswordError:
        raise InputError(f"{name}: 有密码，请去掉密码后重新导入") from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise InputError(f"{name}: Excel 文件损坏（{error}），请用 Excel 打开后重新保存") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3 does not export it.
            raise
        raise InputError(f"{name}: Excel 文件损坏，请用 Excel 打开后重新保存") from None


def _load(source: Source) -> calamine.CalamineWorkbook:
    with readable(source.name), source.open() as stream:
        data = stream.read(MAX_WORKBOOK + 1)
    if len(data) > MAX_WORKBOOK:
        size = MAX_WORKBOOK >> 20
        raise InputError(f"{source.name}: Excel 文件超过 {size} MB，请拆分或另存为 CSV")
    if data.startswith(OLE_MAGIC):
        data = check_ole(data, source.name)
    else:
        check_workbook(io.BytesIO(data), source.name)
    with _calamine_faults(source.name):
        return calamine.load_workbook(io.BytesIO(data))


def _chosen(
    book: calamine.CalamineWorkbook, wanted: str | None, name: str
) -> tuple[list[str], tuple[str, ...]]:
    tables = [
        sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if wanted is not None:
        match = [sheet.name for sheet in tables if sheet.name.strip() == wanted.strip()]
        if not match:
            names = "、".join(sheet.name for sheet in tables)
            raise InputError(f"{name}: 没有工作表“{wanted}”，有的是 {names}")
        return match[:1], ()
    visible = [sheet.name for sheet in tables if sheet.visible == calamine.SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in tables if sheet.name not in visible]
    notes = (f"隐藏的工作表没有读：{'、'.join(hidden)}（要读请用 --sheet 指明）",) if hidden else ()
    return visible, notes


def _sheet(
    sheet: calamine.CalamineSheet, name: str, known: Mapping[str, tuple[str, ...]]
) -> Sheet | None:
    """Return the worksheet as a sheet; None if it holds nothing."""
    names = frozenset(plain_header(header) for headers in known.values() for header in headers)
    plain = _Worksheet(name, sheet, Merged())
    width, long_numbers = _measure(sheet)
    if not width:
        return None
    first = list(islice(_filled(plain.rows()), _FIRST_ROWS))
    line, header, notes = grid_header(first, names, name=name, width=width)
    merged = _merged_below(sheet, line, _kept_once(header, known))
    worksheet = replace(plain, merged=merged)
    notes += merged.notes(header)
    notes += _note_long_numbers(long_numbers, header)
    rows = islice(worksheet.rows(), line, None)
    return Sheet(name, header, grid_rows(rows, header), notes=notes)


def _measure(sheet: calamine.CalamineSheet) -> tuple[int, Counter[int]]:
    """Return how many columns hold anything, and how many too long numbers each holds."""
    width, long_numbers = 0, Counter[int]()
    for cells in sheet.iter_rows():
        for column, cell in enumerate(cells):
            if cell == "":
                continue
            width = max(width, column + 1)
            if loses_digits(cell):
                long_numbers[column] += 1
    return width, long_numbers


def _note_long_numbers(found: Counter[int], header: tuple[str, ...]) -> tuple[str, ...]:
    if not found:
        return ()
    places = "、".join(f"“{header[column]}”{cells} 格" for column, cells in sorted(found.items()))
    lost = f"Excel 只保留 15 位数字，更长的编号后几位可能已变成 0：{places}"
    return (f"{lost}；请把这一列设为文本后重新导出",)


def _filled(rows: Iterator[GridRow]) -> Iterator[GridRow]:
    return ((line, cells) for line, cells in rows if any(cell.strip() for cell in cells))


def _kept_once(header: tuple[str, ...], known: Mapping[str, tuple[str, ...]]) -> Collection[int]:
    columns = match_columns(header, known)
    return {header.index(columns[field]) for field in KEPT_ONCE if field in columns}


def _merged_below(
    sheet: calamine.CalamineSheet, header_line: int, kept_once: Collection[int]
) -> Merged:
    left = sheet.start[1] if sheet.start else 0
    ranges = [
        (top, first - left, bottom, last - left)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
        if top >= header_line and bottom > top
    ]
    return Merged(tuple(sorted(ranges)), frozenset(kept_once))
