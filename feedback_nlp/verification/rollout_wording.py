"""What a rollout shows, as Chinese sentences."""

from typing import Final

from feedback_nlp.names import ADVICE
from feedback_nlp.records import Advice, Denominator, Rollout
from feedback_nlp.verification.sequential import LARGEST_RATIO
from feedback_nlp.verification.wording import percent

_BASE: Final = {Denominator.EXPOSURE: "人次曝光", Denominator.REVIEWS: "条评论"}


def rollout_sentence(found: Rollout) -> str:
    """Say what was counted on both sides, how they compare, and what is advised."""
    base = _BASE[found.denominator]
    counted = (
        f"有新版的 {found.count_with:,} 条 / {found.base_with:,} {base}，"
        f"没有的 {found.count_without:,} 条 / {found.base_without:,} {base}"
    )
    return f"{counted}：{_ratio(found)} → {ADVICE[found.advice]}"


def advice_sentence(found: Rollout, *, target: float) -> str:
    """Say what the advice means."""
    if not found.base_with:
        return "有新版的用户还没有来过一条评论，无从比较；请核对登记的取值是否与评论里的写法一致。"
    if found.advice is Advice.WIDEN:
        return f"整个区间都低于目标 {percent(target)}：有新版的人明显少抱怨，可以放给更多用户。"
    if found.advice is Advice.STOP:
        return "整个区间都高于 100%：有新版的人抱怨更多，请停止放量，查明原因。"
    if found.before_count == 0:
        blind = "上线前没有这个主题的评论，两边原来差多少无从知道，不能据此扩大或停止"
        return f"{blind}；请按版本登记放量。"
    return _undecided(found, target)


def _undecided(found: Rollout, target: float) -> str:
    if not found.count_with + found.count_without:
        return "上线以后还没有人说到这个主题。"
    if found.more is None:
        return "看不出比目标好，也看不出变差；照这样下去，再等也未必看得出来。"
    return (
        f"看不出比目标 {percent(target)} 好，也看不出变差；"
        f"照这样下去，大约还要 {found.more:,} 条这个主题的评论才看得出来。"
    )


def _ratio(found: Rollout) -> str:
    if not (found.count_with + found.count_without and found.base_with):
        return "还无从比较"
    high = "以上" if found.high >= LARGEST_RATIO else f"-{percent(found.high)}"
    figures = f"{_whole(found.ratio)}（{_whole(found.low)}{high}）"
    if found.before_ratio is None:
        return f"是没有新版的 {figures}"
    return (
        f"与没有新版的相比，是上线前的 {figures}，"
        f"上线前是他们的 {_whole(found.before_ratio)}（{found.before_count:,} 条），已扣除"
    )


def _whole(ratio: float) -> str:
    if ratio >= LARGEST_RATIO:
        return f"{percent(LARGEST_RATIO)}以上"
    return percent(ratio) if ratio else "0%"
