"""Where a clause may be cut so that what is left still reads as the users said it."""

import re
from collections.abc import Sequence
from typing import Final

from feedback_nlp.text.segment import stop_words


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADERS: Final = _listed(
    "但 但是 可是 可 不过 然而 只是 就是 而且 并且 而 并 而是 所以 因此 结果 然后 后来 "
    "另外 还有 其实 因为 由于 虽然 比如 还是 以及 和 首先 其次 最后 总之 反正 现在 今天 "
    "昨天 最近 目前 如今 刚刚 刚才 我 我们 我的 你 你们 他们 它 这 这个 这些 那 那个 那些 "
    "为什么 为何 为啥 为嘛 怎么 咋 怎么回事 请问 请 麻烦 亲 就 还 也 都 又 却 才 真的 "
    "真是 实在 简直 居然 竟然 竟 特别 尤其 感觉 觉得 发现 唉 哎 是 说 的 了 呢 啊 吧 吗 "
    "呀 嘛 啦 哦 话 后 之后 以后 以前 之前 时 时候 反而 要不是 不但 不仅 如果 要是 尤其是 "
    "甚至 毕竟 于是 那么 这样 有的 有些 有人 已经"
)
"""Words that a clause may lose at its beginning and still be whole."""
_TRAILERS: Final = _listed(
    "了 的 地 吗 呢 吧 啊 呀 嘛 哦 啦 么 呗 咯 哎 唉 额 呃 嗯 噢 喔 着 而已 似的 来着 "
    "的话 哈 哈哈 呵呵 呜呜 等 等等 之类 什么 啥 为什么 怎么回事 咋回事 还 就 都 也 又 "
    "谢谢 请 求"
)
"""Words that a clause may lose at its end and still be whole."""
_COMPLEMENTS: Final = _listed(
    "不了 不到 不上 不出 不起 不进 不去 不来 不开 不下 不动 不完 不掉 不住 不成 不通 不着 "
    "不过来 不出来 不进去 不上去 不下来 得了 得到 起来 出来 下来 上来 进来 过来 回来 下去 "
    "上去 进去 出去 过去 回去 上 下 来 去 里 中 内 外 到 掉 成 住 完 后 前 时 之后 之前 "
    "以后 以前 以来 时候 的时候 期间 们 个 次 得 地 着 过 率 性 者 化 版 款 码 键 费 额 "
    "号 页"
)
"""Words that complete the one before them: 付|不了, 显示|出来, 登录|页."""
_MAY_BEGIN: Final = _listed(
    "一 每次 每个 每天 天天 用 让 被 把 要 想 想要 希望 建议 突然 忽然 总是 老是 一直 "
    "经常 常常 老 总 看 看到 需要 多次 偶尔 有 会 在 给 对 从 自己 越来越 快 刚 求 能 再 "
    "全 只有 出现 收到 到 多 开始 第一次 好几次 两次 一点 一次 大家 做 来 看看 通过 根据"
)
"""Stop words that a name may begin with."""
_MAY_END: Final = _listed(
    "起来 出来 下来 上来 进来 过来 回来 下去 上去 进去 出去 过去 回去 知道 多次 好几次 "
    "几天 两天 一样 自己 一次 两次 次 遍 小时 分钟 天 月 年 块 元 块钱 里面 上面 一下 "
    "一点 看 用 半 里 上 好几个 别人 开 钱 名 分 份 本 条 张 件 点"
)
"""Stop words that a name may end with, after another word."""
_DEGREES: Final = _listed("太 很 真 挺 不 特别 非常 越来越 超级 比较 最 更")
"""Words after which 快 is what is said: 特别快, but not 等了快|两个小时."""
_NEVER_LAST: Final = _listed(
    "们 个 得 地 着 后 前 时 时候 之后 之前 以后 以前 到 里 中 内 外 完 成"
)
"""Complements that want more to follow."""
_BINDS: Final = _listed(
    "虽然 尽管 但是 但 可是 不过 然而 如果 要是 假如 因为 由于 所以 因此 而且 并且 或者 而是 否则 "
    "不然 以及 之前 可"
)
"""Words that bind two statements: one of them alone is enough for a name."""
_ASKS_FOR_NEXT: Final = re.compile(
    r"[不没无未别勿莫非]|没有|无法|[不没]能|不会|不要|不是|[不没]让|不给|不可以|不想|不需要|没法|难以|不太|没人"
    r"|把|被|将|对|从|向|往|给|跟|与|和|及|用|在|于|按|为|比|让|使|由|替|以|关于|除了|连"
    r"|[一二三四五六七八九十两几半百千万0-9.]+[多个几来]*|第.|[每这那某哪各][个次种]?|多少|多"
    r"|很|太|更|最|挺|好|非常|特别|越来越|越|得|地|的|所|要|想|会|能|能够|可以|需要|应该|再|才|就|都|也"
    r"|希望|建议|能不能|能否"
)
"""Words that say nothing without the next one: 不|能登录, 被|扣钱, 两个|小时."""
_SAYS_OF_PREVIOUS: Final = re.compile(
    r"[不没无未别太很超].*|好|非常|特别|越来越|的|得|是|有|都|也|还|才|就|总|总是|老|老是|一直|又|却|还是|全是"
    r"|难|差|慢|多|少|贵|被|会|能|可以|怎么|为什么|居然|竟然"
)
"""Words with which begins what is said of the words before: 充值|不能用."""
_STATES: Final = re.compile(
    r".*[不没无未难慢差贵烂坏错漏少].*|太.*|就|才|又|还|还是|都|也|全是|总|总是|老|老是|一直|经常|天天|每次"
    r"|突然|越来越|被|要|希望|建议|能|能否|应该|增加|支持|添加|恢复|闪退|失败|异常|超时|卡死|报错"
)
"""Words that show a statement or a wish."""
_NUMBER_END: Final = re.compile(r"[0-9一二三四五六七八九十两几半百千万]$")


