"""HTML that exports leave in reviews: entities become characters, tags go."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Final

from feedback_nlp.text.offsets import Edit

_AMPERSAND: Final = r"(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);"
_ENTITY: Final = re.compile(
    r"&#(?P<high>5[56]\d{3});&#(?P<low>5[67]\d{3});"
    rf"|&(?P<escapes>(?:{_AMPERSAND})*)"
    r"(?:(?P<body>#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
    r"|(?P<bare>nbsp)(?![A-Za-z0-9;]))?",
    re.ASCII,
)
_HIGH: Final = range(0xD800, 0xDC00)
_LOW: Final = range(0xDC00, 0xE000)

_BREAKS: Final = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|"
    "fieldset|figure|footer|form|h1|h2|h3|h4|h5|h6|head|header|hr|html|legend|li|main|nav|"
    "ol|option|p|pre|section|select|summary|table|tbody|tfoot|thead|title|tr|ul"
)
_SPACES: Final = "td|th"
_INLINE: Final = (
    "a|abbr|acronym|audio|b|base|bdi|bdo|big|button|canvas|cite|code|col|colgroup|data|"
    "del|dfn|em|embed|font|i|iframe|img|input|ins|kbd|label|link|map|mark|meta|noscript|"
    "object|picture|q|rp|rt|ruby|s|samp|script|small|source|span|strike|strong|style|sub|"
    "sup|svg|textarea|time|tt|u|var|video|wbr"
)
_ATTRIBUTE: Final = (
    r"\s+[A-Za-z_:@][\w:.-]*(?:\s*=\s*(?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^\s\"'<>]+))?"
)
_MARKUP_HINT: Final = re.compile(r"<[/!?A-Za-z]", re.ASCII)
_TAG: Final = re.compile(
    rf"(?P<comment><!--)|<!doctype[^<>]{{0,200}}>|<\?xml[^<>]{{0,200}}>"
    rf"|</?(?:(?P<break>{_BREAKS})|(?P<space>{_SPACES})|(?P<inline>{_INLINE}))"
    rf"(?:{_ATTRIBUTE})*\s*/?>",
    re.IGNORECASE | re.ASCII,
)
_IN_PLACE_OF: Final = {"break": "\n", "space": " "}
_CLOSINGS: Final = {
    "<!--": re.compile("-->"),
    "<script": re.compile("</script>", re.IGNORECASE),
    "<style": re.compile("</style>", re.IGNORECASE),
}
"""What goes together with all up to its end; a comment without an end stays."""


def unescape_entities(text: str) -> list[Edit]:
    """Put characters in place of HTML entities, however often they were escaped.

    Only `&nbsp` may lack its semicolon: `R&D` and `?a=1&copy=2` stay. An emoji that was written
    as two halves becomes whole.
    """
    if "&" not in text:
        return []
    edits = (_unescaped(match) for match in _ENTITY.finditer(text))
    return [edit for edit in edits if edit]


def _unescaped(match: re.Match[str]) -> Edit | None:
    if match["high"]:
        high, low = int(match["high"]), int(match["low"])
        if high in _HIGH and low in _LOW:
            whole = chr(0x10000 + ((high - _HIGH.start) << 10) + low - _LOW.start)
            return Edit(*match.span(), whole)
        return None
    if match["bare"]:
        return Edit(*match.span(), " ")
    body = match["body"]
    if body and (body.startswith("#") or f"{body};" in html5):
        return Edit(*match.span(), unescape(f"&{body};"))
    return Edit(match.start(), match.end("escapes"), "&") if match["escapes"] else None


def strip_markup(text: str) -> list[Edit]:
    """Drop HTML tags and comments; a tag that begins a line or block becomes a line break.

    `<script>` and `<style>` go with their content. Only names that HTML knows are tags: `a<b`,
    `<3`, `<url>`, `(>_<)` and `<<三体>>` stay.
    """
    if not _MARKUP_HINT.search(text):
        return []
    return list(_tags(text))


def _tags(text: str) -> Iterator[Edit]:
    unclosed: set[str] = set()  # searched once: a text full of openings takes linear time
    position = 0
    while match := _TAG.search(text, position):
        position = match.end()
        opening = match[0].lower().split(maxsplit=1)[0].rstrip(">")
        closing = _CLOSINGS.get(opening)
        if closing and opening not in unclosed:
            end = closing.search(text, position)
            position = end.end() if end else position
            unclosed |= set() if end else {opening}
        if not match["comment"] or opening not in unclosed:
            yield Edit(match.start(), position, _IN_PLACE_OF.get(match.lastgroup or "", ""))
