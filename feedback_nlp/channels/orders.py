"""Orders: the source of recency, frequency and monetary value."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each
from feedback_nlp.intake.fields import only
from feedback_nlp.intake.identity import record_id
from feedback_nlp.intake.reading import Reading
from feedback_nlp.records import Order, Rejected
from feedback_nlp.tabular.sheets import Sheet
from feedback_nlp.tabular.values import parse_amount, parse_bool

DEFAULT_CHANNEL: Final = "订单"
SHAPE: Final = Shape(
    fields=only(
        ("author_id", "product", "version", "region", "channel"),
        {
            "external_id": ("订单编号", "订单号", "订单id", "order_id", "order id", "id"),
            "author_id": (
                "用户id",
                "客户id",
                "会员id",
                "买家id",
                "买家会员名",
                "买家昵称",
                "user_id",
            ),
            "ordered_at": (
                "下单时间",
                "订单创建时间",
                "订单付款时间",
                "付款时间",
                "支付时间",
                "创建时间",
                "下单日期",
                "日期",
                "时间",
                "ordered_at",
            ),
            "amount": (
                "实付金额",
                "买家实付",
                "买家实际支付金额",
                "支付金额",
                "订单金额",
                "金额",
                "总金额",
                "amount",
            ),
            "refunded": ("退款状态", "是否退款", "退款", "售后状态", "refunded"),
        },
    ),
    required=(("author_id",), ("ordered_at",), ("amount",)),
)
_REFUNDED: Final = frozenset(
    {"退款成功", "已退款", "全额退款", "退款完成", "已全额退款", "退货退款成功"}
)
_NOT_REFUNDED: Final = frozenset(
    [
        "无退款",
        "未退款",
        "未申请退款",
        "没有申请退款",
        "无售后",
        "退款关闭",
        "退款失败",
        "退款中",
        "申请退款",
        "退款处理中",
        "部分退款",
        "已撤销",
        "正常",
    ]
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Order | Rejected]:
    """Yield the orders of a sheet in file order, unusable lines as `Rejected`.

    A refund that is only asked for, refused or partial leaves the order as it is. An export with
    one line an article repeats the order's id: the first line wins and the others are rejected,
    because nobody can tell whether the amount is the article's or the order's.

    Raises:
        InputError: the table lacks a column for the customer, the time or the amount.
    """
    reading = Reading(now, channel)

    def make(entry: Entry) -> tuple[Order | Rejected]:
        return (_order(entry, reading),)

    return read_each(sheet, SHAPE, make, given=given)


def _order(entry: Entry, reading: Reading) -> Order | Rejected:
    author, ordered_at = entry.needed("author_id"), entry.time("ordered_at", reading.now)
    amount = entry.value("amount", parse_amount)
    if ordered_at is None:
        raise ValueError(entry.lacks("ordered_at"))
    if amount is None:
        raise ValueError(entry.lacks("amount"))
    refunded = entry.value("refunded", parse_refund) or False
    external_id = entry.key("external_id")
    parts = reading.ids.parts(reading.channel_of(entry), external_id, entry.row.cells)
    order = Order(
        id=record_id("O", *parts),
        author_id=author,
        ordered_at=ordered_at,
        amount=amount,
        product=entry.plain("product"),
        version=entry.plain("version"),
        region=entry.plain("region"),
        refunded=refunded,
    )
    return reading.ids.once(order, external_id, entry)


def parse_refund(cell: str) -> bool:
    """Say whether the whole amount went back.

    Raises:
        ValueError: a state nobody knows.
    """
    state = cell.strip()
    if state in _REFUNDED or state in _NOT_REFUNDED:
        return state in _REFUNDED
    try:
        return parse_bool(cell)
    except ValueError:
        raise ValueError(f"退款状态“{cell}”看不懂，请写成 已退款 或 未退款") from None


CHANNEL: Final = Channel("orders", "订单", SHAPE, read, DEFAULT_CHANNEL)
