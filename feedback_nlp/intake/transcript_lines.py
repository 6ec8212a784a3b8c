"""The lines of a transcript: one turn begins at most one of them, or nobody can tell."""

import re
from typing import Final

_CLOCK: Final = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
WHEN: Final = rf"(?:\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?[T\s]*)?{_CLOCK}"
ONLY_CLOCK: Final = re.compile(_CLOCK)
LABELS: Final = frozenset(
    {
        "订单号",
        "订单编号",
        "单号",
        "快递单号",
        "运单号",
        "电话",
        "手机",
        "手机号",
        "地址",
        "收货地址",
        "姓名",
        "收件人",
        "型号",
        "版本",
        "版本号",
        "系统版本",
        "系统型号",
        "手机系统",
        "账号",
        "帐号",
        "邮箱",
        "时间",
        "日期",
        "问题",
        "备注",
        "原因",
        "金额",
        "商品",
        "链接",
        "截图",
        "报错",
        "错误码",
        "错误代码",
        "客服电话",
        "客服热线",
        "客服态度",
        "服务态度",
        "ps",
    }
)
"""What customers themselves write before a colon."""
_TAIL: Final = r"[^\s:：,，。]{0,10}"
_STAFF: Final = (
    rf"(?:(?:智能客服|客服(?!电话|热线|态度|说|告诉|那边)|[坐座]席|机器人|商家|卖家|店小二|agent|robot|staff){_TAIL}"
    r"|系统(?:消息|提示|通知)?)"
)
_CUSTOMER: Final = rf"(?:客户|顾客|用户|买家|访客|会员|customer|visitor){_TAIL}"
_ROLE: Final = re.compile(rf"{_STAFF}|{_CUSTOMER}", re.IGNORECASE)
_AT: Final = rf"[\[【(（]?{WHEN}[\]】)）]?"
_BREAK: Final = r"[\s;；|。！？!?~～]"
_LINE_BREAK: Final = re.compile(r"<br\s*/?>|</(?:p|div|li)>|\\r?\\n|\\n", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?:p|div|li|ul|span|b)\b[^<>]*>", re.IGNORECASE)
_TIMED_TURN: Final = re.compile(
    rf"(?<={_BREAK})(?<!\d\s)(?<!日\s)(?=(?:{_AT}\s*(?:{_STAFF}|{_CUSTOMER})"
    rf"|(?:{_STAFF}|{_CUSTOMER})\s*{_AT})\s*[:：])",
    re.IGNORECASE,
)
_STAFF_INSIDE: Final = re.compile(
    rf"(?:^|{_BREAK}|[,，、\]】)）]){_STAFF}\s*(?:{_AT}\s*)?[:：]", re.IGNORECASE | re.MULTILINE
)
_STAFF_CLOSE: Final = re.compile(
    r"(?<![问找给跟对和是个的])(?<!联系)(?<!咨询)(?:客服|[坐座]席)[:：]"
)
_CUSTOMER_INSIDE: Final = re.compile(rf"{_BREAK}{_CUSTOMER}\s*(?:{_AT}\s*)?[:：]", re.IGNORECASE)


_SIDE: Final = r"^(?:\d{{1,3}}[.、)）])?[^\w\n]*(?:{at}[^\w\n]*)?{who}(?:\s?说)?(?=[^\w\n])"
_STAFF_BEGINS: Final = re.compile(
    _SIDE.format(at=WHEN, who="(?:客\\s?服|[坐座]席|机器人|商家|卖家|店小二|agent|staff|seller)"),
    re.IGNORECASE | re.MULTILINE,
)
_CUSTOMER_BEGINS: Final = re.compile(
    _SIDE.format(at=WHEN, who="(?:客\\s?户|顾客|用户|买家|访客|会员|customer|visitor|user)"),
    re.IGNORECASE | re.MULTILINE,
)
_TWO_COLUMNS: Final = re.compile(
    r"^\s*[\[【<《]\s*(?P<who>[^\[\]【】<>《》\n:：]{1,12}?)\s*[\]】>》]\s*[:：]?\s*(?P<said>\S.*)$"
)
_QUESTION: Final = re.compile(r"^\s*(?:q|问)\s*\d*\s*[:：]", re.IGNORECASE | re.MULTILINE)
_ANSWER: Final = re.compile(r"^\s*(?:a|答)\s*\d*\s*[:：]", re.IGNORECASE | re.MULTILINE)


_TIMED_NAME: Final = re.compile(
    rf"^(?:(?P<first>[^\W\d][^\s:：(（]{{0,20}}(?:[:：][^\s:：(（]{{1,20}})?)\s*{_AT}\s*(?:[:：]|$)"
    rf"|{_AT}\s*(?P<then>[^\W\d][^\s:：]{{0,20}})\s*[:：])",
    re.MULTILINE,
)


def both_sides_begin_lines(text: str) -> bool:
    """Say whether customer and staff each begin a line, in whatever way.

    Question and answer do as well, and two different names with times.
    """
    customer = _CUSTOMER_BEGINS.search(text)
    sides = customer and (_STAFF_BEGINS.search(text) or staff_follows_closely(text))
    names = {match["first"] or match["then"] for match in _TIMED_NAME.finditer(text)}
    return bool(sides or len(names) > 1 or (_QUESTION.search(text) and _ANSWER.search(text)))


def transcript_lines(cell: str) -> list[str]:
    """Split a transcript into lines; also at HTML and escaped breaks and at a turn with a time."""
    plain = _TAG.sub("", _LINE_BREAK.sub("\n", cell))
    lines = _TIMED_TURN.sub("\n", plain).splitlines()
    return [_unframed(line.strip()) for line in lines if line.strip()]


def _unframed(line: str) -> str:
    """Write `【客服】您好` as `客服：您好`; a time in brackets stays where it is."""
    match = _TWO_COLUMNS.fullmatch(line)
    if match is None or any(sign.isdigit() for sign in match["who"][:1]):
        return line
    return f"{match['who']}：{match['said']}" if _ROLE.fullmatch(match["who"]) else line


def staff_speaks_in(text: str) -> bool:
    """Say whether somebody of the staff seems to speak within a customer's words."""
    return bool(_STAFF_INSIDE.search(text))


def staff_follows_closely(text: str) -> bool:
    """Say the same where nothing parts the two: `太慢了客服：您好`, but not `我问了客服：…`."""
    return bool(_STAFF_CLOSE.search(text))


def customer_speaks_in(text: str) -> bool:
    """Say whether a customer seems to speak within the words of another on the same line."""
    return bool(_CUSTOMER_INSIDE.search(text))
