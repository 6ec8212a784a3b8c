"""How the cells of a delimited text are laid out: its delimiter and where its header stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.cells import MAX_COLUMNS, shorten, storable
from feedback_nlp.tabular.columns import plain_header
from feedback_nlp.tabular.csv_rows import Record, csv_records

NO_DELIMITER: Final = "\ufdd0"
"""Of a text of one column: no character at all in Unicode, so that a line is one cell."""
NAMES: Final[Mapping[str, str]] = {
    ",": "逗号", ";": "分号", "\t": "制表符", "|": "竖线", "，": "中文逗号", "；": "中文分号",
    NO_DELIMITER: "无（只有一列）",
}  # fmt: skip
CANDIDATES: Final = (",", "\t", ";", "|", "，", "；")
SEARCHED: Final = 10
"""Records among which the header may stand."""
_LOOKED_AT: Final = 60
_CONSISTENT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found out about a delimited text from its first records."""

    delimiter: str
    header_at: int
    """Index of the header among the records, blank ones counted."""
    hits: int = 0
    """How many known headers stand in it."""
    notes: tuple[str, ...] = ()


def find_layout(
    lines: Sequence[str], known: Collection[str], delimiter: str | None = None
) -> Layout:
    """Find the delimiter and the header in the first lines of a text.

    The delimiter under which most known headers stand in one row wins; where no header is known,
    the one that cuts the first records into the same number of cells, at least two; otherwise a
    comma if the header holds one. `known` are headers as `plain_header` writes them.
    """
    said = _said_by_excel(lines)
    if delimiter or said:
        return _with_header(lines, known, delimiter or said or ",")
    tried = [(_evidence(lines, known, sign), sign) for sign in CANDIDATES]
    best, chosen = max(tried, key=_first_part)  # Of equal ones the first.
    if best < (1, 0.0) and best[1] < _CONSISTENT:
        chosen = ","
    layout = _with_header(lines, known, chosen)
    if _width(lines, layout) == 1:
        return replace(layout, delimiter=NO_DELIMITER)
    if chosen == ",":
        return layout
    return replace(layout, notes=(f"分隔符：{NAMES[chosen]}", *layout.notes))


def check_delimiter(written: str) -> str:
    r"""Return what a person gave as delimiter; `\t` and `tab` mean a tab.

    Raises:
        InputError: not exactly one character, or one that cannot stand between cells.
    """
    sign = {"\\t": "\t", "tab": "\t"}.get(written.lower(), written)
    if len(sign) != 1 or sign in '"\r\n\0\ufeff' or "\ud800" <= sign <= "\udfff":
        raise InputError(f"分隔符“{storable(written)}”不能用，请给出一个字符，例如 , ; | 或 tab")
    return sign


def header_place(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Return which of the first rows is the header: the first, unless titles stand above it.

    Rows above a header row hold no known header themselves, unless they are the groups of a
    header of two lines: it then holds more. It has at least two known ones, or one if all above
    is one cell wide. Blank rows at the beginning are no header either.
    """
    first = next((place for place, cells in enumerate(rows) if cells), 0)
    hits = [_hits(cells, known) for cells in rows[:SEARCHED]]
    for place, found in enumerate(hits):
        above = max((_filled(cells) for cells in rows[:place]), default=0)
        if found > 1 or (found == 1 and (place == first or above <= 1)):
            below = max(hits[place + 1 : place + 2], default=0)
            return place + 1 if below > found else place
        if found:
            break
    return first


def describe_titles(titles: Iterable[str]) -> str:
    """Say, in Chinese, which lines above the header were no data."""
    shown = [storable(shorten(title.strip())) for title in titles if title.strip()]
    return f"表头之前的 {len(shown)} 行不是数据：{'；'.join(shown)}"


def _first_part(tried: tuple[tuple[int, float], str]) -> tuple[int, float]:
    return tried[0]


def _said_by_excel(lines: Sequence[str]) -> str | None:
    """Return the sign of a first line `sep=;`, as Excel writes it."""
    first = lines[0].strip("\r\n").strip('"') if lines else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else None  # noqa: PLR2004


def _evidence(lines: Sequence[str], known: Collection[str], sign: str) -> tuple[int, float]:
    """Return the number of known headers and the share of records as wide as the header."""
    rows = [cells for _, _, cells in _first_records(lines, sign) if isinstance(cells, list)]
    if not rows:
        return 0, 0.0
    place = header_place(rows, known)
    width = len(rows[place])
    if width == 1:
        return _hits(rows[place], known), 0.0
    others = [cells for cells in rows[place + 1 :] if cells]
    same = sum(len(cells) == width for cells in others) / len(others) if others else 1.0
    return _hits(rows[place], known), same


def _with_header(lines: Sequence[str], known: Collection[str], sign: str) -> Layout:
    records = list(_first_records(lines, sign))
    rows = [cells if isinstance(cells, list) else [] for _, _, cells in records]
    if _said_by_excel(lines) and rows:
        rows[0] = []
    place = header_place(rows, known)
    broken = [at for at, (_, _, cells) in enumerate(records) if not isinstance(cells, list)]
    if broken and broken[0] < place and not _hits(rows[place], known):
        return Layout(sign, broken[0])  # Most likely this is the header.
    titles = [
        raw
        for (_, raw, cells), row in zip(records[:place], rows, strict=False)
        if _filled(row) or (raw.strip() and not isinstance(cells, list))
    ]
    hits = _hits(rows[place], known) if rows else 0
    return Layout(sign, place, hits, (describe_titles(titles),) if titles else ())


def _width(lines: Sequence[str], layout: Layout) -> int:
    record = next(islice(_first_records(lines, layout.delimiter), layout.header_at, None), None)
    return len(record[2]) if record and isinstance(record[2], list) else 0


def _first_records(lines: Sequence[str], sign: str) -> Iterable[Record]:
    return islice(csv_records(lines, sign), _LOOKED_AT)


def _hits(cells: Sequence[str], known: Collection[str]) -> int:
    return len({plain_header(cell) for cell in cells[:MAX_COLUMNS]}.intersection(known))


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)
