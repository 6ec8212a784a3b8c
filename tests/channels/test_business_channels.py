from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from builders import shanghai

from feedback_nlp.channels import named
from feedback_nlp.errors import InputError
from feedback_nlp.records import Customer, Exposure, Order, Rejected, UsageEvent

Read = Callable[..., list[Any]]


def test_usage_event(read: Read) -> None:
    (event,) = read(
        "usage",
        "用户ID|事件名称|发生时间|版本|应用|次数|时长(秒)",
        "u1|下单|2026-03-01 9:05|3.1|到家|2|90",
    )
    assert event == UsageEvent(
        id=event.id,
        author_id="u1",
        name="下单",
        happened_at=shanghai(2026, 3, 1, 9, 5),
        version="3.1",
        product="到家",
        count=2,
        seconds=90.0,
    )


def test_equal_events_stay_two_and_an_id_comes_once(read: Read) -> None:
    first, second = read("usage", "user_id|event|time", *["u1|open|2026-03-01"] * 2)
    assert (first.count, first.id != second.id) == (1, True)
    _, again = read("usage", "event_id|user_id|event|time", *["e1|u1|open|2026-03-01"] * 2)
    assert again.reason == "编号 e1 在本文件第 2 行已出现，内容相同"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("|open|2026-03-01|1", "“user_id”列是空的"),
        ("u1|-|2026-03-01|1", "“event”列是空的"),
        ("u1|open||1", "“time”列是空的"),
        ("u1|open|2026-03-01|-3", "“次数”列：数目“-3”看不懂，应为非负整数"),
    ],
)
def test_unusable_event_is_rejected(read: Read, row: str, reason: str) -> None:
    (rejected,) = read("usage", "user_id|event|time|次数", row)
    assert rejected.reason == reason


def test_exposure_of_a_day(read: Read) -> None:
    found = read(
        "exposure",
        "日期|产品|版本|地区|渠道|订单数|活跃用户|安装量",
        "2026-03-01|到家|3.1|浙江|微信|1,200|1.5万|",
        "2026-03-02||||||3|",
    )
    assert found == [
        Exposure(date(2026, 3, 1), "到家", "3.1", "浙江", "微信", 1200, 15_000, None),
        Exposure(date(2026, 3, 2), active_users=3),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-03-01|到家|9", "2026-03-01 到家 在本文件第 2 行已出现；请先合并成一行"),
        ("2026-03-02|到家|-9", "“订单数”列：数目“-9”看不懂，应为非负整数"),
        ("2026-03-02|到家|", "没有订单数、活跃用户或安装量"),
        ("|到家|9", "“日期”列是空的"),
    ],
)
def test_unusable_exposure_is_rejected(read: Read, row: str, reason: str) -> None:
    _, rejected = read("exposure", "日期|产品|订单数", "2026-03-01|到家|8", row)
    assert (rejected.line, rejected.reason) == (3, reason)


def test_customer_is_known_by_the_id_that_reviews_carry(read: Read) -> None:
    customer, rejected = read(
        "customers", "客户ID|客户等级|省份|注册时间", "u1|A|浙江|2025-01-02", "u1|B|浙江|"
    )
    assert customer == Customer("u1", "A", "浙江", date(2025, 1, 2))
    assert rejected.reason == "编号 u1 在本文件第 2 行已出现，内容不同；请改用唯一的编号"


def test_customer_without_an_id_is_rejected(read: Read) -> None:
    (rejected,) = read("customers", "客户ID|等级", "|A")
    assert rejected.reason == "“客户ID”列是空的"


ORDER = "订单编号|买家昵称|下单时间|实付金额|商品名称|退款状态"


def test_order(read: Read) -> None:
    (order,) = read("orders", ORDER, "T1|j***n|2026-03-01 9:05|¥1,299.50|台灯|退款成功")
    assert order == Order(
        id=order.id,
        author_id="j***n",
        ordered_at=shanghai(2026, 3, 1, 9, 5),
        amount=1299.5,
        product="台灯",
        refunded=True,
    )


@pytest.mark.parametrize(
    ("state", "refunded"),
    [("", False), ("没有申请退款", False), ("部分退款", False), ("是", True), ("否", False)],
)
def test_only_a_whole_refund_counts(read: Read, state: str, refunded: bool) -> None:  # noqa: FBT001
    (order,) = read("orders", ORDER, f"T1|u|2026-03-01|0|台灯|{state}")
    assert order.refunded is refunded


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("T2|u|2026-03-01|-9|台灯|", "“实付金额”列：金额“-9”是负数"),
        ("T2|u|2026-03-01||台灯|", "“实付金额”列是空的"),
        ("T2|u||9|台灯|", "“下单时间”列是空的"),
        ("T2||2026-03-01|9|台灯|", "“买家昵称”列是空的"),
        (
            "T2|u|2026-03-01|9|台灯|也许",
            "“退款状态”列：退款状态“也许”看不懂，请写成 已退款 或 未退款",
        ),
        ("T1|u|2026-03-01|9|灯泡|", "编号 T1 在本文件第 2 行已出现，内容不同"),
    ],
)
def test_unusable_order_is_rejected(read: Read, row: str, reason: str) -> None:
    _, rejected = read("orders", ORDER, "T1|u|2026-03-01|9|台灯|", row)
    assert isinstance(rejected, Rejected)
    assert rejected.reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "header", "missing"),
    [
        ("usage", "用户ID|时间", "事件"),
        ("exposure", "日期|产品", "订单数或活跃用户或安装量"),
        ("customers", "客户ID", "客户等级或地区或注册时间"),
        ("orders", "用户ID|下单时间", "金额"),
    ],
)
def test_missing_column_is_named_with_what_to_do(
    read: Read, name: str, header: str, missing: str
) -> None:
    field = next(group[0] for group in named(name).required if group[0] not in _found(name, header))
    with pytest.raises(InputError, match=f"找不到{missing}列：表头是 .*--map 你的表头={field}"):
        read(name, header, header)


def _found(name: str, header: str) -> dict[str, str]:
    return named(name).columns(header.split("|"))
