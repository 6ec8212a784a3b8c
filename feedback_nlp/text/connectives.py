"""What the first and last words of a piece say about its neighbours."""

import re
from typing import Final

CONTRAST: Final = re.compile(
    r"但(?!凡|愿)|可是|可(?=就|这|那|我|它|他|现在|没|惜)|不过(?!如此|瘾)|然而|就是(?!说|因为|为了|这|那|喜欢)"
    r"|只是|只不过|而(?!且|已|言|是|后|来)|却|倒是|反而|唯一|美中不足|遗憾"
)
"""A piece that begins so turns against what came before: always its own clause."""

_OPENS = re.compile(
    r"如果|要是|假如|若|因为|由于|只要|只有|除非|无论|不管|既然|每次|每当|当|自从|本来|原本|原来|以为|为了"
)
_ANSWERED = re.compile(r"就(?!是)|才|都|也|[吗呢吧啊嘛]$")
_OPENS_AT_END = re.compile(
    r"(?:之?后|以后|时|时候|的话|之前|以前|期间|一样|希望|建议|发现|说|问|[:：]|[0-9]{1,2}[号日点])$"
)
_FOLLOWS = re.compile(
    r"就(?!是)|才|便|结果|导致|所以|因此|因而|于是|以至于|以致|害得|害我|搞得|弄得|使得|从而"
    r"|否则|不然|要不然|了(?!解)|的(?!确|士)|之?后|以后|以来"
)
_LEADER = re.compile(
    r"(?:另外|还有|总之|最后|首先|其次|再次|其实|说实话|说真的|总体来说|总的来说|总体|对了|至于|此外|同时"
    r"|不过|但是|可是|然而|但|只是|就是|昨天|今天|现在|最近|后来|然后|目前|结果|而且|并且|因此|所以)"
)
_NEGATION = re.compile(r"(?:[不没无未别勿莫非]|没有|无法|不能|不会|不要|不是|难以)$")
_AFTER_NEGATION = re.compile(r"(?:[不没无未别勿莫非]|没有|无法|不能|不会|不要|不是|难以)$")

_UNITS = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_FOREIGN_WORDS = re.compile(r"[^\W_\u3400-\u9fff]+")


def weight(text: str) -> int:
    """Return how much a piece says: one per Han character, two per Latin word or number."""
    return len(_UNITS.findall(text)) + len(_FOREIGN_WORDS.findall(text))


def leans_on_next(text: str) -> bool:
    """Say whether a piece announces another: a condition, a reason, a point in time."""
    opens = _OPENS.match(text) and not _ANSWERED.search(text)
    return bool(opens or _OPENS_AT_END.search(text[-4:]))


def leans_on_previous(text: str) -> bool:
    """Say whether a piece only completes the one before it: a consequence, a torn word."""
    return bool(_FOLLOWS.match(text))


def leads(text: str) -> bool:
    """Say whether a piece is nothing but an introduction to what follows (另外, 总之)."""
    return bool(_LEADER.fullmatch(text))


def negation_torn(before: str, after: str) -> bool:
    """Say whether a cut between the two would part a negation from what it negates."""
    return bool(_NEGATION.search(before[-2:]) or _AFTER_NEGATION.match(after))
