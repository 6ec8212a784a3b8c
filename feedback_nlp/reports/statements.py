"""The sentences of the report. Each is worked out from counts; none is ever guessed."""

from dataclasses import dataclass
from typing import Final

from feedback_nlp.records import Priority, Theme
from feedback_nlp.reports.content import ReportData, rounded
from feedback_nlp.reports.trends import (
    BASE_WEEKS,
    Direction,
    Movement,
    Window,
    faded,
    moved,
    movement,
    windows,
)
from feedback_nlp.reports.wording import (
    NAME_LENGTH,
    chinese_date,
    chinese_span,
    clip,
    number,
)

_UNKNOWN_TREND: Final = "有时间的评论不足四周，看不出上升或下降。"
_NO_DATES: Final = "评论没有时间，看不出上升或下降。"
_NO_REVIEWS: Final = "没有评论，看不出上升或下降。"
LEAST_RATIO: Final = 0.01


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence with its subject."""

    label: str
    text: str
    theme_id: str | None = None
    """The theme whose section holds the original words behind the sentence."""


def summary(data: ReportData) -> tuple[Statement, ...]:
    """Return what is worst, what is rising and what to do first, one sentence each."""
    return _worst(data), _rising(data), _first_step(data)


def named(theme: Theme) -> str:
    """Return the theme's name as it stands inside a sentence."""
    return f"「{clip(theme.name, NAME_LENGTH)}」"


def negative_count(theme: Theme) -> int:
    """Return how many of the theme's opinions are negative; the rest are requests."""
    return round(theme.count * theme.negative_share)


def movement_sentence(move: Movement, data: ReportData) -> str:
    """Say where a theme is going, with the counts that show it."""
    if move.recent_window is None or move.base_window is None:
        return no_trend(data)
    now, before = move.recent_window, move.base_window
    lead = f"{move.direction}（样本少）" if move.few and _moves(move) else str(move.direction)
    if move.direction is Direction.FEW:
        lead = "样本少，看不出升降"
    return (
        f"{lead}：{_counted('最近', now, move.recent)}；"
        f"{_counted('此前', before, move.base)}{_times(move)}。"
    )


def no_trend(data: ReportData) -> str:
    """Say why no theme can rise or fall in this data."""
    if not data.run.reviews:
        return _NO_REVIEWS
    return _NO_DATES if data.run.as_of is None else _UNKNOWN_TREND


def trend_rule(data: ReportData) -> str | None:
    """Say in one sentence what counts as rising, with the days compared; None without a trend."""
    found = windows(data)
    if found is None:
        return None
    now, before = found
    return (
        f"「上升」指：{chinese_span(now.first, now.last)}与此前{_weeks(before)}"
        f"（{chinese_span(before.first, before.last)}）相比，"
        "按评论数折算、按天数折算都至少是 1.5 倍，"
        "都至少多 3 条，并且都不像偶然（p < 0.01）。「下降」反过来。两段合计不到 10 条注明样本少。"
    )


def _worst(data: ReportData) -> Statement:
    worst = max(data.themes, key=lambda theme: (negative_count(theme), theme.count), default=None)
    if worst is None or not worst.count:
        return Statement("抱怨最多", "这批评论里没有形成主题。")
    negative = negative_count(worst)
    if not negative:
        return Statement("抱怨最多", "归入主题的意见里没有负面意见，都是建议。")
    # Without user ids nobody knows how many users wrote these reviews.
    known = f"{number(worst.users)} 位用户"
    who = known if data.with_author else f"{number(worst.reviews)} 条评论"
    return Statement(
        "抱怨最多",
        f"{named(worst)}：{who}提了 {number(worst.count)} 条意见，其中 {number(negative)} 条负面。",
        worst.id,
    )


def _rising(data: ReportData) -> Statement:
    if windows(data) is None:
        return Statement("正在上升", no_trend(data))
    up = moved(data, Direction.RISING, Direction.NEW)
    if not up:
        return Statement("正在上升", "没有主题明显上升。")
    theme, move = up[0]
    more = f"另有 {len(up) - 1} 个主题也在上升。" if len(up) > 1 else ""
    return Statement("正在上升", f"{named(theme)}{movement_sentence(move, data)}{more}", theme.id)


def _first_step(data: ReportData) -> Statement:
    if not data.themes:
        return Statement("建议先做", "没有主题，也就没有可排的优先级。")
    best = rounded(data.priorities[0])
    interval = f"{number(best.low)}—{number(best.high)}"
    sentence = (
        f"{named(data.themes[0])}：RICE {number(best.score)}（80% 区间 {interval}），"
        f"预计 {number(best.effort)} 人月"
    )
    ticket = next((one for one in data.tickets if one.theme_id == best.theme_id), None)
    if ticket is not None:
        sentence += f"，由{ticket.department}负责，{chinese_date(ticket.due)}前完成"
    return Statement(
        "建议先做", f"{sentence}。{_over(data)}{_overlap(data.priorities)}", best.theme_id
    )


def _over(data: ReportData) -> str:
    top = faded(data.themes[0], data)
    if top is None:
        return ""
    recent = movement(data.themes[0], data).recent
    return (
        f"但高峰已过（{chinese_date(top.week)}起的一周 {number(top.count)} 条，"
        f"最近两周 {number(recent)} 条）：先核实是否已经解决。"
    )


def _overlap(priorities: tuple[Priority, ...]) -> str:
    rivals = [
        rank for rank, other in enumerate(priorities[1:], 2) if other.high >= priorities[0].low
    ]
    if not rivals:
        return "" if len(priorities) == 1 else "它的区间不与其他主题重叠。"
    return f"它的区间与另外 {len(rivals)} 个主题重叠，这几个的先后可以商量。"


def _counted(when: str, window: Window, count: int) -> str:
    rate = 100 * count / window.reviews
    return (
        f"{when}{_weeks(window)} {number(count)} 条，"
        f"每百条评论 {number(round(rate, 1 if rate >= 1 else 2))} 条"
    )


def _times(move: Movement) -> str:
    now, before = move.recent_window, move.base_window
    if now is None or before is None or not (move.recent and move.base):
        return ""
    ratio = (move.recent / now.reviews) / (move.base / before.reviews)
    if ratio >= 1:
        return f"（约 {number(round(ratio, 1))} 倍）"
    return f"（约为 {ratio:.0%}）" if ratio >= LEAST_RATIO else "（不到 1%）"


def _moves(move: Movement) -> bool:
    return move.direction in {Direction.RISING, Direction.NEW, Direction.FALLING}


def _weeks(window: Window) -> str:
    return f"{'零一两三四'[min(len(window.weeks), BASE_WEEKS)]}周"
