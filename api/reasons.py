"""What is wrong with a value, in Chinese: pydantic speaks English only."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_OBJECT: Final = "应为 JSON 对象"
_INTEGER: Final = "应为整数"
_NUMBER: Final = "应为数字"
_TRUTH: Final = "应为 true 或 false"
_TEXT: Final = "应为字符串"
_DAY: Final = "应为日期，如 2026-10-01"

REASONS: Final = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段，请删去或改正字段名",
    "invalid_key": "字段名含残缺的字符",
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_unicode": "含残缺的字符（不成对的代理字符）",
    "string_too_long": "最多 {max_length} 个字符",
    "string_too_short": "至少 {min_length} 个字符",
    "string_pattern_mismatch": "要写在一行里，不能全是空白",
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_parsing_size": "整数过大",
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_parsing": _TRUTH,
    "bool_type": _TRUTH,
    "finite_number": "应为有限的数字",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "enum": "只能是 {expected}",
    "literal_error": "只能是 {expected}",
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "too_long": "最多 {max_length} 项，请分批发送",
    "too_short": "至少 {min_length} 项",
    "list_type": "应为数组",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": f"{_OBJECT}，请求头 content-type 应为 application/json",
}
OUR_OWN: Final = frozenset({"blank", "nul", "control", "day", "count"})
"""Types of faults that our own schemas raise; their messages are Chinese already."""

_LONGEST_PATH: Final = 120


def reason(fault: Mapping[str, Any]) -> str:
    """Say what is wrong in one fault as pydantic reports it."""
    if fault["type"] in OUR_OWN:
        return str(fault["msg"])
    values = {name: _shown(value) for name, value in fault.get("ctx", {}).items()}
    return REASONS.get(fault["type"], "不合格").format_map(values)


def field_path(location: Iterable[object]) -> str:
    """Write where a fault is: `reviews.0.text`; empty for the whole."""
    path = ".".join(map(str, location))
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"


def _shown(value: object) -> str:
    return str(value).replace("'", "").replace(" or ", "、").replace(", ", "、")
