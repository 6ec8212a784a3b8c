"""Where a normalised text may be cut, and the reason for each border."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from feedback_nlp.text.tokens import EMOJI, STICKER, UNBREAKABLE


class Reason(Enum):
    """Why a border is a border. SENTENCE and LIST always cut, the others ask both sides."""

    SENTENCE = auto()
    LIST = auto()
    CONTRAST = auto()
    COMMA = auto()
    SPACE = auto()
    PICTURE = auto()


@dataclass(frozen=True, slots=True)
class Border:
    """The marks between two pieces, half-open; empty where nothing stands between them."""

    start: int
    end: int
    reason: Reason


_HAN = r"\u3400-\u9fff"
_ENDS = r"。｡！？!?；;…⋯\n"
_CLOSERS = r"”’」』）)】》"

_SPECIAL_HAN: Final = "但然一二三四五六七八九十"
"""Han characters that the scanner has to look at; it runs over all others at once."""


def _plain_han() -> str:
    """Return the ranges of Han characters between the special ones, for a character class."""
    edges = [0x33FF, *sorted(map(ord, _SPECIAL_HAN)), 0xA000]
    return "".join(f"{chr(a + 1)}-{chr(b - 1)}" for a, b in pairwise(edges) if a + 1 < b)


# A mark inside a number, a Latin word or a token is no border: those are read first.
_SCAN: Final = re.compile(
    rf"(?P<plain>[{_plain_han()}]+)"
    rf"|(?P<picture>(?:{EMOJI}|{STICKER})+ ?)"
    r"|(?P<list>(?P<edge>\A|(?<=[\s，,、。．！？!?；;…~～：:.）)”]))?(?:"
    r"[（(](?P<bracketed>\d{1,2})[）)]"
    r"|(?<![A-Za-z0-9.第])(?P<number>\d{1,2})(?:[、．)）]|\.)(?![\d.])"
    r"|(?P<circled>[\u2460-\u2473\u2776-\u277f])"
    rf"|(?P<han>[一二三四五六七八九十])(?:[:：.．](?!\d)|、(?![一二三四五六七八九十两]))))"
    rf"|(?P<word>(?:{UNBREAKABLE.pattern})(?P<after> (?=[{_HAN}]))?)"
    rf"|(?P<sentence>(?:[{_ENDS}]|[~～．](?!\d)|\.{{2,}}|(?<=[{_HAN})）”])\.(?![A-Za-z])"
    rf"|(?<=[A-Za-z]{{2}})\.(?=\s|\Z|[{_HAN}]))[{_ENDS}.~～，,、\s{_CLOSERS}]*)"
    r"|(?P<comma>[，,][，,、 ]*)"
    rf"|(?P<space>(?<=[{_HAN}{_CLOSERS}]) (?=[{_HAN}“「『（(【《]|[A-Za-z][A-Za-z0-9.]*[{_HAN}]))"
    rf"|(?P<contrast>(?<=[{_HAN}])(?<![不虽])(?=但是|然而))"
)
_ALWAYS: Final = {"sentence": Reason.SENTENCE, "comma": Reason.COMMA, "space": Reason.SPACE}
_IS_HAN: Final = re.compile(rf"[{_HAN}]")
_PROTECTED: Final = re.compile(
    r"（[^（）\n]{0,30}）|\([^()\n]{0,30}\)|“[^“”\n]{0,30}”|《[^《》\n]{0,30}》|【[^【】\n]{0,30}】"
)


def borders(text: str) -> Iterator[Border]:
    """Yield every border of a normalised text, in order and disjoint.

    Brackets and quotes of up to thirty characters hold no soft border. A list number glued to
    the words before it (房间小2、服务差) counts only if it continues a list.
    """
    shields = (match.span() for match in _PROTECTED.finditer(text))
    shield = next(shields, None)
    last_number = 0
    for match in _SCAN.finditer(text):
        if match.lastgroup == "plain":
            continue
        if match["list"]:
            number = int(match["number"] or match["bracketed"] or 0)
            continues = number > 1 and number == last_number + 1
            at_edge = match["edge"] is not None
            if match["circled"] or at_edge or continues:
                last_number = number or last_number
                yield Border(match.start(), match.start(), Reason.LIST)
            continue
        border = _border(text, match)
        if border is None:
            continue
        while shield is not None and shield[1] <= border.start:
            shield = next(shields, None)
        shielded = shield is not None and shield[0] < border.start
        if not shielded or border.reason is Reason.SENTENCE:
            yield border


def _border(text: str, match: re.Match[str]) -> Border | None:
    """Return the border that a match of the scanner makes, if it makes one."""
    kind = match.lastgroup or ""
    if kind in _ALWAYS:
        return Border(*match.span(), _ALWAYS[kind])
    if match["after"] and _IS_HAN.match(text, match.start() - 1):
        return Border(match.end() - 1, match.end(), Reason.SPACE)
    if kind == "contrast":
        return Border(*match.span(), Reason.CONTRAST)
    if kind == "picture" and _IS_HAN.match(text, match.end()):
        return Border(match.end(), match.end(), Reason.PICTURE)
    return None
