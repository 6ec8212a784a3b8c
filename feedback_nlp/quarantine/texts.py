"""What one text alone says: an advert, the platform's default praise, or copied praise.

A text without words (`...`, `👍`, `666`) is no opinion, but it is not spam either: it stays.
Complaints about adverts, fraud or default praise stay too; see `lexicons/objections`.
"""

from typing import Final

from feedback_nlp.quarantine.content import without_emoji, words_of
from feedback_nlp.quarantine.lexicon import any_of, entries, only
from feedback_nlp.records import QuarantineReason
from feedback_nlp.text.normalize import normalize

_PLUS: Final = "➕"
_LEFT_OVER: Final = 10
"""A copied sentence with more of the writer's own characters beside it is a review."""
_LEAST_COPIED: Final = 12
_LEAST_MASH: Final = 6
_LEAST_RUN: Final = 3


def screen_text(text: str) -> tuple[QuarantineReason, str] | None:
    """Return why this text should be held back, with the evidence in Chinese, or None.

    Depends on nothing but the text; the caller decides what polarity and severity overrule.
    """
    return screen_words(words_of(text, normalize(text).text))


def screen_words(words: str) -> tuple[QuarantineReason, str] | None:
    """Do the same for the content of a text."""
    plain = without_emoji(words.replace(_PLUS, "加"))
    advert = _advert(plain)
    if advert:
        return QuarantineReason.SPAM, advert
    if only("default_praise").fullmatch(plain):
        return QuarantineReason.DEFAULT_PRAISE, "平台代填的默认评价，用户没有写内容"
    copied = _copied(plain)
    if copied:
        return QuarantineReason.TEMPLATE, copied
    return None


def _advert(plain: str) -> str | None:
    if _is_mash(plain):
        return "键盘乱码，没有内容"
    lure = any_of("lures").search(plain)
    offer = lure or (any_of("contacts").search(plain) and any_of("offers").search(plain))
    if not offer or _objects(plain):
        return None
    return "广告招揽用语" if lure else f"联系方式加招揽用语“{offer[0]}”"


def _copied(plain: str) -> str | None:
    if any_of("padding").search(plain) and only("padding", "particles").fullmatch(plain):
        return "只有凑字数或赚积分的话"
    own = any_of("templates").sub("", plain)
    if len(plain) - len(own) < _LEAST_COPIED or len(own) > _LEFT_OVER or _objects(own):
        return None
    return "通篇是网上流传的好评模板"


def _objects(plain: str) -> bool:
    """Say whether somebody complains, warns, asks or wishes here."""
    return bool(any_of("objections").search(any_of("come_ons").sub("", plain)))


def _is_mash(plain: str) -> bool:
    """Say whether the whole text is runs along the keyboard (asdfgh) or what an IME makes of it."""
    if len(plain) < _LEAST_MASH:
        return False
    runs = entries("mash")
    position = 0
    while position < len(plain):
        end = position + 1
        while end <= len(plain) and any(plain[position:end] in run for run in runs):
            end += 1
        if end - 1 - position < _LEAST_RUN and plain[position : end - 1] not in runs:
            return False
        position = end - 1
    return True
