"""The patterns that street addresses are built from; compiled once, with the lexicon of nouns."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from feedback_nlp.privacy import lexicon
from feedback_nlp.privacy.cues import HAN

_NUMBER: Final = (
    r"(?:[A-Za-z](?=\s?[座栋幢])|附?[甲乙丙丁]?[A-Za-z]{0,2}\d{1,5}(?:[-之~/]\d{1,4})?[A-Za-z]?"
    r"|[甲乙丙丁]?[一二三四五六七八九十百零〇]{1,4})"
)
_HOUSE: Final = (
    r"号(?!线|口|机|店|到|发|收|下单|下午|才|晚|早|上午|凌晨|之前|以前|以后|左右|开业|当天|那天|以内|月|日|球|字|码"
    r"|\s?[,，]?\s?(?:到货|发货))"
)
"""号 of a house, not of a day, a metro line, a size."""
_NO_QUANTITY: Final = r"(?![\d.元块年月日%米mMwW])"
_ROOM: Final = r"(?:单元|号房|室|户|房(?!间)|门(?!口))"
_UNIT: Final = (
    rf"{_NUMBER}\s?(?:号楼|号院|号[房铺门]|栋|幢|座|弄"
    rf"|单元|室|户|层|楼|房(?!间)|门(?!口)|组|队|{_HOUSE})"
)
_PHASE: Final = r"(?:[一二三四五六七八九东西南北中\dA-Z]{1,2}[期区苑园里])?"
_ROAD: Final = (
    r"(?:路|街|大道|(?<=[一二三四五六七八九十])道|巷|胡同|街道|弄堂|里弄|国道|省道|环线)"
    r"(?:[东西南北中]段?|[一二三四五六七八九]?段)?"
)

_NO_TALK: Final = "(?![不没的了是违用我他你们时在和与])"
"""Not a character that tells talk behind an address from its next part."""

NOT_IN_A_NAME: Final = re.compile(rf"[^{HAN}A-Za-z0-9·]")
BEFORE_A_NAME: Final = re.compile(
    r"省|市|(?<![社小校园])区|(?<=[业新技发]园)区|县|州(?=[^路街大])|自治旗|[到往在](?=.)|住|寄|应?该?送[到往]?|地?址|(?<!文)是(?=.)"
    r"|于(?=[^泉])|了|的|我[家们]?|你们?|他|给|[地这那哪每整]条|一[条个家]|从|改[成为]?|换成|应[该为]|老家|安装|公司|[后前对]面|旁边?|附近|位于|认识|还有|代表|作为|解决|本人为?|督促|损害|乘坐"
)
REGION: Final = re.compile(
    rf"(?:[{HAN}]{{2,8}}?(?:省|自治区|特别行政区))?(?:[{HAN}]{{1,8}}?(?:自治州|地区|州|市|盟))?"
    rf"(?:[{HAN}]{{1,8}}?(?:自治县|县|区(?!域)|旗|市))?(?:[{HAN}]{{1,4}}?市)?[\s,，]?"
)
"""Province, city and district at the beginning of an address; may match nothing."""


BLOCK: Final = re.compile(r"号[楼院]|[栋幢座弄]|单元")
"""What a chain of block and room holds; quick to search for."""
NO_PLACE_NAME: Final = re.compile("[的了过这那没多很好不也有最差我你他们个几]")
"""Characters that tell talk (住了好多家) from the name of a place."""
HOTEL_BEFORE: Final = re.compile(rf"(?:入住|酒店|宾馆|客房|房型|住了?)[{HAN}\s:,，]{{0,3}}\Z")
"""A guest's room, as hotel reviews name it, is no address."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What `addresses` searches with."""

    named_anchors: tuple[re.Pattern[str], ...]
    """They begin behind a name (中关村|大街27号), which has to be found to their left."""
    chain: re.Pattern[str]
    """A block and a room (3号楼2单元), enough without a name."""
    tail: re.Pattern[str]
    """A further part behind an anchor."""
    after_label: re.Pattern[str]
    after_verb: re.Pattern[str]
    last_part: re.Pattern[str]
    home_name: re.Pattern[str]
    not_streets: frozenset[str]


