"""Where a text is garbled beyond repair: found and named, never guessed at."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.text.characters import common_characters, known_characters
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.pinyin_brackets import TONED
from feedback_nlp.text.script import simplify

GARBLED: Final = "疑似乱码"
"""What people are told about such a text."""

_SIGNS: Final = re.compile(
    "\ufffd+"
    "|(?:锟斤拷?|斤拷锟)+|[锟]{2,}"  # U+FFFD in UTF-8, read as GBK
    # GBK after one byte got lost: every pair is shifted by one
    "|(?<=[\u3400-\u9fff])[?？]。[?？](?=[;；,，\u3400-\u9fff])"
    "|(?<=[\u3400-\u9fff])[?][；;][A-Z](?=[\u3400-\u9fff])"
    rf"|[?][a-zü]{{0,3}}[{TONED}][a-zü]{{0,3}}[)）]"
    r"|(?:ï¿½)+|(?:[Ã-ï][\x80-\xbf\u0152-\u0192\u2013-\u2122]{1,2}[ ?]?){3,}|[À-ÖØ-öø-ÿ¡-¿]{6,}"
)
# Memory nobody had written to. Squeezing would hide how long it is; 烫烫烫 alone is an exclamation.
_UNWRITTEN: Final = re.compile("屯{4,}|烫{8,}|(?:烫{2,}屯{2,})+")
_FOREIGN: Final = "[\u3105-\u3129\u3400-\u9fff\ue000-\uf8ff\U00020000-\U000323af]"
_RUN: Final = re.compile(rf"(?<![?？])(?P<lost>[?]{{2}}){_FOREIGN}{{2,}}|{_FOREIGN}{{3,}}")
_IS_FOREIGN: Final = re.compile(_FOREIGN)
_KANA: Final = re.compile("[\u3041-\u30fa]")
_WINDOW: Final = 5
_LEAST_STRANGE: Final = 2
"""Strange characters within a window: one is a rare name, two side by side are hardly ever."""


def garbled_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the half-open spans of a review's text that look garbled, in order and disjoint.

    What normalisation repairs is not among them. Signs are replacement characters, leftovers of
    wrong codecs, and strange Han characters close together: those that no standard counts as known
    in Chinese or Japanese, 注音, and private-use characters. Emoji, 火星文, Japanese, rare names
    and `???` are none. Pure; normalises the text on its way.
    """
    whole = normalize(text)
    found = [match.span() for match in _SIGNS.finditer(whole.text)]
    spans = [whole.span(*span) for span in (*found, *_strange_spans(whole.text))]
    spans = sorted([*spans, *(match.span() for match in _UNWRITTEN.finditer(text))])
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _strange_spans(text: str) -> Iterator[tuple[int, int]]:
    if "??" not in text and not any(map(_is_strange, set(text))):
        return
    foreign = not _KANA.search(text)
    for run in _RUN.finditer(text):
        strange = [at for at in range(*run.span()) if foreign and _is_strange(text[at])]
        for place in strange:
            near = [other for other in strange if place <= other < place + _WINDOW]
            if len({text[other] for other in near}) >= _LEAST_STRANGE:
                yield near[0], near[-1] + 1
        if run["lost"]:
            first = run.end("lost")
            after = [place for place in strange if place < first + _WINDOW]
            pair = set(simplify(text[first : first + 2])) - common_characters()
            if after or len(pair) == _LEAST_STRANGE:
                yield run.start(), max([*after, first + 1]) + 1


def _is_strange(character: str) -> bool:
    return bool(_IS_FOREIGN.match(character)) and character not in known_characters()
