"""How numbers, dates and foreign words look to a person; the same in every file."""

import re
from datetime import date
from typing import Final

QUOTE_LENGTH: Final = 120
"""Characters of a quote shown in the report; the whole text is in `opinions.jsonl`."""
NAME_LENGTH: Final = 40
_BIDI_CONTROLS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_JOINERS: Final = "\u200d\ufe0f"


def clip(text: str, length: int) -> str:
    """Return the text on one line, at most `length` characters, `…` where it was cut.

    Drops marks that switch the writing direction: one left open would turn our own words round.
    """
    line = " ".join(_BIDI_CONTROLS.sub("", text).split())
    return line if len(line) <= length else line[: length - 1].rstrip(_JOINERS + " ") + "…"


def number(value: float) -> str:
    """Write a number with thousands separators and no trailing zeros: `1,116.5`."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Write a share in [0, 1] as percent with at most one decimal: `12.3%`."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def chinese_date(day: date) -> str:
    """Write a day in full: `2026年9月1日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_span(first: date, last: date) -> str:
    """Write a span of days, the year only where it is needed: `2026年9月1日—14日`."""
    if first == last:
        return chinese_date(first)
    if first.year != last.year:
        return f"{chinese_date(first)}—{chinese_date(last)}"
    if first.month != last.month:
        return f"{chinese_date(first)}—{last.month}月{last.day}日"
    return f"{chinese_date(first)}—{last.day}日"
