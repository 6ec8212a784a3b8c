"""A text in, the same text with personal data replaced at equal length out."""

from collections.abc import Iterator
from typing import Final

from feedback_nlp.privacy.fold import fold
from feedback_nlp.privacy.found import Found, Masked
from feedback_nlp.privacy.kinds import KINDS

FILLER: Final = "*"

_RANK: Final = {kind.code: rank for rank, kind in enumerate(KINDS)}
_BY_HINT: Final = tuple(
    (hint, tuple(kind for kind in KINDS if kind.hint is hint))
    for hint in dict.fromkeys(kind.hint for kind in KINDS)
)


def mask(text: str) -> Masked:
    """Replace every code point of personal data in `text` by the filler.

    Cue words stay (手机号：***********). Where finds overlap, they become one find that covers
    them all, so nothing found stays readable; its kind is that of the longest, then of the one
    first in `KINDS`. What already holds a filler, such as `138****5678`, is left alone. Keeps
    the length in code points, is idempotent, and never raises.
    """
    shadow = fold(text)
    finds = _finds(shadow)
    if not finds:
        return Masked(text)
    found: list[Found] = []
    # Masking may part what hid something else, so the text is read again until nothing is left.
    while finds:
        fresh = _merge(finds)
        shadow = _fill(shadow, fresh)
        found += fresh
        finds = _finds(shadow)
    found.sort(key=_by_place)
    return Masked(_fill(text, found), tuple(found))


def _finds(shadow: str) -> list[Found]:
    finds: list[Found] = []
    for hint, kinds in _BY_HINT:
        if hint.search(shadow) is None:
            continue
        for kind in kinds:
            finds += (
                Found(kind.code, start, end)
                for start, end in kind.find(shadow)
                if FILLER not in shadow[start:end] and not shadow[start:end].isspace()
            )
    return finds


def _merge(finds: list[Found]) -> list[Found]:
    """Join finds that overlap, in order of place."""
    merged: list[Found] = []
    for each in sorted(finds, key=_by_place):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            winner = min(last, each, key=_by_strength)
            merged[-1] = Found(winner.kind, last.start, max(last.end, each.end))
        else:
            merged.append(each)
    return merged


def _by_place(each: Found) -> tuple[int, int]:
    return each.start, each.end


def _by_strength(each: Found) -> tuple[int, int]:
    return each.start - each.end, _RANK[each.kind]


def _fill(text: str, found: list[Found]) -> str:
    return "".join(_pieces(text, found))


def _pieces(text: str, found: list[Found]) -> Iterator[str]:
    position = 0
    for each in found:
        yield text[position : each.start]
        yield FILLER * (each.end - each.start)
        position = each.end
    yield text[position:]
