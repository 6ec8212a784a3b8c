"""The shadow of a text that all finders read: same length, one way of writing things.

Never stored and never shown: only spans leave it. `，！？；` stay as they are: they end a URL.
"""

import re
from functools import cache
from typing import Final

from feedback_nlp.privacy import lexicon

_SENTENCE_MARKS: Final = "！，；？"
_FULL_WIDTH: Final = {
    0xFF01 + i: chr(0x21 + i) for i in range(94) if chr(0xFF01 + i) not in _SENTENCE_MARKS
}
_SIGNS: Final = {
    **dict.fromkeys((0x3000, 0xA0, 0x200B, 0x200C, 0x200D, 0xFEFF, 0xFE0F, 0x20E3, 0x09), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣─"), "-"),
    **dict.fromkeys(map(ord, "•‧・∙●"), "·"),
    ord("￥"): "¥",
    ord("﹫"): "@",
    ord("【"): "[",
    ord("】"): "]",
}
_ROUND_DIGITS: Final = {
    **{0x2460 + i: str(i + 1) for i in range(9)},
    0x24EA: "0",
    **{0x1D7CE + i: str(i % 10) for i in range(50)},
}

_LIST_MARK: Final = re.compile(r"(?:(?<!\d)|(?<=\d{7}))[①-⑨](?=1[3-9]\d{9}|0\d{2,3}[ -]?\d{7})")
"""①13800000000②…: the mark of a list is no digit of the number behind it."""

HAN_DIGITS: Final = str.maketrans(
    "零〇○洞一幺妖壹二两贰三叁四肆五伍六陆七柒八捌九玖", "0000111122233445566778899"
)
"""Han digits to ASCII, one to one; only finders of spelt-out numbers use it."""


def fold(text: str) -> str:
    """Return the shadow of `text`: width, dashes, spaces and some traditional characters folded.

    One code point for each code point, and idempotent.
    """
    table, needed = _table()
    return _LIST_MARK.sub(" ", text).translate(table) if needed.search(text) else text


@cache
def _table() -> tuple[dict[int, str], re.Pattern[str]]:
    """Return the folding of each code point, and a pattern for texts that it changes."""
    traditional = {ord(pair[0]): pair[1] for pair in lexicon.words(lexicon.TRADITIONAL)}
    table = {**traditional, **_FULL_WIDTH, **_SIGNS, **_ROUND_DIGITS}
    return table, re.compile(f"[{''.join(map(re.escape, map(chr, table)))}]")
