"""Wordings with places to fill in: read, checked, and those that the program brings along."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import TemplateKind
from feedback_nlp.replies.lexicon import CLAIMS, PROMISES, sections, words

_K: Final = TemplateKind


class Blank(StrEnum):
    """What can be filled in."""

    PRODUCT = "product"
    VERSION = "version"
    PROBLEM = "problem"
    DATE = "date"
    TICKET = "ticket"


LONGEST: Final[Mapping[Blank, int]] = {
    Blank.PRODUCT: 20,
    Blank.VERSION: 20,
    Blank.PROBLEM: 40,
    Blank.DATE: 11,
    Blank.TICKET: 16,
}
"""Code points of what is filled in; longer ones are cut short."""
SHORTEST_PROBLEM: Final = 8
"""A wording leaves at least this much room for each problem."""
STORE_LIMIT: Final = 350
"""Source: Google Play Console, "View and analyze reviews"; App Store Connect allows more."""
NOTE_LIMIT: Final = 4_000
"""Source: App Store Connect, "What's New in This Version"."""
MESSAGE_LIMIT: Final = 1_000
PUBLIC: Final = frozenset(
    {_K.APP_STORE, _K.APP_STORE_SORRY, _K.APP_STORE_EARLY, _K.APP_STORE_EARLY_SORRY}
    | {_K.RELEASE_NOTE}
)
"""Everybody can read these."""
EARLY: Final = frozenset(
    {_K.APP_STORE_EARLY, _K.APP_STORE_EARLY_SORRY, _K.SERVICE_EARLY, _K.SERVICE_EARLY_SORRY}
)
"""These speak of a fix that nobody has verified."""
_PERSONAL: Final = frozenset({"mobile", "id_card", "bank_card"})
"""A hotline or an address of the company may stand in a wording, these may not."""
_BLANK: Final = re.compile(r"\{([^{}]*)\}")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Template:
    """A wording that was checked; only `read` makes one."""

    kind: TemplateKind
    text: str
    parts: tuple[str | Blank, ...]

    @property
    def limit(self) -> int:
        """Code points that the channel takes."""
        return limit_of(self.kind)


def read(kind: TemplateKind, text: str) -> Template:
    """Check a wording and cut it at its blanks.

    Raises:
        InputError: a blank that does not exist, a brace alone, too long for its channel, control
            characters, personal data, a promise in public, or a claim that is not verified yet;
            the message names it.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InputError(f"模板 {kind.value} 是空的；要恢复自带的模板请用 reset")
    if _CONTROL.search(text):
        raise InputError(f"模板 {kind.value} 含有控制字符，请删去")
    template = Template(kind, text, _parts(kind, text))
    _check_length(template)
    _check_words(template)
    return template


@cache
def built_in(kind: TemplateKind) -> Template:
    """Return the wording that the program brings along."""
    return read(kind, sections()[kind.value])


def limit_of(kind: TemplateKind) -> int:
    """Return how many code points a message of this kind may have."""
    if kind is TemplateKind.RELEASE_NOTE:
        return NOTE_LIMIT
    return STORE_LIMIT if kind in PUBLIC else MESSAGE_LIMIT


def _parts(kind: TemplateKind, text: str) -> tuple[str | Blank, ...]:
    parts: list[str | Blank] = []
    for place, piece in enumerate(_BLANK.split(text)):
        if place % 2:
            parts.append(_blank(kind, piece))
        elif "{" in piece or "}" in piece:
            raise InputError(f"模板 {kind.value} 里有不成对的花括号；花括号只用来写 {_choices()}")
        elif piece:
            parts.append(piece)
    return tuple(parts)


def _blank(kind: TemplateKind, name: str) -> Blank:
    try:
        return Blank(name)
    except ValueError:
        raise InputError(f"模板 {kind.value} 里没有占位符 {{{name}}}，可用：{_choices()}") from None


def _choices() -> str:
    return " ".join(f"{{{blank}}}" for blank in Blank)


def _check_length(template: Template) -> None:
    least = {**LONGEST, Blank.PROBLEM: SHORTEST_PROBLEM}
    size = sum(least[part] if isinstance(part, Blank) else len(part) for part in template.parts)
    if size > template.limit:
        raise InputError(
            f"模板 {template.kind.value} 填好后可能有 {size} 个字，最多 {template.limit} 个；"
            f"请缩短 {size - template.limit} 个字"
            f"（占位符按最长算，{{problem}} 至少留 {SHORTEST_PROBLEM} 个字）"
        )


def _check_words(template: Template) -> None:
    kind, text = template.kind, template.text
    if not _PERSONAL.isdisjoint(mask(text).kinds):
        raise InputError(f"模板 {kind.value} 里像是有手机号、证件号或银行卡号，不能写进模板")
    if kind is TemplateKind.RELEASE_NOTE and Blank.PROBLEM not in template.parts:
        raise InputError("模板 release_note 要有一行写 {problem}：每个问题列一行")
    if kind in PUBLIC and (said := _said(text, PROMISES)):
        raise InputError(f"模板 {kind.value} 是公开的，不能作保证或许诺：请去掉“{said}”")
    if kind in EARLY and (said := _said(text, CLAIMS)):
        raise InputError(f"模板 {kind.value} 用在验证之前，不能说“{said}”；请改成已发布新版本")


def _said(text: str, lexicon: str) -> str | None:
    plain = "".join(text.split())
    return next((word for word in words(lexicon) if word in plain), None)
