"""What verification found, as Chinese sentences."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from feedback_nlp.records import (
    Baseline,
    Comparison,
    Denominator,
    Doubt,
    Relapse,
    Verdict,
    Verification,
)
from feedback_nlp.themes.rates import DAY

_SMALLEST: Final = 10
"""From here on counts and multiples are shown whole."""
_TIMES: Final = 2
"""From here on a ratio is shown as a multiple."""
_NEXT_TO_NOTHING: Final = 0.01
_OVERDISPERSED: Final = 1.05
"""A dispersion above this is worth a word."""
BASELINE: Final = {
    Baseline.RECENT: "发布前的几周",
    Baseline.EARLIER: "更早的时候",
    Baseline.TREND: "发布前的走势",
}
"""What a comparison is made with, in a word."""
_DENOMINATOR: Final = {
    Denominator.EXPOSURE: "按曝光数折算",
    Denominator.REVIEWS: "按评论总数折算",
}


def sentence(found: Verification) -> str:
    """Say what was found: verdict, figures, what they were compared with, what is next."""
    if found.relapse is not None:
        return relapse_sentence(found.relapse)
    # Ratios of next to nothing mean nothing.
    decisive = None if found.doubt is Doubt.FEW else deciding(found)
    parts = [_counted(found) if decisive is None else _compared(found, decisive)]
    parts += _wherefore(found)
    if decisive is not None:
        parts.append(_against(found, decisive))
        parts.append(_controls(found))
    parts += _next(found)
    return f"{found.verdict.value}：{'。'.join(parts)}。"


def relapse_sentence(found: Relapse) -> str:
    """Say from when on a fixed problem is back, and by how much."""
    return (
        f"{Verdict.RELAPSED.value}：{_span(found.since, found.alarm)} 有 {found.count} 条，"
        f"按验证时的水平应有 {_figure(found.expected)} 条"
        f"（累积统计量 {found.statistic:.1f}，超过 {found.threshold:.1f} 就报警）。"
    )


def deciding(found: Verification) -> Comparison | None:
    """Return the comparison that the verdict hangs on.

    无效 holds because even the most favourable one lies above the target; anything else hangs on
    the least favourable one.
    """
    if found.verdict is Verdict.FAILED:
        return min(found.comparisons, key=lambda each: each.low, default=None)
    return found.decisive


def percent(ratio: float) -> str:
    """Write a ratio as people say it: 30%, 0.4%, 3.5 倍, 12 倍."""
    if ratio >= _TIMES:
        return f"{ratio:.0f} 倍" if ratio >= _SMALLEST else f"{ratio:.1f} 倍"
    return f"{ratio:.1%}" if ratio < _NEXT_TO_NOTHING else f"{ratio:.0%}"


def _counted(found: Verification) -> str:
    if found.doubt is Doubt.NO_DATES:
        return f"发布以来 {found.count} 条"
    return f"发布后 {_days(found.first, found.last)} 天里 {found.count} 条"


def _compared(found: Verification, decisive: Comparison) -> str:
    level = {
        Baseline.RECENT: "发布前的水平",
        Baseline.EARLIER: "突增之前的水平" if found.spike else "更早的水平",
        Baseline.TREND: "发布前的走势",
    }[decisive.baseline]
    ratio, low, high = (percent(each) for each in (decisive.ratio, decisive.low, decisive.high))
    stands = {
        Verdict.WORKED: f"整个区间都低于目标 {percent(found.target)}",
        Verdict.FAILED: f"整个区间都高于目标 {percent(found.target)}",
    }.get(found.verdict, f"目标是低于 {percent(found.target)}")
    return (
        f"{_counted(found)}，按{level}应有 {_figure(decisive.expected)} 条："
        f"是原来的 {ratio}（{low}-{high}），{stands}"
    )


def _wherefore(found: Verification) -> Iterator[str]:
    """Say why nothing can be said."""
    alone = "分不清是修好了还是自己消退"
    if found.doubt is Doubt.FEW:
        yield f"{_before(found)}条数或天数太少，看不出来"
    elif found.doubt is Doubt.WIDE:
        torn = found.decisive is not None and found.decisive.low > found.target
        yield f"{'几种比法说法不一' if torn else '区间含目标'}，看不出来"
    elif found.doubt is Doubt.FADING:
        yield f"发布前就在下降，没有低于按那个走势推算的水平，{alone}"
    elif found.doubt is Doubt.NO_CONTROL:
        yield (
            "少了，但可作对照的主题不到 3 个，分不清是问题少了还是别的评论多了；"
            "导入曝光数据就不用对照"
        )
    elif found.doubt is Doubt.NO_DATES:
        yield "没有带日期的评论，发布前后无从比较；请导入带时间的评论"
    elif found.doubt is Doubt.SPIKE and found.spike is not None:
        when = _span(*found.spike)
        yield f"基线里有突增（{when}），已回落，但没有低于突增之前的水平，{alone}"
    elif found.doubt is Doubt.SPIKE:
        yield f"发布前的几周比更早多，已回落，但没有低于更早的水平，{alone}"


def _before(found: Verification) -> str:
    recent = next((each for each in found.comparisons if each.baseline is Baseline.RECENT), None)
    return "" if recent is None else f"发布前 {recent.days} 天里 {recent.count} 条，"


def _against(found: Verification, decisive: Comparison) -> str:
    days = f"{decisive.days} 天（{_span(decisive.first, decisive.last)}，{decisive.count} 条）"
    what = {
        Baseline.RECENT: f"发布前的 {days}比",
        Baseline.EARLIER: f"{'突增之前' if found.spike else '更早'}的 {days}比",
        Baseline.TREND: f"发布前 {days}的走势推算的比",
    }[decisive.baseline]
    kind = "最有利" if found.verdict is Verdict.FAILED else "最不利"
    others = f"，是 {len(found.comparisons)} 种比法里{kind}的一种"
    which = others if len(found.comparisons) > 1 else ""
    return f"与{what}{which}，{_DENOMINATOR[found.denominator]}"


def _controls(found: Verification) -> str:
    if found.controls:
        control = (
            f"同期 {found.controls} 个没有发布的主题平均是原来的 {percent(found.drift)}，已扣除"
        )
    else:
        control = "没有可作对照的主题，按主题通常的波动放宽了区间"
    if found.dispersion <= _OVERDISPERSED:
        return control
    return f"{control}；条数的波动是纯偶然的 {found.dispersion:.1f} 倍，区间已放宽"


def _next(found: Verification) -> Iterator[str]:
    if found.next_look is not None:
        yield f"再看一次：{found.next_look.isoformat()}"
    elif found.final and found.verdict is Verdict.INCONCLUSIVE:
        yield "这是最后一次，不再看了；要定论请人判断，移到已验证或进行中"


def _span(first: date, last: date) -> str:
    if first == last:
        return first.isoformat()
    return f"{first.isoformat()} 到 {last.isoformat()}"


def _days(first: date, last: date) -> int:
    return max((last - first) // DAY + 1, 0)


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= _SMALLEST else f"{value:.1f}"
