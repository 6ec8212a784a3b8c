"""Traditional to simplified characters, by OpenCC, with the edits that OpenCC does not give."""

from difflib import SequenceMatcher
from functools import cache
from typing import Final

from opencc import OpenCC

from feedback_nlp.text.offsets import Edit

_BLOCKS: Final = ((0x2E80, 0x2FE0), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def traditional_characters() -> frozenset[str]:
    """Return every character that OpenCC changes when it stands alone."""
    alone = "\n".join(chr(code) for first, end in _BLOCKS for code in range(first, end))
    converted = _converter().convert(alone)
    pairs = zip(alone.split("\n"), converted.split("\n"), strict=True)
    return frozenset(before for before, after in pairs if before != after)


def simplify(text: str) -> str:
    """Convert to simplified script until nothing changes any more.

    OpenCC keeps some characters inside phrases (陳昇 gives 陈昇) whose result it would convert
    again (陈升); going on to the end makes the conversion idempotent. Text without any
    traditional character is left alone: OpenCC's phrases would turn 打坏了 into 打坯了.
    """
    while not traditional_characters().isdisjoint(text):
        converted: str = _converter().convert(text)
        if converted == text:
            break
        text = converted
    return text


def align(before: str, after: str) -> list[Edit]:
    """Return the edits that turn `before` into `after`.

    Characters of a conversion of equal length map one to one. Otherwise only the parts that
    differ in length become edits of their own.
    """
    if before == after:
        return []
    if len(before) == len(after):
        return [Edit(0, len(before), after)]
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Edit(i1, i2, after[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