@cache
def compiled() -> Patterns:
    """Return the patterns, compiled on first use."""
    nouns = lexicon.groups(lexicon.ADDRESS_NOUNS)
    homes, buildings, whole, estates = (
        "|".join(nouns[name]) for name in ("homes", "buildings", "whole", "estates")
    )
    return Patterns(
        (_road_anchor(), _home_anchor(homes), _building_anchor(buildings), _village_anchor()),
        _chain(),
        _tail(f"{homes}|{buildings}|村", whole),
        re.compile(
            r"(?:地址|住址|户籍所在地|现居|居住地|老家)(?:信息)?"
            r"(?:[\s:=(\[“\"]|[，,](?=应|改|是)|是|为|错了|改[成为]|写的是?|在|应该?|送到?|寄到?){1,6}"
            r"(?P<run>[^。;；!！?？\n:，]{4,60}(?:[,，]?\d[^。;；!！?？\n:，]{1,30})?)"
        ),
        re.compile(
            r"(?:家住|住在|我住|寄到|寄往|送到|发到|寄给|寄回|居住在|租住在|搬到|我家在)(?:了|在|我家|位于|:|\s)?"
            rf"(?P<run>[{HAN}A-Za-z\d\s-]{{3,40}})"
        ),
        re.compile(
            rf"{_UNIT}|{_ROAD}|{whole}|[镇乡村屯庄](?![{HAN}]{{0,2}}[里上])"
            r"|(?<=[室座栋楼元号-])\d{3,4}(?!\d)"
        ),
        re.compile(
            rf"(?<![的了过那多在])(?:{estates})(?!酒店|饭店|宾馆|店|餐厅|门口|附近|旁边|对面|里|内|外)"
        ),
        frozenset(nouns["not streets"]),
    )


def _road_anchor() -> re.Pattern[str]:
    return re.compile(
        rf"{_ROAD}\s?[(,，]?\s?(?:{_NUMBER}\s?(?:号院|号楼|{_HOUSE}|弄|巷|栋|幢|座|院)"
        r"|\d{1,4}-\d{1,4}(?!\d|元|块|号线))"
    )


def _home_anchor(homes: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{homes}){_PHASE}[\s,，]?(?:{_NUMBER}\s?(?:栋|幢|号楼|座|单元|室)"
        rf"|\d{{1,3}}-\d{{1,3}}-\d{{1,4}}|\d{{1,3}}-\d{{3,4}}(?!\d)|{_NUMBER}号\s?{_NUMBER}\s?{_ROOM})"
    )


def _building_anchor(buildings: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{buildings}){_PHASE}[\s,，]?(?:\d{{1,2}}-\d{{1,2}}-\d{{3,4}}(?!\d)|{_NUMBER}\s?(?:栋|幢|号楼|座)"
        rf"\s?(?:{_NUMBER}\s?(?:单元|室|层|楼|户)|\d{{3,4}}{_NO_QUANTITY})"
        rf"|{_NUMBER}\s?(?:室|单元|[栋幢]|号\s?{_NUMBER}\s?(?:室|单元|[栋幢]|号楼)))"
    )


def _village_anchor() -> re.Pattern[str]:
    return re.compile(
        rf"(?:村|屯|社区|庄)(?:委会)?[\s,，]?(?:[{HAN}]{{0,3}}{_NUMBER}\s?(?:组|队|社|屯|{_HOUSE})"
        rf"|[{HAN}]{{1,4}}(?:自然村|小组|村民组)(?:\d{{1,4}}号)?)"
    )


def _chain() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.A-Za-z])(?:{_NUMBER}\s?(?:号楼|号院|栋|幢|座)"
        rf"\s?(?:{_NUMBER}\s?{_ROOM}|\d{{3,4}}{_NO_QUANTITY}(?:室|房)?)"
        rf"|{_NUMBER}\s?(?:单元|弄)\s?-?(?:{_NUMBER}\s?(?:室|号|户|楼|层)|\d{{3,4}}{_NO_QUANTITY}))"
    )


def _tail(places: str, whole: str) -> re.Pattern[str]:
    return re.compile(
        rf"[\s,，]?(?:(?:(?:{_NO_TALK}[{HAN}A-Za-z]){{0,8}}?(?:{places}))?{_PHASE}[\s,，]?{_UNIT}"
        rf"|(?<![\s,，])(?:{_NO_TALK}[{HAN}]){{2,8}}?(?={_NUMBER}\s?(?:栋|幢|号楼|单元))"
        rf"|(?:{_NO_TALK}[{HAN}]){{1,8}}?(?:{whole})(?!门口|附近|旁边|对面)"
        rf"|\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?![\d.元])|-?\d{{3,4}}{_NO_QUANTITY}(?:室|房)?|-\d{{1,4}}(?![\d.元])"
        r"|[东西南北主副]塔楼?\s?\d{3,4}|(?<=[楼层室])[左右中东西南北](?![\u3400-\u9fff])户?)"
    )
