"""Names of the fields a column can hold, and the headers by which each is known."""

from collections.abc import Mapping
from typing import Final

from feedback_nlp.tabular.columns import FIELD_NAMES, HEADERS

Fields = Mapping[str, tuple[str, ...]]
"""Field -> headers that name it, lower case; no header names two fields."""

NAMES: Final = {
    **FIELD_NAMES,
    "active_users": "活跃用户",
    "agent": "客服姓名",
    "amount": "金额",
    "append_at": "追评时间",
    "append_text": "追评",
    "conversation": "会话 ID",
    "count": "次数",
    "csat": "满意度",
    "day": "日期",
    "floor": "楼层",
    "happened_at": "时间",
    "installs": "安装量",
    "name": "事件",
    "nps": "推荐意愿",
    "order_id": "订单编号",
    "ordered_at": "下单时间",
    "orders": "订单数",
    "product_id": "商品编号",
    "refunded": "退款状态",
    "replied_at": "回复时间",
    "reply_to": "回复楼层",
    "resolved_at": "解决时间",
    "role": "角色",
    "seconds": "时长",
    "sender": "发送方",
    "sequence": "消息序号",
    "since": "注册时间",
    "sku": "规格",
    "solution": "处理结果",
    "text_2": "第二段正文",
    "text_3": "第三段正文",
    "official": "官方",
    "reply_count": "回帖数",
    "thread": "帖子编号",
    "board": "版块",
    "views": "浏览",
    "transcript": "聊天记录",
}
"""What each field is called in messages."""


_NO_IDENTITY: Final = frozenset({"订单号", "订单编号"})
"""One order has several reviews: alone it identifies none of them."""


def with_base(own: Fields) -> dict[str, tuple[str, ...]]:
    """Add the channel's own headers to those of the generic table; its own meaning wins."""
    claimed = {header for headers in own.values() for header in headers} | _NO_IDENTITY
    base = {
        name: tuple(header for header in headers if header not in claimed)
        for name, headers in HEADERS.items()
    }
    return {name: own.get(name, ()) + base.get(name, ()) for name in {**own, **base}}


def only(base: tuple[str, ...], own: Fields) -> dict[str, tuple[str, ...]]:
    """Like `with_base`, with no more of the generic table than the fields named in `base`."""
    wanted = {*base, *own}
    return {name: headers for name, headers in with_base(own).items() if name in wanted}
