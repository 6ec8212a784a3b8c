"""Numbers on papers and plates: identity card, bank card, passport, permit, plate, birthday."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import luhn, numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from feedback_nlp.privacy.cues import BETWEEN, labelled_otherwise, values
from feedback_nlp.privacy.found import Span

_GAP = re.compile(r"[ -]")
_ID_18 = re.compile(
    r"(?<![0-9A-Za-z])(?=(?P<v>[1-8](?:[ -]?\d){5}[ -]?(?:1[ -]?[89]|2[ -]?0)(?:[ -]?\d){9}"
    r"[ -]?[\dXx])(?![0-9A-Za-z]))"
)
"""Groups of any size; a lookahead, since a number before it may look like the beginning."""
_ID_15 = re.compile(r"(?<![0-9A-Za-z])(?P<v>[1-8]\d{14})(?![0-9A-Za-z])")
_ID_AFTER_CUE = re.compile(
    r"(?:身份证|证件号|身份信息|公民号|id\s?card)[^\d*]{0,8}?"
    r"(?P<v>\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]|\d{15})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(?:(?<![0-9A-Za-z.])|(?<=visa)|(?<=card))(?P<v>[34569]\d{3}"
    r"(?P<g>[ -]?)\d{4}(?P=g)\d{4}(?P=g)\d{4}(?:(?P=g)\d{1,3})?"
    r"|62\d{4}[ -]\d{10,13})(?![0-9A-Za-z])(?!\.\d)",
    re.IGNORECASE,
)
_ISSUERS = re.compile(
    r"62\d{14,17}|9558\d{12,15}|(?:60|68|69)\d{14,17}|(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|35\d\d)\d{12}"
)
_CARD_AFTER_CUE = re.compile(
    r"(?:卡号|银行卡|信用卡|储蓄卡|借记卡|工资卡|一卡通|银行账[号户]|收款账[号户]|银行帐号|账号|转账到?|打款到?|打到?)"
    rf"(?:我的|这个)?(?:卡)?{BETWEEN}(?!0086)"
    r"(?P<v>\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3,4}(?:[ -]?\d{1,3})?)"
    r"(?![0-9A-Za-z])"
)
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9_-])(?P<v>[EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[DSP]E\d{7})(?![A-Za-z0-9_-])"
)
_PASSPORT_AFTER_CUE: Final = (
    re.compile(
        rf"(?:护照|passport)(?:\s?(?:no\.?|number))?{BETWEEN}"
        rf"(?P<v>[A-Z]{{0,2}} ?\d{{6,9}}|[A-Z]{{1,2}} ?\d{{3,4}} \d{{3,4}})(?![A-Za-z0-9])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:通行证|回乡证|台胞证|港澳证|军官证|居留证|居住证|驾驶证|驾照|社保号|社保卡)(?:件)?"
        rf"{BETWEEN}(?P<v>[A-Z]{{0,2}}\d{{7,18}}[Xx]?)(?![A-Za-z0-9])",
        re.IGNORECASE,
    ),
)
_PLATE = re.compile(
    r"(?P<v>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·.-]{0,2}"
    r"(?P<serial>[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使]|[A-HJ-NP-Z0-9]{6}))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NEW_ENERGY = re.compile(r"[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]", re.IGNORECASE)
_EMBASSY = re.compile(r"(?P<v>使 ?\d{6}(?!\d)|(?<!\d)\d{6}使(?![\u3400-\u9fff]))")
_FEWEST_DIGITS: Final = 3
_PLATE_SERIAL: Final = 5
_PLATE_AFTER_CUE = re.compile(
    r"(?:车牌号?码?|牌照|车号|车牌)(?:[\s:=(\[]|是|为){0,4}"
    r"(?P<v>[\u3400-\u9fffA-Z][A-Z][ ·.-]{0,2}[A-Z0-9]{4,6}[挂学警港澳领使]?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"(?:生日|出生日期|出生年月日?|出生于|(?<!先)生于)(?:[\s:=,(]|是|为|在){0,4}"
    r"(?P<v>(?:19|20)\d{2}(?:[-/. ]?\d{1,2}[-/. ]?\d{1,2}(?!\d)|年\d{1,2}月(?:\d{1,2}[日号])?))"
    r"|(?<!\d)(?P<born>(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}[日号]))(?=出生|生人|生的)"
)


def id_cards(text: str) -> Iterator[Span]:
    """Yield identity card numbers: 18 with a right check digit and date, 15 with region and date.

    After 身份证 the form is enough, so that a mistyped number is masked as well.
    """
    for match in _ID_18.finditer(text):
        number = _GAP.sub("", match["v"]).upper()
        if _has_date(number) and number[-1] == ric.calc_check_digit(number):
            yield match.span("v")
    for match in _ID_15.finditer(text):
        number = f"{match['v'][:6]}19{match['v'][6:]}0"
        if _has_date(number) and _has_region(number):
            yield match.span("v")
    yield from values((_ID_AFTER_CUE,), text)


def bank_cards(text: str) -> Iterator[Span]:
    """Yield card numbers with a known beginning and a right Luhn digit, or any after 卡号."""
    for match in _CARD.finditer(text):
        number = _GAP.sub("", match["v"])
        if _ISSUERS.fullmatch(number) and luhn.is_valid(number):
            yield match.span("v")
    yield from values((_CARD_AFTER_CUE,), text)


def passports(text: str) -> Iterator[Span]:
    """Yield passports in their own form or after a cue, and permits after a cue."""
    for span in values((_PASSPORT,), text):
        if not labelled_otherwise(text, span[0]):
            yield span
    yield from values(_PASSPORT_AFTER_CUE, text)


def plates(text: str) -> Iterator[Span]:
    """Yield number plates: civil, new energy, trailer, school, police, Hong Kong, embassy."""
    for match in _PLATE.finditer(text):
        serial = match["serial"]
        enough_digits = sum(map(str.isdigit, serial)) >= _FEWEST_DIGITS
        if enough_digits and (len(serial) == _PLATE_SERIAL or _NEW_ENERGY.fullmatch(serial)):
            yield match.span("v")
    yield from values((_EMBASSY, _PLATE_AFTER_CUE), text)


def birthdays(text: str) -> Iterator[Span]:
    """Yield full dates beside a word for birth; a day without a year names nobody."""
    for match in _BIRTHDAY.finditer(text):
        yield match.span("v" if match["v"] else "born")


def _has_date(number: str) -> bool:
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True


def _has_region(number: str) -> bool:
    """Say whether the first six digits were ever given to a county, whatever the year."""
    return any("county" in properties for _, properties in numdb.get("cn/loc").info(number[:6]))
