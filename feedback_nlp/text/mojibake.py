"""Text that was decoded with the wrong codec, decoded anew where that is certain.

Chinese turns into `ä¸­æ–‡` (UTF-8 read as Latin-1 or Windows-1252), `ÖÐÎÄ` (GBK read so) or
`鐢ㄦ埛` (UTF-8 read as GBK). All three can be turned back when no byte was lost on the way.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

from feedback_nlp.text.characters import HAN, common_characters, decoded_pairs
from feedback_nlp.text.offsets import Edit
from feedback_nlp.text.script import simplify

_WELL_READ: Final = 0.8
"""Least share of common characters in what a repair gives."""
_ILL_READ: Final = 0.4
"""Most of them in what it replaces, where that is Han too (张婕妤电话 must stay)."""
_MOST_LAYERS: Final = 3
_LEAST_DISTINCT: Final = 3
"""Latin characters that read as GBK must differ: ×××× is a blank that somebody filled in."""


def _latin_bytes() -> dict[str, int]:
    table = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        table.update(dict.fromkeys(bytes((byte,)).decode("cp1252", "ignore"), byte))
    return table


_LATIN_BYTES: Final = _latin_bytes()
"""Windows-1252, and Latin-1 for what that leaves out, as browsers do."""


def _latin(first: int, last: int) -> str:
    """Return a character class: how bytes of this range look in Latin text."""
    found = (re.escape(one) for one, byte in _LATIN_BYTES.items() if first <= byte <= last)
    return f"[{''.join(found)}]"


_REST: Final = _latin(0x80, 0xBF)
_UTF8_AS_LATIN: Final = re.compile(
    rf"(?:{_latin(0xC2, 0xDF)}{_REST}|{_latin(0xE0, 0xEF)}{_REST}{{2}}"
    rf"|{_latin(0xF0, 0xF4)}{_REST}{{3}})+"
)
_GBK_AS_LATIN: Final = re.compile(f"(?:{_latin(0xA1, 0xF7)}{_latin(0xA1, 0xFE)})+")
_LATIN_HINT: Final = re.compile(
    "[\u00a1-\u00ff][\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u2122]"
)

_LEADS: Final = (*range(0xE2, 0xEA), 0xEF)
_TRAILS: Final = range(0x80, 0xC0)


def _gbk(first: Sequence[int], second: Sequence[int]) -> str:
    """Return a character class: how two bytes of these ranges look in GBK text."""
    found = map(re.escape, decoded_pairs("gb18030", first, second))
    return f"[{''.join(sorted(found))}]"


_GBK_HINT: Final = re.compile(_gbk(_LEADS, _TRAILS))


@cache
def _utf8_as_gbk() -> re.Pattern[str]:
    """Return what an even number of Chinese characters look like, and one more if there is one.

    The last one of an odd number takes an ASCII letter with it; where that is a mark its third
    byte is lost, and `?` or U+FFFD says so.
    """
    lead = _gbk(_LEADS, _TRAILS)
    middle, rest = _gbk(_TRAILS, _LEADS), _gbk(_TRAILS, _TRAILS)
    last = _gbk(_TRAILS, range(0x40, 0x7F))
    whole = f"(?:{lead}{middle}{rest})+(?:{lead}{last})?"
    return re.compile(f"(?P<whole>{whole})(?:(?P<torn>{lead}{middle}?)[?\ufffd]{{1,2}})?")


def repair_mojibake(text: str) -> list[Edit]:
    """Decode anew what was decoded with the wrong codec.

    Only where the bytes are strictly valid and the result is clearly better Chinese. A character
    at the end whose last byte is lost becomes U+FFFD. Whatever cannot be repaired stays as it is.
    """
    if _LATIN_HINT.search(text):
        edits = _repaired(text, _UTF8_AS_LATIN, _from_latin_utf8) or _gbk_edits(text)
        if edits:
            return edits
    return _utf8_edits(text) if _GBK_HINT.search(text) else []


def _repaired(
    text: str, garbled: re.Pattern[str], decode: Callable[[str], str | None]
) -> list[Edit]:
    found = ((match, decode(match[0])) for match in garbled.finditer(text))
    return [edit for match, new in found if new for edit in _spread(*match.span(), new)]


def _spread(start: int, end: int, decoded: str) -> Iterator[Edit]:
    """Yield one edit for each decoded character, over as much of the span as its bytes took."""
    sizes = [len(one.encode()) for one in decoded]
    total = sum(sizes)
    edges = [start + (end - start) * size // total for size in accumulate(sizes, initial=0)]
    for one, (first, last) in zip(decoded, pairwise(edges), strict=True):
        yield Edit(first, last, one)


def _from_latin_utf8(run: str) -> str | None:
    for _ in range(_MOST_LAYERS):
        decoded = _decoded(bytes(_LATIN_BYTES[one] for one in run), "utf-8")
        if decoded is None or reads_well(decoded):
            return decoded
        if not _UTF8_AS_LATIN.fullmatch(decoded):
            return None
        run = decoded
    return None


def _gbk_edits(text: str) -> list[Edit]:
    """A single character is repaired only beside a longer run that is."""
    edits = _repaired(text, _GBK_AS_LATIN, _from_latin_gbk)
    longer = any(last.end == following.start for last, following in pairwise(edits))
    return edits if longer else []


def _from_latin_gbk(run: str) -> str | None:
    decoded = _decoded(bytes(_LATIN_BYTES[one] for one in run), "gb2312")
    if decoded is None or not reads_well(decoded) or not HAN.search(decoded):
        return None
    varied = len(set(run)) >= _LEAST_DISTINCT or len(decoded) == 1
    return decoded if varied else None


def _utf8_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for match in _utf8_as_gbk().finditer(text):
        decoded = _from_gbk_utf8(match["whole"])
        if decoded:
            edits += _spread(*match.span("whole"), decoded)
            if match["torn"]:
                rest = match["torn"].encode("gb18030").decode("utf-8", "replace")
                edits.append(Edit(match.start("torn"), match.end(), rest))
    return edits


def _from_gbk_utf8(run: str) -> str | None:
    if common_share(run) > _ILL_READ:
        return None
    for _ in range(_MOST_LAYERS):
        decoded = _decoded(run.encode("gb18030"), "utf-8")
        if decoded is None or reads_well(decoded):
            return decoded
        if not _utf8_as_gbk().fullmatch(decoded):
            return None
        run = decoded
    return None


def _decoded(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


_FITTING: Final = re.compile(
    "[\u0020-\u007e\u00a0\u00b7\u00d7\u2010-\u205e\u20ac\u2100-\u2bff\u3000-\u30ff\ufe0f\uff00-\uffef"
    "\U0001f000-\U0001faff]"
)


def reads_well(text: str) -> bool:
    """Say whether a text looks like Chinese: common characters, their marks, emoji."""
    if not all(HAN.match(one) or _FITTING.match(one) for one in text):
        return False
    return not HAN.search(text) or common_share(text) >= _WELL_READ


def common_share(text: str) -> float:
    """Return the share of common characters, in either script, among all that are not ASCII."""
    foreign = [one for one in simplify(text) if not one.isascii() and not _FITTING.match(one)]
    return sum(one in common_characters() for one in foreign) / max(1, len(foreign))
