"""What a Chinese name is made of, and where one that begins a run of Han characters ends."""

import re
from functools import cache
from typing import Final

from feedback_nlp.privacy import lexicon

TITLES: Final = r"先生|女士|小姐(?!姐)|同学|阿姨|师傅|老师|太太"
_TITLE = re.compile(TITLES)
_TALK = re.compile(r"[不没在也还就都的了过着吗呢吧到掉丢错改会能有]")
"""Characters that talk holds and names do not (姓名花了, 联系人丢了)."""
_LONGEST_GIVEN: Final = 2
_LONGEST_MINORITY_NAME: Final = 8


def surname_length(run: str, *, weak: bool) -> int:
    """Return the length of the surname that a run begins with, or 0.

    `weak`: also surnames that are everyday words (于, 和, 时).
    """
    strong = lexicon.words(lexicon.SURNAMES)
    if run[:2] in strong:
        return 2
    return int(run[:1] in strong or (weak and run[:1] in lexicon.words(lexicon.WEAK_SURNAMES)))


def surname_before(text: str, end: int) -> int | None:
    """Return where the surname that ends at `end` begins, if one does."""
    strong = lexicon.words(lexicon.SURNAMES)
    for length in (2, 1):
        if end >= length and text[end - length : end] in strong:
            return end - length
    return None


def is_plausible(name: str) -> bool:
    """Say whether all of `name` looks like one: surname, given characters, and no other word."""
    surname = surname_length(name, weak=False)
    return surname > 0 and _is_given(name, surname) and not _is_other_word(name)


def name_length(run: str, *, marked: bool, loose: bool) -> int:
    """Return how many characters of a run of Han after a cue are a name; 0 for none.

    `marked`: a colon, a space or 是 stands between the two. `loose`: the cue alone says little.
    A whole run of the right length is a name after a clear cue; a longer one only up to a word that
    follows names, or else if its characters are common in given names.
    """
    surname = surname_length(run, weak=marked)
    if not surname or _TITLE.match(run, surname):
        return surname
    longest = surname + _LONGEST_GIVEN
    whole = surname < len(run) <= longest
    if _is_other_word(run) and not (marked and whole):
        return 0
    firm = marked or not (loose or _TALK.search(run))
    if whole and (firm or _is_given(run, surname)):
        return len(run)
    for length in (longest, surname + 1):
        if loose and length < longest and run.startswith("的", length):
            continue
        if _is_given(run[:length], surname) and _after_names().match(run, length):
            return length
    if loose:
        return 0
    lengths = (longest, surname + 1) if marked else (longest,)
    return next((n for n in lengths if _is_given(run[:n], surname)), 0)


def is_minority_name(run: str) -> bool:
    """Say whether a run holds a part of Uyghur, Tibetan, Mongolian or similar names."""
    parts = lexicon.words(lexicon.MINORITY_NAMES)
    return len(run) <= _LONGEST_MINORITY_NAME and any(part in run for part in parts)


def _is_given(name: str, surname: int) -> bool:
    known = lexicon.characters(lexicon.GIVEN_NAME_CHARACTERS)
    return len(name) > surname and all(character in known for character in name[surname:])


def _is_other_word(run: str) -> bool:
    stops = lexicon.words(lexicon.NOT_NAMES)
    return run[:2] in stops or run[:3] in stops


@cache
def _after_names() -> re.Pattern[str]:
    entries = sorted(lexicon.words(lexicon.AFTER_NAMES), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, entries)))
