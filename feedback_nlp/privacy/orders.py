"""Order and tracking numbers, which lead to a person through the shop's own records."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.privacy.cues import BETWEEN, NOT_A_QUANTITY, values
from feedback_nlp.privacy.found import Span

_END = rf"(?![A-Za-z0-9]){NOT_A_QUANTITY}"
_VALUE = r"(?=(?:[A-Z-]{0,12}\d){5})[A-Z0-9](?:[A-Z0-9-]{4,30})[A-Z0-9]"
_DATED = r"(?!20[0-3]\d(?:-|0[1-9]\d|1[0-2]\d))"
_DATED_OR_LONG = r"[A-Z]{0,4}\d{12,28}"
_CARRIER = (
    r"(?:顺丰|圆通|中通|申通|韵达|极兔|邮政|ems|德邦|百世|天天"
    r"|京东|菜鸟|丰网|跨越|安能)(?:快递|速递|物流|速运|快运|快件)?"
)
_TRACKING: Final = (
    re.compile(
        rf"(?:快递|快件|物流|运输|运|包裹|退货|寄回|退回|{_CARRIER})(?:的)?(?:单号|编号|单|号){BETWEEN}(?P<v>{_VALUE}){_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:快递|物流|包裹|{_CARRIER}){BETWEEN}(?P<v>{_DATED}(?=(?:[A-Z-]{{0,12}}\d){{10}})[A-Z0-9]{{10,20}}){_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:(?:快递|物流|运|包裹)单?号|{_CARRIER}){BETWEEN}(?P<v>(?:SF|YT"
        rf"|JT|JD|ZTO|STO|YD|DPK)? ?\d{{3,4}}(?:[ -]\d{{3,5}}){{2,4}}){_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![A-Za-z0-9])(?P<v>[A-Z]{{0,3}}\d{{10,16}})(?=(?:是|\s)?{_CARRIER})", re.IGNORECASE
    ),
    re.compile(
        r"(?<![A-Za-z0-9])(?P<v>SF\d{12,15}|YT\d{13,15}|JT\d{13}|ZTO?\d{12,13}|STO\d{12,13}|JD(?:[A-Z]{1,3})?\d{11,15}"
        r"(?:-\d{1,2}-\d{1,2}-?)?|DPK\d{12}|DPL\d{10,12}|YD\d{13}|E[A-Z]\d{9}CN|LP\d{14})(?![A-Za-z0-9])",
        re.IGNORECASE,
    ),
)
_ORDER: Final = (
    re.compile(
        r"(?:订单编号|订单号码?|单号|交易单?号|交易流水号?|流水号|商户单号|退款编号|退款号|支付单号|服务编号"
        r"|工单编号|售后编号|预约号|预订号|预约编号|预订编号|确认号|票号|发票号码?|参考号|凭证号|保单号|合同编号|合同号|受理号|受理编号"
        rf"|(?<![A-Za-z])order\s?(?:no\.?|id|number|#)){BETWEEN}(?P<v>{_VALUE}){_END}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:订单|运单){BETWEEN}(?P<v>\d{{8,32}}|{_VALUE}){_END}", re.IGNORECASE),
    re.compile(
        rf"(?:订单号?|单号|流水号){BETWEEN}(?P<v>\d{{4}}(?: \d{{4}}){{2,5}}(?: \d{{1,3}})?){_END}"
    ),
    re.compile(
        rf"(?:订单编?号|单号)[\u3400-\u9fff]{{0,5}}?[\s:]?(?P<v>{_DATED_OR_LONG}){_END}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:订单|单号)[^\d。！？!?;；\n*]{{1,15}}(?<![A-Za-z码])(?P<v>\d{{15,28}}){_END}"),
)
_ANOTHER = re.compile(rf"\s?(?:和|、|,|，|及|与|跟|/|\s)\s?(?P<v>{_VALUE}){_END}", re.IGNORECASE)


def order_numbers(text: str) -> Iterator[Span]:
    """Yield order, transaction and service numbers after their cue."""
    yield from _with_others(_ORDER, text)


def tracking_numbers(text: str) -> Iterator[Span]:
    """Yield parcel numbers after their cue, or in a carrier's own form (SF…, YT…, JD…)."""
    yield from _with_others(_TRACKING, text)


def _with_others(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[Span]:
    """Yield the values of the patterns, and those listed behind them (订单号 A 和 B)."""
    for start, end in values(patterns, text):
        yield start, end
        position = end
        while another := _ANOTHER.match(text, position):
            yield another.span("v")
            position = another.end()
