"""Names of people: after a cue (我叫, 联系人), before a title (王女士), before a mobile number."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.privacy.cues import HAN
from feedback_nlp.privacy.found import Span
from feedback_nlp.privacy.name_parts import (
    TITLES,
    is_minority_name,
    is_plausible,
    name_length,
    surname_before,
)

_FORM = (
    r"姓名|联系人|联络人|收件人|收货人|寄件人|发件人|签收人|持卡人|开户人|开户名|户名|投诉人|投保人|被?保险人|受益人|乘机人"
    r"|乘车人|入住人|乘客|旅客|住客|机主|经办人|申请人|举报人|反映人|来电人|真名|本名|大名|抬头个人|名字是|名字叫做?|我叫做?|名叫"
)
_LOOSE = (
    r"我是|本人|这里是|[他她]叫|用户|业主|户主|房东|收(?=[:\s])|改[成为]|换成"
    r"|患者|病人|快递员|配送员|外卖员|骑手|司机|店员|导购"
)
_ASIDE = (
    r"(?:填的?|写的?|错了|错|应该|改成|改为?|换成|还是|就是|[是为叫]|我?的?"
    r"(?:[爸妈姐哥弟妹]{1,2}|老公|老婆|爱人|妻子|丈夫|媳妇|儿子|女儿|孩子|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|岳父|岳母|朋友|同事|同学|室友|家人)|我)"
)
_SEPARATOR = rf"(?P<sep>[\s:=,，\-“\"(\[]{{0,4}}(?:{_ASIDE}){{0,3}}[\s:“\"(\[]{{0,2}})"
_RUN = rf"(?=(?P<run>[{HAN}·]{{2,12}}))"
_AFTER_FORM = re.compile(rf"(?:{_FORM}){_SEPARATOR}{_RUN}")
_AFTER_LOOSE = re.compile(rf"(?:{_LOOSE})(?P<sep>[\s:=]{{0,2}}){_RUN}")
_OTHER_SHAPES: Final = (
    re.compile(
        rf"(?:姓名|联系人|收[件货]人)[\s:]{{1,3}}(?P<v>[{HAN}] {{1,2}}[{HAN}]{{1,2}})(?![{HAN}])"
    ),
    re.compile(
        r"(?:姓名|联系人|收[件货]人|(?<![A-Za-z])name)(?:\s?[:=]\s?|\s|是|叫)"
        r"(?P<v>[A-Z][A-Za-z'-]{1,20}(?:[ ·./][A-Z][A-Za-z'-]{0,20}){1,3})"
    ),
)
_FAMILY_NAME = re.compile(rf"(?:我|免贵|本人|[他她])姓(?P<v>[{HAN}]{{1,2}})(?![{HAN}])")
_SHOP: Final = (
    "(?:加州)?(?:牛肉|拉面|面馆|咖啡|奶茶|茶饮|烘焙|蛋糕|甜品|酸奶|火锅|串串|麻辣烫|冒菜|烤肉|烤鱼|烧烤|炸鸡|料理|餐厅|餐馆|饭店|酒馆"
    "|水果|零食|家纺)"
)
"""What shops that are named after their founder sell: 李先生牛肉面."""
_TITLE = re.compile(rf"(?:先生|女士|小姐(?!姐))(?!{_SHOP})")
_BEFORE_NUMBER = re.compile(
    rf"(?<![{HAN}])(?P<run>[{HAN}]{{2,4}}?)(?:收[件货]?)?[\s,，、:;；(]{{0,3}}(?:电话|手机号?|tel)?[\s:]{{0,2}}"
    r"(?=(?:\+?86-?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d))",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(
    rf"(?<!\d)1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}[\s,，、:;；]{{0,3}}"
    rf"(?P<run>[{HAN}]{{2,4}})(?![{HAN}])"
)
_ENDS_IN_TITLE = re.compile(rf"(?:{TITLES})\Z")
_MARK = re.compile(r"[:=(\[“\"\s是为叫]")
_HAN = re.compile(f"[{HAN}]")
_NO_SURNAME = re.compile(r"[对官警双校厂院店资]方\Z")
_MAY_PRECEDE_TITLED: Final = frozenset(
    "是找叫给跟和与请服员理的位向对让被问由系表告谢过见了把替同及还者当说到知催联问姓待为称"
)
"""Han characters that stand before 王女士; after any other it is the tail of a name (鲁迅先生)."""

HINT: Final = re.compile(
    r"[姓叫人名客我生士姐户主东里头收改换患病司骑导员eE\d](?:(?<=[姓叫])|(?<=[系络件货收卡机户持诉保险益乘车住办请报映电本]人)"
    r"|(?<=[户真本大]名)|(?<=名)字|(?<=[乘旅住]客)|(?<=我)是|(?<=先生)|(?<=女士)|(?<=小姐)|(?<=[用业]户)|(?<=[机业户]主)"
    r"|(?<=房东)|(?<=患)者|(?<=病)人|(?<=司)机|(?<=骑)手|(?<=导)购|(?<=[递送卖店]员)|(?<=这里)是|(?<=抬头)|(?<=收)[:\s]|(?<=改)[成为]|(?<=换)成|(?<=[nN][aA][mM].)"
    r"|(?<=1[3-9]\d)[ -]?\d{4})"
)
"""What all cues share: one class of characters first, because that is quick to search for."""


def names(text: str) -> Iterator[Span]:
    """Yield names of people, without their title and without the cue."""
    for pattern, loose in ((_AFTER_FORM, False), (_AFTER_LOOSE, True)):
        for match in pattern.finditer(text):
            length = _length(match, loose=loose)
            if length:
                yield match.end(), match.end() + length
    for shape in _OTHER_SHAPES:
        for match in shape.finditer(text):
            yield match.span("v")
    for match in _FAMILY_NAME.finditer(text):
        if surname_before(text, match.end("v")) == match.start("v"):
            yield match.span("v")
    yield from _beside_numbers(text)
    yield from _before_titles(text)


def _length(match: re.Match[str], *, loose: bool) -> int:
    """Return the length of the name in the run that a cue looks ahead at, or 0."""
    run = match["run"]
    marked = _MARK.search(match["sep"]) is not None
    first, point, _ = run.partition("·")
    if not loose and (is_minority_name(run) or (point and len(first) > 1)):
        return len(run.rstrip("·"))
    return name_length(first, marked=marked, loose=loose and not match["sep"].strip(" "))


def _beside_numbers(text: str) -> Iterator[Span]:
    for pattern in (_BEFORE_NUMBER, _AFTER_NUMBER):
        for match in pattern.finditer(text):
            if is_plausible(match["run"]) and not _ENDS_IN_TITLE.search(match["run"]):
                yield match.span("run")


def _before_titles(text: str) -> Iterator[Span]:
    for match in _TITLE.finditer(text):
        start = surname_before(text, match.start())
        if start is None or _NO_SURNAME.search(text, max(0, start - 1), match.start()):
            continue
        before = text[start - 1 : start]
        if not _HAN.match(before) or before in _MAY_PRECEDE_TITLED:
            yield start, match.start()
