"""Mobile and landline numbers of mainland China. Hotlines (400, 95588) are not personal."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.privacy.cues import BETWEEN, NOT_A_QUANTITY, labelled_otherwise, values
from feedback_nlp.privacy.fold import HAN_DIGITS
from feedback_nlp.privacy.found import Span

_GAP = r"[ \-.·]{1,2}"
_COUNTRY = r"(?:\(?(?:\+|00)86\)?[ -]?|\(86\)[ -]?|86[ -]?(?=1[3-9]\d{9}))?"
_LETTERS_ALLOWED = r"(?:(?<![0-9A-Za-z_])|(?<=tel)|(?<=phone)|(?<=[vw]x)|(?<=qq)|(?<=call))"
_GROUPS = (
    r"1[3-9]\d{9}",
    rf"1[3-9]\d(?P<g>{_GAP})\d{{4}}(?P=g)\d{{4}}",
    rf"1[3-9]\d(?:{_GAP}\d{{8}}|\d{{4}}{_GAP}\d{{4}}|{_GAP}\d{{3}}{_GAP}\d{{5}})",
    rf"1[3-9]\d\d{_GAP}\d{{3}}{_GAP}\d{{4}}",
    r"1(?P<s>[ \-.,/、_~]{1,2})[3-9](?:(?P=s)\d){9}(?!(?P=s)\d)",
)
_MOBILE = re.compile(
    rf"{_LETTERS_ALLOWED}(?<!\d\.)(?P<v>{_COUNTRY}(?:{'|'.join(_GROUPS)}))"
    rf"(?!\d)(?![a-f]{{1,4}}\d){NOT_A_QUANTITY}",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"(?<![0-9A-Za-z+])(?P<v>(?:\+|00)(?:852|853|886|1"
    r"|44|61|65|81|82)[ -]?(?:\d[ -]?){7,10}\d)(?!\d)"
)
_SPELT_OUT = re.compile(r"(?:[零〇○洞一幺妖壹二两贰三叁四肆五伍六陆七柒八捌九玖\d][ \-,、]?){11,}")
_HAN_DIGIT = re.compile(r"[零〇○洞一幺妖壹二两贰三叁四肆五伍六陆七柒八捌九玖]")

_EXTENSION = r"(?:\s?(?:转|-|ext\.?|x|分机号?)[ :]?\d{1,6}(?!\d))?"
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_AREA_ABROAD = r"\(?0?(?:10|2\d|[3-9]\d{2})\)?"
_LANDLINES: Final = (
    re.compile(
        rf"(?<![\d.\-/])(?P<v>(?:(?:\+|00)86[ -]?{_AREA_ABROAD}[ -]?"
        rf"|\({_AREA}\)[ -]?|{_AREA}[ -]{{1,2}})"
        rf"[1-9]\d{{2,3}}[ -]?\d{{4}}{_EXTENSION})(?!\d){NOT_A_QUANTITY}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:电话|座机|固话|致电|来电|打|拨打?|tel|传真|联系方式|联系)[a-z]{0,3}"
        rf"{BETWEEN}(?P<v>(?:{_AREA}[2-9]\d{{6,7}}"
        rf"|[2-8]\d{{3}}[ -]?\d{{4}}|[2-8]\d{{6}}){_EXTENSION})"
        rf"(?!\d)(?!-\d){NOT_A_QUANTITY}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\dA-Za-z.\-])(?P<v>0(?:10|2\d)[2-8]\d{{7}}{_EXTENSION})(?![\dA-Za-z])"),
)


def mobiles(text: str) -> Iterator[Span]:
    """Yield mobile numbers: plain, grouped, spaced out, with country code, in Han digits.

    Not what a label calls a code or a price, and not what counts something (13812345678次).
    """
    for span in values((_MOBILE, _ABROAD), text):
        if not labelled_otherwise(text, span[0]):
            yield span
    for run in _SPELT_OUT.finditer(text):
        if _HAN_DIGIT.search(run[0]):
            for start, end in values((_MOBILE,), run[0].translate(HAN_DIGITS)):
                yield run.start() + start, run.start() + end


def landlines(text: str) -> Iterator[Span]:
    """Yield landline numbers with area code, or after a cue without one; with the extension."""
    for start, end in values(_LANDLINES, text):
        if not text.startswith(("400", "800"), start):
            yield start, end
