"""One part of a container that cannot be read: visible, and no harm to the others."""

from collections.abc import Iterator

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.cells import make_rejected
from feedback_nlp.tabular.sheets import Row, Sheet


def part_sheet(name: str, reason: str) -> Sheet:
    """Return a sheet whose only line, number 0, is rejected with the reason."""
    return Sheet(name, (), iter((_whole_part(name, reason),)))


def guarded(rows: Iterator[Row | Rejected], name: str) -> Iterator[Row | Rejected]:
    """Yield rows; if reading breaks off, the last one is line 0 rejected with the reason."""
    try:
        yield from rows
    except InputError as error:
        yield _whole_part(name, str(error))


def _whole_part(name: str, reason: str) -> Rejected:
    return make_rejected(0, reason.removeprefix(f"{name}: "), "")
