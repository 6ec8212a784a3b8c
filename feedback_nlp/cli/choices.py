"""One of a few words, and days, as options take them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from feedback_nlp.errors import InputError

Named = TypeVar("Named", bound=StrEnum)


def chosen(
    kind: type[Named], shown: Mapping[str, str], word: str | None, *, refusal: str
) -> Named | None:
    """Return the member of `kind` that is named; None when no word was given.

    Raises:
        InputError: no member has this name: `refusal`, then all members with what is shown.
    """
    if word is None:
        return None
    try:
        return kind(word)
    except ValueError:
        choices = "、".join(f"{key}（{name}）" for key, name in shown.items())
        raise InputError(f"{refusal}，可选：{choices}") from None


def day(option: str, text: str) -> date:
    """Read a day; raises InputError, which names the option."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{option}：“{text}”不是日期，请写成 2026-10-01 这样") from None
