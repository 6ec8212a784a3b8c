"""One of a few words, as options take them."""

from collections.abc import Mapping
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
