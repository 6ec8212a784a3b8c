"""Scores, trends, drivers and targets as lines of text."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from feedback_nlp.names import METRIC, TARGET_STANDING
from feedback_nlp.records import Metric
from feedback_nlp.reports.wording import NAME_LENGTH, clip
from feedback_nlp.satisfaction.drivers import Driver
from feedback_nlp.satisfaction.estimates import Change, Estimate
from feedback_nlp.satisfaction.measures import SHARES
from feedback_nlp.satisfaction.score_trend import Period, Point
from feedback_nlp.satisfaction.standing import Standing
from feedback_nlp.workflows.browse_drivers import NamedDriver
from feedback_nlp.workflows.browse_satisfaction import Satisfaction, Score
from feedback_nlp.workflows.browse_targets import TargetReport

_NOBODY: Final = "没有数据"
_DIGITS: Final = {Metric.NPS: 1, Metric.RATING: 2}
_SMALLEST_SHOWN: Final = 0.001
STRIKING: Final = 0.05
"""A theme with a larger q may be among the worst by chance."""


def satisfaction_lines(found: Satisfaction, *, days: int) -> Iterator[str]:
    """Show each metric with its interval, how it went, and what harms it."""
    if found.first is None or found.last is None:
        yield "还没有带时间的问卷或评论"
        return
    yield f"{found.first.isoformat()} 到 {found.last.isoformat()}（{days} 天）"
    for score in found.scores:
        yield ""
        yield from _score_lines(score, found.period, found.last, days=days)


def target_lines(found: TargetReport) -> Iterator[str]:
    """Show a target, what is, and the themes that keep it from being reached."""
    made = found.progress
    target, metric = made.target, made.target.metric
    is_open = made.elapsed < 1 and made.standing in {Standing.MET, Standing.MISSED}
    line = (
        f"{target.number}  {METRIC[metric]} {value_text(metric, target.value)}  "
        f"{target.first.isoformat()} 到 {target.last.isoformat()}  "
        f"{'目前' if is_open else ''}{TARGET_STANDING[made.standing]}，"
        f"时间过了 {made.elapsed:.0%}"
    )
    if made.actual is not None and made.gap is not None:
        more = "超过目标" if made.gap >= 0 else "还差"
        gap = f"{more} {_signed(metric, made.gap)[1:]}{_unit(metric)}"
        line += f"，现在 {_estimate(metric, made.actual)}，{gap}"
    why = f"（{target.reason}）" if target.reason else ""
    yield f"{line}  {target.author}{why}"
    if found.causes:
        yield "    差距原因：去掉提到它的人，会好多少"
    for cause in found.causes:
        yield f"      {_driver(cause)}"


def value_text(metric: Metric, value: float) -> str:
    """Show the value of a metric in the unit that people use."""
    if metric in SHARES:
        return f"{value:.1%}"
    digits = _DIGITS[metric]
    return f"{round(value, digits) + 0.0:.{digits}f}"


def _score_lines(score: Score, period: Period, as_of: date, *, days: int) -> Iterator[str]:
    metric = score.metric
    if score.now is None:
        yield f"{METRIC[metric]}：{_NOBODY}"
    else:
        mean = "" if score.mean is None else f"，平均 {_estimate(Metric.RATING, score.mean)}"
        yield f"{METRIC[metric]} {_estimate(metric, score.now)}{mean}"
        if score.to_previous is not None:
            yield f"  比前 {days} 天 {_change(metric, score.to_previous)}"
    if not any(point.score for point in score.trend):
        return
    yield from (_point(metric, point, period, as_of) for point in score.trend)
    if score.harmed_by:
        yield "  拖累最大的主题：去掉提到它的人，会好多少"
    for each in score.harmed_by:
        yield f"    {_driver(each)}"


def _point(metric: Metric, point: Point, period: Period, as_of: date) -> str:
    when = point.first.isoformat()[:7] if period is Period.MONTH else point.first.isoformat()
    when += "（未完）" if point.last > as_of else ""
    if point.score is None:
        return f"  {when}  {_NOBODY}"
    parts = [_estimate(metric, point.score)]
    for name, change in (("环比", point.to_previous), ("同比", point.to_last_year)):
        if change is not None:
            parts.append(f"{name} {_change(metric, change)}")
    return f"  {when}  {'；'.join(parts)}"


def _driver(named: NamedDriver) -> str:
    driver = named.driver
    name = clip(named.theme_name, NAME_LENGTH)
    low, high = (_signed(driver.metric, end) for end in (driver.low, driver.high))
    return (
        f"{driver.theme_id}「{name}」 {_signed(driver.metric, driver.drop)}{_unit(driver.metric)}"
        f"（80% 区间 {low} 至 {high}），提到它的 {driver.answers} 份，{_chance(driver)}"
    )


def _chance(driver: Driver) -> str:
    q = "q<0.001" if driver.q < _SMALLEST_SHOWN else f"q={driver.q:.3f}"
    return q if driver.q <= STRIKING else f"{q}，可能只是偶然"


def _estimate(metric: Metric, found: Estimate) -> str:
    low, high = value_text(metric, found.low), value_text(metric, found.high)
    return f"{value_text(metric, found.value)}（95% 区间 {low} 至 {high}，{found.n} 份）"


def _change(metric: Metric, found: Change) -> str:
    ends = " 至 ".join(_signed(metric, end) for end in (found.low, found.high))
    sure = "不像偶然" if found.beyond_chance else "看不出变化"
    return f"{_signed(metric, found.value)}{_unit(metric)}（{ends}），{sure}"


def _signed(metric: Metric, size: float) -> str:
    """Show a difference with its sign, of shares in percentage points.

    One that rounds to zero keeps its sign: it says on which side of zero an interval ends.
    """
    digits = 1 if metric in SHARES else _DIGITS[metric]
    shown = abs(100 * size if metric in SHARES else size)
    return f"{'-' if size < 0 else '+'}{shown:.{digits}f}"


def _unit(metric: Metric) -> str:
    return " 个百分点" if metric in SHARES else ""
