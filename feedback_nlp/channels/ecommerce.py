"""Shop reviews as 京东, 淘宝/天猫, 拼多多 or 抖店 export them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import with_base
from feedback_nlp.intake.identity import review_id
from feedback_nlp.intake.reading import Reading, titled
from feedback_nlp.records import Rejected, Review
from feedback_nlp.tabular.sheets import Sheet

DEFAULT_CHANNEL: Final = "电商"
SHAPE: Final = Shape(
    fields=with_base(
        {
            "text": ("初评内容", "首评内容", "首次评价", "评价内容", "评论内容", "初评"),
            "created_at": ("初评时间", "首评时间", "评价时间", "评论时间"),
            "append_text": ("追评内容", "追加评价内容", "追加评价", "追加评论", "追评"),
            "append_at": ("追评时间", "追加评价时间", "追加时间", "追加评论时间"),
            "rating": ("评价等级", "评价星级", "好中差评", "评价类型", "评级", "评分", "星级"),
            "author_id": ("买家昵称", "买家会员名", "买家账号", "买家id", "买家", "会员名"),
            "product": ("商品名称", "商品标题", "宝贝标题", "宝贝名称", "商品"),
            "product_id": ("商品id", "商品编号", "宝贝id", "spu", "spu id"),
            "sku": ("sku", "规格", "商品规格", "sku名称", "sku规格", "商品属性", "商品sku"),
            "order_id": ("订单编号", "订单号", "订单id", "主订单编号", "order_id", "order id"),
            "reply": ("商家回复", "卖家回复", "店铺回复", "掌柜回复", "商家回复内容", "解释"),
            "replied_at": ("商家回复时间", "卖家回复时间", "回复时间", "解释时间"),
        }
    ),
    required=(("text", "append_text"),),
)

_KEPT: Final = frozenset({"sku", "product_id"})


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Review | Rejected]:
    """Yield the reviews of a sheet in file order, unusable lines as `Rejected`.

    好评, 中评 and 差评 are 5, 3 and 1 stars. Without an id of its own a review is known by its
    order together with what was bought, because one order may hold several reviews.

    What the buyer appends later (追评) is a review of its own when the export tells when, so that
    it counts in its own week; otherwise it follows the first words on a line of its own. It has
    no rating: the stars were given with the first words.

    Raises:
        InputError: the table lacks a required column.
    """
    reading = Reading(now, channel)

    def make(entry: Entry) -> list[Review | Rejected]:
        return _reviews(entry, reading)

    return read_each(sheet, SHAPE, make, given=given)


def _reviews(entry: Entry, reading: Reading) -> list[Review | Rejected]:
    first, later = titled(entry), entry.plain("append_text")
    appended_at = entry.time("append_at", reading.now)
    apart = first.strip() and later is not None and appended_at is not None
    text = first if later is None or apart else f"{first}\n{later}".strip()
    review = reading.review(entry, text, external_id=_bought(entry), kept=_KEPT)
    if not first.strip() and appended_at is not None:
        review = replace(review, created_at=appended_at)
    found = reading.once(review, entry)
    if later is None or not apart or isinstance(found, Rejected):
        return [found]
    return [found, _appended(review, later, appended_at)]


def _appended(first: Review, text: str, at: datetime | None) -> Review:
    return replace(
        first,
        id=review_id(first.id, "append"),
        external_id=None if first.external_id is None else f"{first.external_id}#追评",
        text=text,
        created_at=at,
        rating=None,
        likes=0,
        replies=(),
        extras=(("初评", first.id),),
    )


def _bought(entry: Entry) -> str | None:
    """Return what names a review that has no id: its order and what was bought."""
    order = entry.key("order_id")
    goods = entry.key("product_id") or entry.plain("product")
    parts = (order, goods, entry.plain("sku"))
    return None if order is None else "/".join(part for part in parts if part)


CHANNEL: Final = Channel("ecommerce", "电商评价", SHAPE, read, DEFAULT_CHANNEL)
