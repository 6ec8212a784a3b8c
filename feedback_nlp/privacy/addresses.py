"""Street addresses: from the street, estate or village on; province, city and district stay.

The place names that stay are what an analysis by region needs, and they hold a whole city each.
An address is built from anchors (a road with a house number, an estate with a block, a block with
a room) that grow to the left by the name and to the right by further parts.
"""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.privacy import address_patterns as patterns
from feedback_nlp.privacy.found import Span

HINT: Final = re.compile(
    r"[号栋幢座弄室组队院巷元路址住寄到居家-](?:(?<=[\d一二三四五六七八九十A-Za-z][号栋幢座弄室组队院巷])"
    r"|(?<=\d\s[号栋幢座弄室])|(?<=单元)|(?<=路)\d|(?<=[地住]址)|(?<=[家我]住)|(?<=住)在|(?<=寄)[到往给回]|(?<=[送发搬]到)"
    r"|(?<=现居)|(?<=老家)|(?<=家)在|(?<=-)\d{1,4}-\d)"
)
"""What all addresses share: one class of characters first, because that is quick to search for."""

_NAME_REACH: Final = 12
_TAILS_AT_MOST: Final = 8
_SHORTEST_AFTER_CUE: Final = 3


def addresses(text: str) -> Iterator[Span]:
    """Yield street addresses, from the street, estate or village on; they may overlap."""
    compiled = patterns.compiled()
    for anchor in compiled.named_anchors:
        for match in anchor.finditer(text):
            start = _name_start(text, match.start(), compiled)
            if start is not None:
                yield start, _grown(text, match.end(), compiled.tail)
    blocks = compiled.chain.finditer(text) if patterns.BLOCK.search(text) else ()
    for match in blocks:
        if patterns.HOTEL_BEFORE.search(text, max(0, match.start() - 6), match.start()):
            continue
        yield match.start(), _grown(text, match.end(), compiled.tail)
    yield from _after_cues(text, compiled)


def _after_cues(text: str, compiled: patterns.Patterns) -> Iterator[Span]:
    for match in compiled.after_label.finditer(text):
        for start, end in _within(match, compiled.last_part):
            yield start, _grown(text, end, compiled.tail)
    for match in compiled.after_verb.finditer(text):
        for start, end in _within(match, compiled.home_name):
            if not patterns.NO_PLACE_NAME.search(text, start, end):
                yield start, end


def _name_start(text: str, end: int, compiled: patterns.Patterns) -> int | None:
    """Return where the name that ends at `end` begins, or None if what is there is no name."""
    begin = max(0, end - _NAME_REACH)
    for border in (patterns.NOT_IN_A_NAME, patterns.BEFORE_A_NAME):
        ends = (begin + match.end() for match in border.finditer(text[begin:end]))
        begin = max(ends, default=begin)
    name = text[begin:end]
    return None if not name or name.isdigit() or name in compiled.not_streets else begin


def _grown(text: str, end: int, tail: re.Pattern[str]) -> int:
    """Return where an address that goes at least to `end` ends."""
    for _ in range(_TAILS_AT_MOST):
        match = tail.match(text, end)
        if match is None:
            break
        end = match.end()
    return end


def _within(match: re.Match[str], part: re.Pattern[str]) -> Iterator[Span]:
    """Yield the run after a cue from behind city and district to its last part of an address."""
    run = match["run"]
    region = patterns.REGION.match(run)
    start = region.end() if region else 0
    ends = [each.end() for each in part.finditer(run, start)]
    if ends and ends[-1] - start >= _SHORTEST_AFTER_CUE:
        yield match.start("run") + start, match.start("run") + ends[-1]
