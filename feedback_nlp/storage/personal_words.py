"""The words of one person, and how they are taken out of texts that quote or repeat them."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from feedback_nlp.text.normalize import normalize

REMOVED: Final = "【已删除】"
"""Stands where somebody's words stood."""

RUN: Final = 8
"""Letters in a row that a longer text shares with the person's before they count as copied."""

_HEAD: Final = "："
"""Ends the topic in a theme's name; the words behind it are a user's."""
_MARKS: Final = re.compile(r"[\W_]+")

Shared = Callable[[str], bool]
"""Says whether somebody else, whose words stay, says this too."""


def nobody_else(_words: str) -> bool:
    """Say that all words are the person's alone."""
    return False


@dataclass(frozen=True)
class PersonalWords:
    """Everything that one person wrote."""

    texts: frozenset[str]

    def hold(self, words: str) -> bool:
        """Say whether the person wrote this, whatever the marks, the case and the width."""
        squeezed = squeeze(words)
        return bool(squeezed) and squeezed in self._squeezed

    def strike(self, text: str, shared: Shared) -> str:
        """Return `text` with the person's words replaced, unless others say them as well.

        Theirs are the clause behind the colon of a theme's name, perhaps cut short, and any long
        enough run of letters that they wrote too.
        """
        head, colon, words = text.rpartition(_HEAD)
        words = words.removesuffix("…")
        if colon and self.hold(words) and not shared(words):
            return f"{head}{colon}{REMOVED}"
        return self._strike_runs(text, shared)

    def strike_all(self, value: Any, shared: Shared) -> Any:  # noqa: ANN401 (anything JSON can hold)
        """Return a JSON value with `strike` applied to every string in it."""
        if isinstance(value, str):
            return self.strike(value, shared)
        if isinstance(value, dict):
            return {key: self.strike_all(each, shared) for key, each in value.items()}
        if isinstance(value, list):
            return [self.strike_all(each, shared) for each in value]
        return value

    @cached_property
    def _squeezed(self) -> str:
        return "\n".join(sorted(filter(None, map(squeeze, self.texts))))

    @cached_property
    def _runs(self) -> frozenset[str]:
        return frozenset(
            text[start : start + RUN]
            for text in self.texts
            for start in range(len(text) - RUN + 1)
            if _is_wordy(text[start : start + RUN])
        )

    def _strike_runs(self, text: str, shared: Shared) -> str:
        starts = [i for i in range(len(text) - RUN + 1) if text[i : i + RUN] in self._runs]
        pieces, done = list[str](), 0
        for start, end in _joined(starts):
            if not shared(text[start:end]):
                pieces += [text[done:start], REMOVED]
                done = end
        return "".join([*pieces, text[done:]])


def squeeze(text: str) -> str:
    """Return the letters and digits of the analysis form, in lower case and nothing else."""
    return _MARKS.sub("", normalize(text).text.lower())


def cells_of(raw: str) -> frozenset[str]:
    """Return the cells of a rejected line: the strings of its JSON, or what commas part."""
    try:
        return frozenset(_strings(json.loads(raw)))
    except (ValueError, RecursionError):
        return frozenset(cell.strip().strip('"') for cell in re.split(r"[,;\t\r\n]", raw))


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif value is not None:
        yield str(value).strip()


def _is_wordy(run: str) -> bool:
    # Not a row of mask characters, stars or dots.
    return sum(letter.isalnum() for letter in run) > RUN // 2


def _joined(starts: Iterable[int]) -> list[tuple[int, int]]:
    """Join overlapping runs to half-open spans."""
    spans: list[tuple[int, int]] = []
    for start in starts:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], start + RUN)
        else:
            spans.append((start, start + RUN))
    return spans
