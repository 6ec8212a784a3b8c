"""The customers of a shop or product: their tier, region and since when."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import only
from feedback_nlp.intake.identity import Identities
from feedback_nlp.records import CHINA, Customer, Rejected
from feedback_nlp.tabular.sheets import Sheet

SHAPE: Final = Shape(
    fields=only(
        ("author_id", "author_tier", "region"),
        {
            "author_id": (
                "客户id",
                "客户编号",
                "用户id",
                "会员号",
                "会员id",
                "客户",
                "customer_id",
                "user_id",
                "id",
            ),
            "author_tier": ("客户等级", "会员等级", "等级", "level", "tier"),
            "region": ("地区", "省份", "所在地区", "所在省份", "城市"),
            "since": ("注册时间", "注册日期", "入会时间", "入会日期", "since", "created_at"),
        },
    ),
    required=(("author_id",), ("author_tier", "region", "since")),
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = "", given: Given = None
) -> Iterator[Customer | Rejected]:
    """Yield the customers of a sheet in file order, unusable lines as `Rejected`.

    The id is the one that reviews carry as author, so the channel plays no part in it. The first
    line with an id wins, later ones are rejected; in another file it is an update.

    Raises:
        InputError: the table lacks the id, or everything else.
    """
    del channel
    ids = Identities()

    def make(entry: Entry) -> tuple[Customer | Rejected]:
        since = entry.time("since", now)
        customer = Customer(
            id=entry.needed("author_id"),
            tier=entry.plain("author_tier"),
            region=entry.plain("region"),
            since=None if since is None else since.astimezone(CHINA).date(),
        )
        return (ids.once(customer, customer.id, entry),)

    return read_each(sheet, SHAPE, make, given=given)


CHANNEL: Final = Channel("customers", "客户资料", SHAPE, read, "")
