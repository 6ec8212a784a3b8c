"""Which strings and numbers both databases can keep."""

from collections.abc import Iterable
from math import isfinite

from feedback_nlp.errors import InputError

_NUL = "\x00"


def check_storable(subject: str, values: Iterable[tuple[str, object]]) -> None:
    """Refuse strings with a NUL or a lone surrogate, and numbers that are not finite.

    PostgreSQL cannot hold the former, SQLite turns the latter into nothing. `values` are pairs of
    a field's name and its value; values of other types pass.

    Raises:
        InputError: names `subject` and the field.
    """
    for name, value in values:
        if isinstance(value, str):
            if not is_storable(value):
                raise InputError(
                    f"{subject} 的 {name} 含有 NUL 或残缺的字符，无法保存；请删去这些字符"
                )
        elif isinstance(value, float) and not isfinite(value):
            raise InputError(f"{subject} 的 {name} 是 {value}，不是有限的数字，无法保存")


def is_storable(text: str) -> bool:
    """Tell whether a text column of either database can hold this text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return _NUL not in text


def storable(text: str) -> str:
    r"""Write NUL and lone surrogates as `\x00` and `\ud83d`; for texts that people only read."""
    return text.encode(errors="backslashreplace").decode().replace(_NUL, r"\x00")
