"""The audit trail of a ticket: what its events say, in words and in values."""

from collections.abc import Iterable, Mapping
from typing import Final

from feedback_nlp import names

Detail = Mapping[str, str]

BY_PEOPLE: Final = ("moved", "assigned", "edited", "commented")
"""Kinds of events that people and the life cycle write; drafts write the others."""
_NOBODY: Final = "无"


def told(kind: str, detail: Detail) -> str:
    """Say what an event did, without who and when."""
    name = names.TICKET_EVENT.get(kind, kind)
    match kind:
        case "created":
            return f"{name}“{detail['title']}”"
        case "moved":
            return f"{name} {detail['from']} → {detail['to']}"
        case "assigned" | "edited":
            field = names.TICKET_FIELD[detail["field"]]
            back = "（交还草稿）" if "default" in detail else ""
            values = " → ".join(detail[key] or _NOBODY for key in ("from", "to"))
            return f"{name}{field} {values}{back}"
        case "commented":
            return f"{name}：{detail['text']}"
        case _:
            fields = detail.get("fields", "").split()
            return f"{name}：{'、'.join(names.TICKET_FIELD.get(each, each) for each in fields)}"


def drafted_value(details: Iterable[Detail], field: str) -> str | None:
    """Return what a field was before people set it; None when they have not, or gave it back.

    `details` are those of the events `assigned` and `edited`, first one first.
    """
    value: str | None = None
    for detail in details:
        if detail.get("field") != field:
            continue
        if "default" in detail:
            value = None
        elif value is None:
            value = detail["from"]
    return value
