"""Who speaks in a conversation. Only a customer's words count as user voice.

Where a name could be either, it is staff: a customer's sentence lost is visible, an agent's
sentence counted as user voice is not.
"""

import re
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Who said something."""

    CUSTOMER = "customer"
    AGENT = "agent"
    ROBOT = "robot"
    SYSTEM = "system"


_EXACT: Final = {
    name: role
    for role, names in (
        (
            Role.CUSTOMER,
            "客户 顾客 用户 买家 访客 会员 我 customer user visitor buyer client guest",
        ),
        (
            Role.AGENT,
            "客服 坐席 座席 人工 商家 卖家 店家 掌柜 店小二 官方 agent staff seller operator rep",
        ),
        (Role.ROBOT, "机器人 智能客服 智能助手 robot bot ai chatbot assistant"),
        (Role.SYSTEM, "系统 通知 提示 事件 system event notice"),
    )
    for name in names.split()
}
_WITHIN: Final = (
    (Role.SYSTEM, re.compile("系统|^通知|自动提示")),
    (Role.ROBOT, re.compile("机器人|智能|机器助理|(?<![a-z])(?:ro|chat)?bot(?![a-z])")),
    (
        Role.AGENT,
        re.compile(
            "客服|[坐座]席|人工|专员|经理|主管|顾问|店小二|卖家|商家|掌柜|工程师|售[前后]|运营|助理|管家"
            "|团队|中心|服务|研究|代表|官方|客户成功|(?:客户|用户)(?:体验|关系|关怀|增长)|[部组处]$"
            "|(?<![a-z])(?:agent|staff|support|service|seller|operator)(?![a-z])"
        ),
    ),
)
_ORNAMENT: Final = re.compile(
    r"^(?:\d{1,3}[.、)）]\s*)?[^\w(（\[【]+|^\d{1,3}[.、)）]\s*|[*#>\s]+$"
)
_APART: Final = re.compile(r"(?<=[一-鿿])\s(?=[一-鿿])")
_BEHIND: Final = re.compile(r"[(（\[【](\w+)[)）\]】]$")
_TRADITIONAL: Final = str.maketrans("顧戶買賣專員會", "顾户买卖专员会")
_SENTENCE: Final = re.compile("[我你他她它咱说找]|(?<!顾)问|联系|告诉|没有|什么|怎么|为何")
"""Words of a sentence about somebody, not of a name."""
_NAMED_CUSTOMER: Final = re.compile(
    r"""(?:客户|顾客|用户|买家|访客|会员|(?:customer|user|visitor|buyer|client|guest)(?![a-z]))
    (?: [\s_\-:：#(（\[【] .* | [\w*]{0,40} | [一-鿿*]{1,3} (?:女士|先生|小姐)? )""",
    re.VERBOSE | re.ASCII,
)


def role_of(name: str, *, customer: str | None = None, agent: str | None = None) -> Role | None:
    """Say who is meant by `name`, or None when nobody can tell.

    Besides the words for the roles themselves (客服, 机器人, customer) it knows them with a name
    (客服小王, 用户_1023), and the names that the row itself gives its customer and its agent.
    """
    folded = _plain_name(name)
    if folded in _EXACT:
        return _EXACT[folded]
    known = {_plain_name(customer or ""): Role.CUSTOMER}
    known |= {_plain_name(agent or ""): Role.AGENT}  # the same name twice: staff
    if folded and folded in known:
        return known[folded]
    if _SENTENCE.search(folded):
        return None
    for role, words in _WITHIN:
        if words.search(folded):
            return role
    behind = _BEHIND.search(folded)
    is_customer = _NAMED_CUSTOMER.fullmatch(folded) or (
        behind and _EXACT.get(behind[1]) is Role.CUSTOMER
    )
    return Role.CUSTOMER if is_customer else None


def _plain_name(name: str) -> str:
    """Return a name without numbering and ornament: `1. **客 服**` is 客服, 客戶 is 客户."""
    bare = _ORNAMENT.sub("", name.strip().lower().translate(_TRADITIONAL))
    return _APART.sub("", bare)


def unknown_role(name: str) -> str:
    """Say, in Chinese, that nobody can tell who `name` is."""
    return f"看不出“{name.strip()}”是客户还是客服；请改写为 客户、客服、机器人 或 系统"
