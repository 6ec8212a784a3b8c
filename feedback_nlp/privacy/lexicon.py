"""The dated word lists of this room, each read once, on first use."""

from functools import cache
from importlib import resources
from typing import Final

SURNAMES: Final = "surnames@2026-11-22.txt"
WEAK_SURNAMES: Final = "weak_surnames@2026-11-22.txt"
GIVEN_NAME_CHARACTERS: Final = "given_name_characters@2026-11-22.txt"
NOT_NAMES: Final = "not_names@2026-11-22.txt"
AFTER_NAMES: Final = "after_names@2026-11-22.txt"
TRADITIONAL: Final = "traditional@2026-11-22.txt"
MINORITY_NAMES: Final = "minority_names@2026-11-22.txt"
ADDRESS_NOUNS: Final = "address_nouns@2026-11-22.txt"
LEXICONS: Final = (
    SURNAMES,
    WEAK_SURNAMES,
    GIVEN_NAME_CHARACTERS,
    NOT_NAMES,
    AFTER_NAMES,
    TRADITIONAL,
    MINORITY_NAMES,
    ADDRESS_NOUNS,
)


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of a lexicon file: white space separates, `#` begins a comment line."""
    return frozenset(word for line in _lines(name) for word in line.split())


@cache
def groups(name: str) -> dict[str, tuple[str, ...]]:
    """Return the entries of a lexicon file with `[group]` lines, by group, in file order."""
    entries: dict[str, tuple[str, ...]] = {}
    group = ""
    for line in _lines(name):
        if line.startswith("["):
            group = line.strip("[]")
        else:
            entries[group] = entries.get(group, ()) + tuple(line.split())
    return entries


@cache
def characters(name: str) -> frozenset[str]:
    """Return the single characters that the entries of a lexicon file are made of."""
    return frozenset("".join(words(name)))


def _lines(name: str) -> list[str]:
    path = resources.files("feedback_nlp.privacy") / "lexicons" / name
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
