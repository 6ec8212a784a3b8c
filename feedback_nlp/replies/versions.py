"""Which of two versions of an app is older, as far as their numbers tell."""

import re
from typing import Final

_NUMBERS: Final = re.compile(r"[vV]?(\d{1,9}(?:\.\d{1,9})*)")


def is_older(version: str | None, other: str | None) -> bool:
    """Say that `version` surely came before `other`: 8.1.9 before 8.2; False when nobody knows."""
    mine, theirs = _parts(version), _parts(other)
    if mine is None or theirs is None:
        return False
    length = max(len(mine), len(theirs))
    return _padded(mine, length) < _padded(theirs, length)


def _parts(version: str | None) -> tuple[int, ...] | None:
    found = _NUMBERS.fullmatch(version.strip()) if version else None
    return tuple(map(int, found[1].split("."))) if found else None


def _padded(parts: tuple[int, ...], length: int) -> tuple[int, ...]:
    return parts + (0,) * (length - len(parts))
