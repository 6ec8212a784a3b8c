"""The dated word lists of this room, compiled."""

import re
from functools import cache
from importlib import resources
from typing import Final

_DATE: Final = "2026-11-22"
_NAMES: Final = (
    "default_praise",
    "templates",
    "padding",
    "particles",
    "contacts",
    "offers",
    "lures",
    "objections",
    "come_ons",
    "mash",
)
LEXICON_VERSION: Final = f"quarantine@{_DATE}"
"""Date of the word lists in use; part of every run's record."""


@cache
def entries(name: str) -> tuple[str, ...]:
    """Return the lines of a lexicon in file order; `#` begins a comment line."""
    path = resources.files("feedback_nlp.quarantine") / "lexicons" / f"{name}@{_DATE}.txt"
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def any_of(name: str) -> re.Pattern[str]:
    """Return a pattern that finds any entry of a lexicon of expressions."""
    return re.compile("|".join(f"(?:{entry})" for entry in entries(name)))


@cache
def only(*names: str) -> re.Pattern[str]:
    """Return a pattern that `fullmatch`es a run of entries of these lexicons and nothing else."""
    # Possessive, so that a long text that fails at its end is not parsed in every other way.
    return re.compile("(?:" + "|".join(any_of(name).pattern for name in names) + ")++")
