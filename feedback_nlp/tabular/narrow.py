"""Full-width digits, letters and signs -> the narrow ones that parsers read; blanks of any kind."""

import unicodedata
from typing import Final

_ZERO_WIDTH: Final = (0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x2060, 0xFEFF)
_NARROW: Final[dict[int, int | str]] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    **dict.fromkeys(_ZERO_WIDTH, ""),
}
_SHAPELESS: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_JOINED: Final = "\ufe0e\ufe0f\u3164\u2800"
"""Variation selectors and signs that are drawn as nothing."""


def narrow(cell: str) -> str:
    """Return a cell with narrow signs and without blanks around it: `５．０星　` is `5.0星`.

    Marks of the writing direction, which Windows puts into dates, and other signs without any
    shape go too.
    """
    return cell.translate(_NARROW).strip()


def is_blank(text: str) -> bool:
    """Say whether a text shows nothing: white space, control signs, zero-width signs."""
    return all(unicodedata.category(sign) in _SHAPELESS or sign in _JOINED for sign in text)
