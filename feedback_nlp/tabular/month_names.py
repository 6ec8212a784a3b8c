"""English dates with the name of the month: no order of day and month has to be guessed."""

import re
from typing import Final

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NAME: Final = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY: Final = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_REST: Final = r"(?:,?\s+(?:at\s+)?(?P<rest>\d.*))?"
_ORDERS: Final = tuple(
    re.compile(_WEEKDAY + order, re.IGNORECASE | re.ASCII)
    for order in (
        rf"{_NAME}\s+{_DAY},?\s+(?P<year>\d{{4}}){_REST}",
        rf"{_DAY}[\s-]{_NAME}[\s-](?P<year>\d{{4}}){_REST}",
        rf"(?P<year>\d{{4}})[\s-]{_NAME}[\s-]{_DAY}{_REST}",
        rf"{_NAME}\s+{_DAY}\s+(?P<rest>[\d:]+(?:\s+[+-]\d{{4}}|\s+(?:UTC|GMT))?)\s+(?P<year>\d{{4}})",
    )
)


def year_first(written: str) -> str:
    """Write `Mar 1, 2026 3:05 PM` as `2026-3-1 3:05 PM`; anything else stays as it is."""
    for order in _ORDERS:
        match = order.fullmatch(written)
        if match is not None:
            month = 1 + _MONTHS.index(match["month"].lower())
            return f"{match['year']}-{month}-{match['day']} {match['rest'] or ''}".strip()
    return written
