"""What a comparison found, in words; the same on the command line and in every page."""

from collections.abc import Sequence
from typing import Final

from feedback_nlp.compare.cuts import Dimension
from feedback_nlp.compare.gaps import Contrast, Gap
from feedback_nlp.names import SEGMENT
from feedback_nlp.records import Quote
from feedback_nlp.reports.wording import QUOTE_LENGTH, clip, number, percent

FOUND: Final = frozenset({Contrast.HIGHER, Contrast.LOWER})
"""What is called a difference."""
_LEAST_SHOWN: Final = 0.001
_LEVEL_DIGITS: Final = 5


def share_text(count: int, of: int) -> str:
    """Write a share with the users behind it: `12.3%（152/1,234）`."""
    return f"{percent(count / of)}（{number(count)}/{number(of)}）" if of else "没有用户"


def gap_text(gap: Gap) -> str:
    """Write a difference in percentage points with its interval and its q."""
    if gap.gap is None or gap.low is None or gap.high is None:
        return "无法比较"
    points = [f"{each * 100:+.1f}" for each in (gap.gap, gap.low, gap.high)]
    chance = "" if gap.q is None else f"，{_q_text(gap.q)}"
    return f"差 {points[0]} 个百分点（区间 {points[1]} 到 {points[2]}{chance}）"


def value_text(by: Dimension, value: str) -> str:
    """Write a value as people know it: RFM segments have Chinese names."""
    return SEGMENT[value] if by is Dimension.SEGMENT else value


def quote_lines(who: str, quotes: Sequence[Quote]) -> list[str]:
    """Write examples, one a line, with the review each comes from."""
    return [f"    {who} {quote.review_id}  “{clip(quote.text, QUOTE_LENGTH)}”" for quote in quotes]


def level_text(level: float) -> str:
    """Write the level of intervals: `99.909%`; next to 1 a share's digits would show nothing."""
    return f"{round(level * 100, _LEVEL_DIGITS - 2)}%".replace(".0%", "%")


def _q_text(q: float) -> str:
    return f"q < {_LEAST_SHOWN}" if q < _LEAST_SHOWN else f"q = {q:.3f}"
