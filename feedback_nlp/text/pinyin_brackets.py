"""Readings that document sites put behind characters: 產(chǎn)品 becomes 產品.

Only single characters are looked up, so pypinyin's heteronyms are all that is needed. It takes
0.3 s and 57 MB to load and is loaded with the first bracket that looks like a reading.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from feedback_nlp.text.characters import HAN
from feedback_nlp.text.offsets import Edit

TONED: Final = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒ"
_TONE_MARKS: Final = "\u0300\u0301\u0304\u030c"
_LETTER: Final = rf"[a-zA-ZüÜɑɡ{TONED}{_TONE_MARKS}\u0308]"
_BRACKET: Final = re.compile(
    rf"[(（] ?(?P<reading>{_LETTER}{{1,8}}[1-5]?(?:[ '’·-]{_LETTER}{{1,8}}[1-5]?){{0,3}}) ?[)）]"
)
_PARTS: Final = re.compile(r"[ '’·-]")
_SYLLABLE: Final = re.compile(
    r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:i?ang?|i?ao|i?ong|uang?|u?ai|[iuv]?e|e[inr]|eng|i(?:an|n|ng|a|u)?|ou|u[aino]?|v(?:an|n)?|[ao])"
    r"|[hm]?[mn]g?"
)
_SHORTEST_WITHOUT_TONE: Final = 2


def drop_pinyin(text: str) -> list[Edit]:
    """Drop a bracket that holds nothing but the reading of what stands before it.

    The tone need not be right (不(bú)). Without any tone the reading must be in small letters and
    longer than one. A toned syllable behind something that has no reading stands for a character
    that was lost with it: F(xiàn)≥10次 becomes F≥10次. Everything else in brackets stays.
    """
    if "(" not in text and "（" not in text:
        return []
    return [
        Edit(*match.span())
        for match in _BRACKET.finditer(text)
        if _is_annotation(text, match.start(), match["reading"])
    ]


def _is_annotation(text: str, start: int, written: str) -> bool:
    """Say whether what is written in a bracket at `start` reads the characters before it."""
    parts = [_toneless(part) for part in _PARTS.split(written)]
    if not all(map(_SYLLABLE.fullmatch, parts)):
        return False
    bases = text[max(0, start - len(parts)) : start]
    toned = any(mark in unicodedata.normalize("NFD", written) for mark in _TONE_MARKS)
    if not bases or not HAN.match(bases[-1]):
        return toned and len(parts) == 1 and bool(HAN.search(text))
    if not toned and not written[-1].isdigit():
        plain = written.islower() and min(map(len, parts)) >= _SHORTEST_WITHOUT_TONE
        if not plain:
            return False
    return len(bases) == len(parts) and all(
        part in _readings(base) for base, part in zip(bases, parts, strict=True)
    )


@lru_cache(maxsize=8192)
def _readings(character: str) -> frozenset[str]:
    """Return every reading of a character, in either script, without tones."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 (see the module's docstring)

    found = pinyin(character, style=Style.TONE, heteronym=True, errors="ignore")
    return frozenset(_toneless(reading) for readings in found for reading in readings)


def _toneless(syllable: str) -> str:
    """Return a syllable in small letters without tone, ü as v."""
    decomposed = unicodedata.normalize("NFD", syllable.lower().rstrip("12345"))
    decomposed = decomposed.replace("ɑ", "a").replace("ɡ", "g").replace("u\u0308", "v")
    return "".join(letter for letter in decomposed if letter not in _TONE_MARKS)
