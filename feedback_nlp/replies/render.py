"""A wording and what to fill in -> the text of one message, never longer than its channel takes."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from feedback_nlp.replies.templates import LONGEST, Blank, Template

ELLIPSIS: Final = "…"
_JOINERS: Final = ("\u200d", "\ufe0e", "\ufe0f")
_UNKNOWN_PRODUCT: Final = "我们的产品"
_UNKNOWN_VERSION: Final = "新版本"
_UNKNOWN_DATE: Final = "近日"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message may say besides the problem; what is not known is said in general words."""

    ticket: str
    product: str | None = None
    version: str | None = None
    day: date | None = None


def fill(template: Template, facts: Facts, problem: str) -> str:
    """Fill in one message; a problem that is too long is cut short, nothing else of the text is."""
    return _filled(template, template.parts, _values(facts), problem)


def fill_list(template: Template, items: Sequence[tuple[str, str]], facts: Facts) -> str:
    """Fill in a note about several problems: the line with the problem stands once for each.

    `items` are pairs of a problem and a ticket's id. Those for which there is no room are counted
    in a line of their own.
    """
    for shown in range(len(items), 0, -1):
        text = _listed(template, items, facts, shown)
        if len(text) <= template.limit:
            return text
    return _listed(template, items, facts, 0)


def shorten(text: str, limit: int) -> str:
    """Cut a text to at most so many code points, an ellipsis included; no emoji is torn apart."""
    if len(text) <= limit:
        return text
    end = max(limit - len(ELLIPSIS), 0)
    while end and (_goes_on(text[end]) or text[end - 1] == _JOINERS[0]):
        end -= 1
    return (text[:end].rstrip() + ELLIPSIS)[: max(limit, 0)]


def _listed(template: Template, items: Sequence[tuple[str, str]], facts: Facts, shown: int) -> str:
    values = _values(facts)
    lines: list[str] = []
    for line in _lines(template.parts):
        if Blank.PROBLEM not in line:
            lines.append(_filled(template, line, values, ""))
            continue
        for problem, ticket in items[:shown]:
            mine = {**values, Blank.TICKET: shorten(ticket, LONGEST[Blank.TICKET])}
            lines.append(_filled(template, line, mine, problem))
        if shown < len(items):
            lines.append(f"以及其他 {len(items) - shown} 处")
    return "\n".join(lines)


def _lines(parts: Sequence[str | Blank]) -> list[list[str | Blank]]:
    lines: list[list[str | Blank]] = [[]]
    for part in parts:
        if isinstance(part, Blank):
            lines[-1].append(part)
            continue
        first, *others = part.split("\n")
        lines[-1].append(first)
        lines += [[other] for other in others]
    return lines


def _values(facts: Facts) -> dict[Blank, str]:
    version = _one_line(facts.version)
    room = LONGEST[Blank.VERSION] - len("版本")
    return {
        Blank.PRODUCT: shorten(_one_line(facts.product), LONGEST[Blank.PRODUCT])
        or _UNKNOWN_PRODUCT,
        Blank.VERSION: f"{shorten(version, room)}版本" if version else _UNKNOWN_VERSION,
        Blank.DATE: _day(facts.day),
        Blank.TICKET: shorten(facts.ticket, LONGEST[Blank.TICKET]),
    }


def _filled(
    template: Template,
    parts: Sequence[str | Blank],
    values: Mapping[Blank, str],
    problem: str,
) -> str:
    problems = sum(part is Blank.PROBLEM for part in parts)
    fixed = sum(
        len(values[part] if isinstance(part, Blank) else part)
        for part in parts
        if part is not Blank.PROBLEM
    )
    room = (template.limit - fixed) // problems if problems else 0
    said = shorten(_one_line(problem), min(room, LONGEST[Blank.PROBLEM]))
    mine = {**values, Blank.PROBLEM: said}
    return "".join(mine[part] if isinstance(part, Blank) else part for part in parts)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else _UNKNOWN_DATE


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _goes_on(character: str) -> bool:
    """Say that a character belongs to the one before it."""
    return (
        character in _JOINERS
        or unicodedata.combining(character) > 0
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
