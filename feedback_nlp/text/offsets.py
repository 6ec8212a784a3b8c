"""Edits on a text, and the offset map that leads back to where each character came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the half-open span of a text; an empty replacement drops it."""

    start: int
    end: int
    replacement: str = ""


def apply_edits(
    text: str, offsets: Sequence[int], edits: Sequence[Edit]
) -> tuple[str, tuple[int, ...]]:
    """Return the edited text and its offset map into the same original.

    `edits` are ordered and disjoint. A replacement of the same length maps character by
    character; in any other each character maps to the beginning of what it replaces, so a span
    can never begin inside a token such as `<url>`.
    """
    parts: list[str] = []
    mapped: list[int] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.replacement)
        mapped += offsets[position : edit.start]
        if len(edit.replacement) == edit.end - edit.start:
            mapped += offsets[edit.start : edit.end]
        else:
            mapped += [offsets[edit.start]] * len(edit.replacement)
        position = edit.end
    parts.append(text[position:])
    mapped += offsets[position:]
    return "".join(parts), tuple(mapped)


def gaps(kept: Sequence[tuple[int, int]], length: int) -> Iterator[Edit]:
    """Yield the edits that drop everything outside the kept spans."""
    edges = [(0, 0), *kept, (length, length)]
    for (_, end), (start, _) in pairwise(edges):
        if start > end:
            yield Edit(end, start)
