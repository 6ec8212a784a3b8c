"""谐音, 拆字 and abbreviations, spelled as the words they stand for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.offsets import Edit
from feedback_nlp.text.tokens import ATOM

SLANG: Final = "slang@2026-11-22.txt"

_LATIN: Final = re.compile("[a-z0-9]", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Slang:
    """One line of the lexicon."""

    variant: str
    """As written, Latin letters small; letters and digits never continue beyond it."""
    usual: str
    unless: tuple[str, ...] = ()
    """Longer words with the variant in them that stay as they are."""


@cache
def slang() -> tuple[Slang, ...]:
    """Return the lexicon, in file order."""
    rows = [line.split("\t") for line in lexicon(SLANG)]
    return tuple(Slang(row[0], row[1], tuple(row[2].split()) if row[2:] else ()) for row in rows)


_Entries = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """The lexicon by the first two characters of what it looks for."""

    begins: re.Pattern[str]
    """A character that could begin an entry, by the one that follows it."""
    entries: dict[str, _Entries]
    """First two characters, or the only one -> (as written, usual spelling), longest first;
    exceptions stand for themselves."""


@cache
def _index() -> _Index:
    usual_of = {word: word for entry in slang() for word in entry.unless}
    usual_of.update((entry.variant, entry.usual) for entry in slang())
    entries: dict[str, _Entries] = {}
    for written, usual in sorted(usual_of.items(), key=_longest_first):
        pair = written[:2]
        entries[pair] = (*entries.get(pair, ()), (written, usual))
    for pair in [pair for pair in entries if pair[:1] in entries and pair[1:]]:
        entries[pair] += entries[pair[:1]]
    firsts = _either_case(pair[0] for pair in entries if pair[1:])
    seconds = _either_case(pair[1] for pair in entries if pair[1:])
    alone = _either_case(pair for pair in entries if not pair[1:])
    return _Index(re.compile(f"[{firsts}](?=[{seconds}])|[{alone}]"), entries)


def _longest_first(item: tuple[str, str]) -> tuple[int, str]:
    return -len(item[0]), item[0]


def _either_case(characters: Iterable[str]) -> str:
    both = {case for one in characters for case in (one, one.upper())}
    return "".join(map(re.escape, sorted(both)))


def spell_out_slang(text: str) -> list[Edit]:
    """Put the usual spelling in place of the lexicon's variants; expects simplified script."""
    index = _index()
    edits: list[Edit] = []
    position = 0
    for match in index.begins.finditer(text):
        start = match.start()
        if start < position:
            continue
        pair = text[start : start + 2].lower()
        entries = index.entries.get(pair) or index.entries.get(pair[:1])
        found = _standing_at(text, start, entries) if entries else None
        if found:
            written, usual = found
            position = start + len(written)
            if usual != written:
                edits.append(Edit(start, position, usual))
    return _outside_atoms(text, edits) if edits else edits


def _standing_at(text: str, start: int, entries: _Entries) -> tuple[str, str] | None:
    """Return the longest of some entries that stands at `start`."""
    for written, usual in entries:
        end = start + len(written)
        if text[start:end].lower() == written and not _continues(text, start, end):
            return written, usual
    return None


def _continues(text: str, start: int, end: int) -> bool:
    """Say whether a Latin word or number goes on beyond one side of a span."""
    before = start > 0 and _LATIN.match(text[start]) and _LATIN.match(text[start - 1])
    after = end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end])
    return bool(before or after)


def _outside_atoms(text: str, edits: list[Edit]) -> list[Edit]:
    """Return the edits that touch no emoji, sticker or `<url>`."""
    atoms = [atom.span() for atom in ATOM.finditer(text)]
    return [
        edit
        for edit in edits
        if not any(first < edit.end and edit.start < last for first, last in atoms)
    ]
