"""What pydantic finds wrong in a file, in Chinese."""

from typing import Final

from pydantic import ValidationError

_SHOWN: Final = 3


def explain(error: ValidationError) -> str:
    """Name the first wrong fields of a file and what is wrong with each."""
    found = error.errors(include_url=False)
    faults = [_fault(one["type"], one["loc"], one["input"]) for one in found[:_SHOWN]]
    more = f"等共 {len(found)} 处" if len(found) > _SHOWN else ""
    return "；".join(faults) + more


def _fault(kind: str, place: tuple[int | str, ...], value: object) -> str:
    field = ".".join(str(part) for part in place if part != "[key]")
    if kind == "json_invalid":
        return "不是 JSON"
    if kind == "missing":
        return f"缺少 {field}"
    if kind == "extra_forbidden":
        return f"不应有 {field}"
    if isinstance(value, str | int | float):
        return f"{field} 不能是“{value}”"
    return f"{field} 的内容不对" if field else "结构不对"
