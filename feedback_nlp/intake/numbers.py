"""Stars, scores and counts as exports write them."""

from typing import Final

from feedback_nlp.tabular.values import UNRATED, parse_count, parse_rating, parse_score

SATISFACTION: Final = {
    "非常不满意": 1,
    "很不满意": 1,
    "不满意": 2,
    "比较不满意": 2,
    "一般": 3,
    "中立": 3,
    "满意": 4,
    "比较满意": 4,
    "基本满意": 4,
    "非常满意": 5,
    "很满意": 5,
}

_GRADES: Final = {"好评": 5.0, "中评": 3.0, "差评": 1.0}


def parse_stars(cell: str) -> float | None:
    """Read 1 to 5 stars, also as 好评, 中评 or 差评 (5, 3, 1); None means not rated.

    Raises:
        ValueError: neither stars nor a grade.
    """
    in_words = _GRADES.get(cell.strip())
    return parse_rating(cell) if in_words is None else in_words


def parse_csat(cell: str) -> int | None:
    """Read a satisfaction from 1 to 5, also in words such as 非常满意; None means not rated.

    Raises:
        ValueError: neither such a number nor a known word.
    """
    written = cell.strip()
    if written in UNRATED:
        return None
    in_words = SATISFACTION.get(written)
    return parse_score(written.removesuffix("星"), 1, 5, "满意度") if in_words is None else in_words


def parse_nps(cell: str) -> int:
    """Read a readiness to recommend from 0 to 10.

    Raises:
        ValueError: not such a number.
    """
    return parse_score(cell, 0, 10, "推荐意愿")


def parse_number(cell: str) -> int:
    """Read a whole non-negative number of anything, such as 1,200 or 1.2万.

    Raises:
        ValueError: not such a number.
    """
    try:
        return parse_count(cell)
    except ValueError as error:
        raise ValueError(str(error).replace("点赞数", "数目")) from None