def may_begin(word: str) -> bool:
    """Say whether a name may begin with this word, in lower case."""
    if word in _LEADERS or word in _COMPLEMENTS:
        return False
    return word not in stop_words() or word in _MAY_BEGIN


def may_end(word: str, before: str) -> bool:
    """Say whether a name may end with this word after the word `before`."""
    if word in _TRAILERS or word in _LEADERS:
        return False
    if word == "快":
        return before in _DEGREES
    if word in _MAY_END or word in _COMPLEMENTS:
        return bool(before) and word not in _NEVER_LAST
    return word not in stop_words() and not _ASKS_FOR_NEXT.fullmatch(word)


def is_leader(word: str) -> bool:
    """Say whether a clause that loses this word at its beginning is still whole."""
    return word in _LEADERS


def is_trailer(word: str) -> bool:
    """Say whether a clause that loses this word at its end is still whole."""
    return word in _TRAILERS


def belong_together(before: str, after: str) -> bool:
    """Say whether a cut between these two words tears: 不|能, 付|不了, 两个|小时, 被|扣."""
    return bool(
        _ASKS_FOR_NEXT.fullmatch(before) or after in _COMPLEMENTS or _NUMBER_END.search(before)
    )


def says_of_previous(after: str) -> bool:
    """Say whether what is said of a phrase begins with the word behind it: 充值|不能用."""
    return bool(_SAYS_OF_PREVIOUS.fullmatch(after))


def binds_two(words: Sequence[str]) -> bool:
    """Say whether words hold more than one statement: 虽然|不能存档."""
    return not _BINDS.isdisjoint(words)


def says_something(words: Sequence[str]) -> bool:
    """Say whether a phrase shows that something is said or asked of what it names."""
    return any(_STATES.fullmatch(word) for word in words)
