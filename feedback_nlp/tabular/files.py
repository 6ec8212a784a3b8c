"""Open a file of any kind we read: what it is, its content says first and its name second."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular import archives
from feedback_nlp.tabular.columns import HEADERS
from feedback_nlp.tabular.encodings import named_encoding
from feedback_nlp.tabular.layouts import check_delimiter
from feedback_nlp.tabular.ole_files import OLE_MAGIC
from feedback_nlp.tabular.parts import guarded, part_sheet
from feedback_nlp.tabular.sheets import ReadOptions, Sheet
from feedback_nlp.tabular.sources import GZIP_MAGIC, Source, file_source, gunzipped, head
from feedback_nlp.tabular.text_sheets import suffix_of, text_sheet
from feedback_nlp.tabular.workbooks import workbook_sheets

_MAGIC: Final = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ", "xz 压缩包"),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩包"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"PAR1", "Parquet 文件"),
    (b"{\\rtf", "RTF 文档"),
)
_TAR: Final = slice(257, 262)
_HEAD: Final = 512
_NESTED: Final = "压缩包里又有压缩包，请先解压再导入"
_AS_DEFAULT: Final = ReadOptions()


def open_sheets(
    path: Path,
    options: ReadOptions = _AS_DEFAULT,
    *,
    known: Mapping[str, tuple[str, ...]] = HEADERS,
) -> Iterator[Sheet]:
    """Yield the tables of a file in order; read each to its end before asking for the next.

    CSV, TSV, text, JSON Lines, a JSON array, .xlsx and .xls, each also gzipped or as members of
    a zip archive. A wrong ending is read by content, with a note. `known` (field -> headers) is
    what a header row is recognised by.

    Whatever cannot be read inside a container (a member of an archive, one of several worksheets)
    is a sheet with one `Rejected` of line 0, so that it is counted and the others are not lost.

    Raises:
        InputError: an option is wrong or the file as a whole cannot be read; also while rows are
            read, when it is damaged further down. The message names the file and what to do.
    """
    if options.encoding is not None:
        named_encoding(options.encoding)
    if options.delimiter is not None:
        check_delimiter(options.delimiter)
    yield from _sheets(file_source(path), suffix_of(path.name), options, known)


def _sheets(
    source: Source, suffix: str, options: ReadOptions, known: Mapping[str, tuple[str, ...]]
) -> Iterator[Sheet]:
    start = head(source, _HEAD)
    if start.startswith(GZIP_MAGIC):
        source = gunzipped(source)
        start = head(source, _HEAD)
        if start.startswith(GZIP_MAGIC) or _is_plain_archive(source, start):
            raise InputError(f"{source.name}: {_NESTED}")
    elif start and source.name.lower().endswith(".gz"):
        note = "扩展名是“.gz”，内容没有压缩"
        for sheet in _unpacked(source, suffix, options, known):
            yield replace(sheet, notes=(note, *sheet.notes))
        return
    yield from _unpacked(source, suffix, options, known)


def _unpacked(
    source: Source, suffix: str, options: ReadOptions, known: Mapping[str, tuple[str, ...]]
) -> Iterator[Sheet]:
    start = head(source, _HEAD)
    _refuse_other_kinds(source, start)
    if start.startswith(OLE_MAGIC):
        yield from _noted(workbook_sheets(source, options, known), suffix, ".xls")
    elif start.startswith(archives.ZIP_MAGIC):
        kind = _archive_kind(source)
        if kind == ".xlsx":
            yield from _noted(workbook_sheets(source, options, known), suffix, kind)
        elif kind is not None:
            raise InputError(f"{source.name}: 是 {kind} 文件，请另存为 .xlsx 或 .csv")
        else:
            yield from _archive_sheets(source, options, known)
    else:
        sheet = text_sheet(source, suffix, options, known)
        note = () if options.sheet is None else ("不是 Excel 文件，指定的工作表不起作用",)
        yield replace(sheet, notes=(*sheet.notes, *note))


def _refuse_other_kinds(source: Source, start: bytes) -> None:
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise InputError(f"{source.name}: 是{what}，请导出为 CSV、Excel 或 JSONL")
    if start[_TAR] == b"ustar":
        raise InputError(f"{source.name}: 是 tar 压缩包，请先解压再导入")


def _archive_kind(source: Source) -> str | None:
    with archives.open_archive(source) as archive:
        return archives.is_workbook(archive)


def _is_plain_archive(source: Source, start: bytes) -> bool:
    return start.startswith(archives.ZIP_MAGIC) and _archive_kind(source) is None


def _noted(sheets: Iterator[Sheet], suffix: str, kind: str) -> Iterator[Sheet]:
    usual = (".xlsx", ".xlsm") if kind == ".xlsx" else (".xls",)
    note = () if suffix in usual else (f"扩展名是“{suffix}”，内容是 Excel 文件（{kind}）",)
    for sheet in sheets:
        yield replace(sheet, notes=(*note, *sheet.notes))
        note = ()


def _archive_sheets(
    source: Source, options: ReadOptions, known: Mapping[str, tuple[str, ...]]
) -> Iterator[Sheet]:
    with archives.open_archive(source) as archive:
        members = archive.infolist()
    litter = [archives.member_name(member) for member in members if archives.is_litter(member)]
    notes = (f"压缩包里不是数据的没有读：{'、'.join(litter)}",) if litter else ()
    useful = [member for member in members if not archives.is_litter(member)]
    if not useful:
        raise InputError(f"{source.name}: 压缩包里没有文件")
    for member in useful:
        name = f"{source.name}!{archives.member_name(member)}"
        refused = archives.refusal(member)
        inner = archives.member_source(source, member, name)
        found = (part_sheet(name, refused),) if refused else _member_sheets(inner, options, known)
        for sheet in found:
            part = sheet.part or len(useful) > 1
            yield replace(sheet, part=part, notes=(*notes, *sheet.notes))
            notes = ()


def _member_sheets(
    source: Source, options: ReadOptions, known: Mapping[str, tuple[str, ...]]
) -> Iterator[Sheet]:
    """Yield the sheets of one member; what is wrong with it is its own matter."""
    try:
        start = head(source, _HEAD)
        if start.startswith(GZIP_MAGIC) or _is_plain_archive(source, start):
            yield part_sheet(source.name, _NESTED)
            return
        for sheet in _unpacked(source, suffix_of(source.name), options, known):
            yield replace(sheet, rows=guarded(sheet.rows, sheet.name))
    except InputError as error:
        yield part_sheet(source.name, str(error))
