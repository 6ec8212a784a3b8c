"""Which Han characters are in common use, by the character sets of three standards.

Python's codecs hold the sets, so no list of our own has to be kept.
Source: GB/T 2312-1980 (level 1: the 3,755 commonest simplified characters), Big5 (level 1: 5,401
traditional ones), JIS X 0208 (level 1: 2,965 Japanese ones).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from feedback_nlp.text.lexicon import lexicon

RARE_BUT_USED: Final = "rare_characters@2026-11-22.txt"
HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def decoded_pairs(codec: str, first: Iterable[int], second: Sequence[int]) -> frozenset[str]:
    """Return every character that `codec` has for two bytes of these ranges."""
    pairs = (bytes((a, b)).decode(codec, "ignore") for a in first for b in second)
    return frozenset(pair for pair in pairs if len(pair) == 1)


@cache
def common_characters() -> frozenset[str]:
    """Return the characters of level 1 of GB/T 2312."""
    return decoded_pairs("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))


@cache
def known_characters() -> frozenset[str]:
    """Return the characters that people write today, in either script or in Japanese.

    Beside the sets of the standards these are rarer ones of names, dialects and playful writing.
    """
    ranges = (
        ("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)),
        ("big5", range(0xA4, 0xC7), range(0x40, 0xFF)),
        ("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)),
    )
    sets = (decoded_pairs(codec, first, second) for codec, first, second in ranges)
    return frozenset("".join(lexicon(RARE_BUT_USED))).union(*sets)
