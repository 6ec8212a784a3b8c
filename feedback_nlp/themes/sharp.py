"""Small but sharp: words that a person must hear of at once, however few say them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from feedback_nlp.records import Alert, AlertKind, Polarity, Quote, Voice
from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.segment import SHARP_WORDS
from feedback_nlp.themes.trend import day_of

KIND_NAMES: Final = {
    AlertKind.SAFETY: "安全",
    AlertKind.MINORS: "未成年人",
    AlertKind.LEGAL: "法律与曝光",
}

# 特别 and 不但 deny nothing, and neither does the second half of 不得不 or 要不.
_DENIAL: Final = re.compile(
    r"(?:没有?|无|未|(?<![得能可要再会])不(?![但仅止光只单是])|不是(?!.*就是)"
    r"|(?<![特级性区个类分])别|会不会|是否|[防避以难]免|防止?|以防|杜绝|预防|不用担心|担心)"
    r"(?:再|会|再?发生|出现|过|任何|什么|有|被|引起|造成|导致|用|去|想|敢|要|能|必|需要|怎么|那么|这么"
    r"|太|很|真的|一点|半点|丝毫|打|拨打|找|的|了)*$"
)
_DENIED_AFTER: Final = re.compile(
    r"(?:的?(?:情况|现象|问题|反应|什么的))?(?:都|也|完全|从来|并)?(?:没有|没发生|没出现|不会)"
    r"(?:过|发生|出现|了|的)*[。.!！~]*$"
)


@dataclass(frozen=True, slots=True)
class SharpWord:
    """One line of the lexicon."""

    kind: AlertKind
    strong: bool
    """Counts in any clause; otherwise only in one that is against something."""
    pattern: re.Pattern[str]
    harmless: tuple[re.Pattern[str], ...] = ()
    """Longer words and idioms with the pattern in them that do not count."""


@cache
def sharp_words() -> tuple[SharpWord, ...]:
    """Return the lexicon, in file order."""
    return tuple(_word(*line.split("\t")) for line in lexicon(SHARP_WORDS))


def sharp_alerts(voices: Iterable[Voice], *, as_of: date) -> list[Alert]:
    """Return one alert per review and kind, with the clauses that raised it; sorted by both.

    Voices need no theme; one without a time counts as said on `as_of`, later ones do not count.
    The order of `voices` does not matter.
    """
    found: defaultdict[tuple[str, AlertKind], set[tuple[int, int, str, str]]] = defaultdict(set)
    for voice in voices:
        if voice.created_at is None or day_of(voice.created_at) <= as_of:
            for kind, word in find_sharp(voice).items():
                place = (voice.start, voice.end, voice.text, word)
                found[voice.review_id, kind].add(place)
    return [
        _alert(review, kind, sorted(places), as_of)
        for (review, kind), places in sorted(found.items())
    ]


def find_sharp(voice: Voice) -> dict[AlertKind, str]:
    """Return the first sharp word of each kind in a clause, as its normalised text has it."""
    text = normalize(voice.text).text
    if not _any_word().search(text):
        return {}
    against = voice.labels.polarity is Polarity.NEG
    found: dict[AlertKind, tuple[int, str]] = {}
    for word in sharp_words():
        match = _first(word, text) if word.strong or against else None
        if match is not None:
            place = (match.start(), match[0])
            found[word.kind] = min(place, found.get(word.kind, place))
    return {kind: said for kind, (_, said) in sorted(found.items())}


@cache
def _any_word() -> re.Pattern[str]:
    """Return what matches where any word does: most clauses hold none, and one look is enough."""
    return re.compile("|".join(f"(?:{word.pattern.pattern})" for word in sharp_words()))


def _first(word: SharpWord, text: str) -> re.Match[str] | None:
    """Return the first match that is neither idiom nor denied."""
    for match in word.pattern.finditer(text):
        if not _is_idiom(word, text, match) and not _is_denied(text, *match.span()):
            return match
    return None


def _is_idiom(word: SharpWord, text: str, match: re.Match[str]) -> bool:
    return any(
        idiom.start() < match.end() and match.start() < idiom.end()
        for harmless in word.harmless
        for idiom in harmless.finditer(text)
    )


def _is_denied(text: str, start: int, end: int) -> bool:
    return bool(_DENIAL.search(text[:start]) or _DENIED_AFTER.match(text[end:]))


def _alert(
    review: str, kind: AlertKind, places: list[tuple[int, int, str, str]], as_of: date
) -> Alert:
    quotes = tuple(Quote(review, start, end, text) for start, end, text, _ in places)
    words = "”“".join(dict.fromkeys(word for *_, word in places))
    reason = f"{KIND_NAMES[kind]}：评论提到“{words}”"
    return Alert(kind, review, day=as_of, last=as_of, reason=reason, quotes=quotes)


def _word(kind: str, strength: str, pattern: str, harmless: str = "") -> SharpWord:
    idioms = tuple(re.compile(idiom) for idiom in harmless.split())
    return SharpWord(AlertKind(kind), strength == "strong", re.compile(pattern), idioms)
