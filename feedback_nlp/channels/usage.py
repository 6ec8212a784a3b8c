"""Product-usage events as tracking tools export them; joined with reviews by user and version."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import only
from feedback_nlp.intake.identity import record_id
from feedback_nlp.intake.numbers import parse_number
from feedback_nlp.intake.reading import Reading
from feedback_nlp.records import Rejected, UsageEvent
from feedback_nlp.tabular.sheets import Sheet
from feedback_nlp.tabular.values import parse_duration

DEFAULT_CHANNEL: Final = "使用数据"
SHAPE: Final = Shape(
    fields=only(
        ("author_id", "version", "product", "channel"),
        {
            "author_id": ("用户id", "user_id", "uid", "userid", "distinct_id", "会员id"),
            "name": (
                "事件",
                "事件名",
                "事件名称",
                "功能",
                "功能名称",
                "行为",
                "event",
                "event_name",
            ),
            "happened_at": (
                "发生时间",
                "事件时间",
                "上报时间",
                "时间",
                "日期",
                "event_time",
                "timestamp",
                "time",
                "date",
            ),
            "count": ("次数", "使用次数", "触发次数", "点击次数", "count", "pv"),
            "seconds": ("时长", "使用时长", "停留时长", "duration", "seconds"),
            "version": ("版本", "应用版本", "app版本", "app_version", "version"),
            "product": ("产品", "应用", "应用名称", "app", "product"),
            "external_id": ("事件id", "日志id", "event_id", "log_id", "id"),
        },
    ),
    required=(("author_id",), ("name",), ("happened_at",)),
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[UsageEvent | Rejected]:
    """Yield the events of a sheet in file order, unusable lines as `Rejected`.

    Without a number of times an event happened once. The channel is part of the identity only.

    Raises:
        InputError: the table lacks a column for the user, the event or its time.
    """
    reading = Reading(now, channel)

    def make(entry: Entry) -> tuple[UsageEvent | Rejected]:
        return (_event(entry, reading),)

    return read_each(sheet, SHAPE, make, given=given)


def _event(entry: Entry, reading: Reading) -> UsageEvent | Rejected:
    author, name = entry.needed("author_id"), entry.needed("name")
    happened_at = entry.time("happened_at", reading.now)
    if happened_at is None:
        raise ValueError(entry.lacks("happened_at"))
    count = entry.value("count", parse_number)
    seconds = entry.value("seconds", parse_duration)
    external_id = entry.key("external_id")
    parts = reading.ids.parts(reading.channel_of(entry), external_id, entry.row.cells)
    event = UsageEvent(
        id=record_id("U", *parts),
        author_id=author,
        name=name,
        happened_at=happened_at,
        version=entry.plain("version"),
        product=entry.plain("product"),
        count=1 if count is None else count,
        seconds=seconds,
    )
    return reading.ids.once(event, external_id, entry)


CHANNEL: Final = Channel("usage", "产品使用数据", SHAPE, read, DEFAULT_CHANNEL)
