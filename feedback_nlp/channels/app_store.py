"""App-store reviews as App Store Connect, Google Play, 华为应用市场, 七麦 or 酷传 export them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import with_base
from feedback_nlp.intake.reading import Reading, titled
from feedback_nlp.records import Rejected, Review
from feedback_nlp.tabular.sheets import Sheet

DEFAULT_CHANNEL: Final = "应用商店"
SHAPE: Final = Shape(
    fields=with_base(
        {
            "text": ("评论内容", "评论详情", "review text", "review", "body"),
            "title": ("评论标题", "review title"),
            "external_id": ("review id", "review_id"),
            "created_at": (
                "发表时间",
                "评论发表时间",
                "更新时间",
                "review submit date and time",
                "created date",
                "createddate",
            ),
            "rating": ("评级", "评分星级", "star rating"),
            "version": ("应用版本号", "app版本号", "app version name", "app version"),
            "product": ("应用名称", "应用", "app", "app name", "package name", "包名"),
            "author_id": ("作者", "评论者", "评论人", "评论用户", "reviewernickname", "nickname"),
            "region": ("国家/地区", "国家", "国家地区", "territory", "country"),
            "reply": ("开发者回复", "开发者回复内容", "developer reply text", "developer response"),
            "replied_at": (
                "回复时间",
                "开发者回复时间",
                "developer reply date and time",
            ),
        }
    ),
    required=(("text", "title"),),
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Review | Rejected]:
    """Yield the reviews of a sheet in file order, unusable lines as `Rejected`.

    What the developer answers becomes a reply; the device and other columns stay extras.

    Raises:
        InputError: the table lacks a required column.
    """
    reading = Reading(now, channel)

    def make(entry: Entry) -> tuple[Review | Rejected]:
        return (reading.once(reading.review(entry, titled(entry)), entry),)

    return read_each(sheet, SHAPE, make, given=given)


CHANNEL: Final = Channel("app_store", "应用商店评论", SHAPE, read, DEFAULT_CHANNEL)
