"""Orders, active users and installs by day, product, version, region and channel."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import only
from feedback_nlp.intake.numbers import parse_number
from feedback_nlp.records import CHINA, Exposure, Rejected
from feedback_nlp.tabular.sheets import Sheet

_COUNTS: Final = ("orders", "active_users", "installs")
SHAPE: Final = Shape(
    fields=only(
        ("product", "version", "region", "channel"),
        {
            "day": ("日期", "统计日期", "日", "day", "date", "时间"),
            "orders": ("订单数", "订单量", "成交订单数", "支付订单数", "orders"),
            "active_users": ("活跃用户", "活跃用户数", "日活", "日活跃用户", "dau", "active_users"),
            "installs": ("安装量", "安装数", "新增安装", "下载量", "installs"),
        },
    ),
    required=(("day",), _COUNTS),
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = "", given: Given = None
) -> Iterator[Exposure | Rejected]:
    """Yield the counts of a sheet in file order, unusable lines as `Rejected`.

    An empty product, version, region or channel means all of them together. One key twice in a
    sheet is rejected the second time: adding up could count people twice.

    Raises:
        InputError: the table lacks the day, or every count.
    """
    first: dict[Exposure, int] = {}

    def make(entry: Entry) -> tuple[Exposure]:
        key = _key(entry, channel, now)
        exposure = _counted(entry, key)
        line = first.setdefault(key, entry.row.line)
        if line != entry.row.line:
            raise ValueError(f"{_shown(key)} 在本文件第 {line} 行已出现；请先合并成一行")
        return (exposure,)

    return read_each(sheet, SHAPE, make, given=given)


def _key(entry: Entry, channel: str, now: datetime) -> Exposure:
    moment = entry.time("day", now)
    if moment is None:
        raise ValueError(entry.lacks("day"))
    return Exposure(
        day=moment.astimezone(CHINA).date(),
        product=entry.plain("product") or "",
        version=entry.plain("version") or "",
        region=entry.plain("region") or "",
        channel=entry.plain("channel") or channel.strip(),
    )


def _counted(entry: Entry, key: Exposure) -> Exposure:
    orders, active_users, installs = (entry.value(field, parse_number) for field in _COUNTS)
    if orders is None and active_users is None and installs is None:
        raise ValueError("没有订单数、活跃用户或安装量")
    return Exposure(
        day=key.day,
        product=key.product,
        version=key.version,
        region=key.region,
        channel=key.channel,
        orders=orders,
        active_users=active_users,
        installs=installs,
    )


def _shown(key: Exposure) -> str:
    parts = (key.day.isoformat(), key.product, key.version, key.region, key.channel)
    return " ".join(part for part in parts if part)


CHANNEL: Final = Channel("exposure", "曝光量（订单、活跃用户、安装）", SHAPE, read, "")
