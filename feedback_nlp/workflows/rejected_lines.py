"""Rejected lines: what they hold, whom they name, and how they are masked before they are kept."""

import json
import re
from dataclasses import replace
from typing import Any, Final

from feedback_nlp.privacy.cells import mask_cell
from feedback_nlp.privacy.mask import FILLER, mask
from feedback_nlp.privacy.pseudonym import as_pseudonym, is_pseudonym
from feedback_nlp.records import Rejected

_LONE: Final = re.compile("[\ud800-\udfff]")
"""Halves of characters: no output can print them, but JSON can name them."""
DEEPEST: Final = 100
"""Levels of a JSON value that are looked into; deeper ones are masked as one text."""


def object_of(raw: str) -> dict[str, Any] | None:
    """Return the JSON object that a line is; None for other lines and for a key given twice."""
    try:
        found = json.loads(raw, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def cells_of(raw: str) -> dict[str, str]:
    """Return the cells of a line that is a row's JSON, as a reader of JSON Lines takes them."""
    try:
        return {header: _cell(value) for header, value in (object_of(raw) or {}).items()}
    except RecursionError:  # read with the last of the stack
        return {}


def protect_rejected(line: Rejected, key: str | None = None) -> Rejected:
    """Mask what a rejected line holds: it is kept, and its reason is printed.

    With a `key`, a cell that is personal data as a whole becomes a pseudonym, not a filler: it
    may be what tells one row or one person from another when the row comes back corrected.
    """
    return replace(line, reason=mask(line.reason).text, raw=_mask_raw(line.raw, key))


def _mask_raw(raw: str, key: str | None) -> str:
    """Mask a line as read: cell by cell where it is a JSON object, else as one text."""
    found = object_of(raw)
    if found is None:
        return mask(raw).text
    try:
        masked = {
            header: _mask_value(header, value, key, DEEPEST) for header, value in found.items()
        }
        written = json.dumps(masked, ensure_ascii=False)
    except RecursionError:  # read with the last of the stack
        return mask(raw).text
    return _LONE.sub(_escaped, written)


def _mask_value(header: str, value: Any, key: str | None, depth: int) -> Any:  # noqa: ANN401 (anything JSON can hold)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict) and depth:
        return {name: _mask_value(name, each, key, depth - 1) for name, each in value.items()}
    if isinstance(value, list) and depth:
        return [_mask_value(header, each, key, depth - 1) for each in value]
    written = _cell(value)
    masked, _ = mask_cell(header, written)
    if masked == written or is_pseudonym(written):
        return value
    if key is None or masked.strip(FILLER):
        return masked
    return as_pseudonym(written.strip(), key=key)


def _escaped(lone: re.Match[str]) -> str:
    return f"\\u{ord(lone[0]):04x}"


def _cell(value: object) -> str:
    # NaN is what pandas writes for a missing number; it is the one value unlike itself.
    if value is None or value != value:  # noqa: PLR0124
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")  # one of its values would be lost
    return found
