"""Rows of a chat export, one a message -> one review a conversation."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from feedback_nlp.intake.entries import Entry
from feedback_nlp.intake.numbers import parse_csat, parse_number
from feedback_nlp.intake.reading import NO_WORDS, Reading
from feedback_nlp.intake.roles import Role, role_of, unknown_role
from feedback_nlp.intake.turns import (
    NO_CUSTOMER,
    Turn,
    agent_replies,
    asides,
    customer_words,
    first_customer_time,
)
from feedback_nlp.records import Rejected, Review, ReviewKind
from feedback_nlp.tabular.narrow import is_blank
from feedback_nlp.tabular.sheets import Row

PER_CONVERSATION = frozenset(
    {"conversation", "channel", "product", "version", "region", "author_id", "author_tier"}
    | {"csat", "resolved_at", "agent"}
)
"""Fields that describe the conversation: the first message that has one speaks for all."""


def speaker(entry: Entry) -> Role:
    """Say who sent a message, by its role, else by the name of its sender.

    Raises:
        ValueError: neither is given or known.
    """
    names = {"customer": entry.plain("author_id"), "agent": entry.plain("agent")}
    written = entry.plain("role") or entry.plain("sender")
    if written is None:
        raise ValueError("没有写明是谁发的消息")
    role = role_of(written, **names)
    if role is None:
        raise ValueError(unknown_role(written))
    return role


def check_message(entry: Entry, now: datetime) -> str:
    """Return the conversation of a message that can be used.

    Raises:
        ValueError: it has no conversation, role, words, or place in the order.
    """
    conversation = entry.key("conversation")
    if conversation is None:
        raise ValueError("没有会话 ID，不知道属于哪次会话")
    speaker(entry)
    if is_blank(entry.words("text")):
        raise ValueError(NO_WORDS)
    if entry.time("created_at", now) is None and entry.value("sequence", parse_number) is None:
        raise ValueError("没有时间或消息序号，排不出先后")
    return conversation


def chat_review(conversation: str, held: Iterable[Entry], reading: Reading) -> Review | Rejected:
    """Make the review of one conversation; the order of `held` does not matter.

    Messages of the same moment without a sequence number are ordered by their content. The
    customer's first message gives the time.
    """
    messages = _in_order(held, reading.now)
    turns = tuple(_turn(message, reading.now) for message in messages)
    first = min(messages, key=_line)
    text = customer_words(turns)
    if not text:
        return first.rejected(f"会话 {conversation}：{NO_CUSTOMER}")
    whole = _conversation(messages)
    try:
        review = reading.review(whole, text, kind=ReviewKind.CHAT, external_id=conversation)
        csat = whole.value("csat", parse_csat)
    except ValueError as error:
        return first.rejected(f"会话 {conversation}：{error}")
    return replace(
        review,
        created_at=first_customer_time(turns),
        csat=csat,
        replies=agent_replies(turns),
        extras=_extras(messages) + asides(turns),
    )


def _line(entry: Entry) -> int:
    return entry.row.line


def _in_order(held: Iterable[Entry], now: datetime) -> list[Entry]:
    """Sort by number where every message has one, else by time; equals by their content."""
    placed = [
        (each.value("sequence", parse_number), each.time("created_at", now), each) for each in held
    ]
    numbered = all(number is not None for number, _, _ in placed)

    def place(message: tuple[int | None, datetime | None, Entry]) -> tuple[float, float, str]:
        number, at, entry = message[0] or 0, message[1], message[2]
        moment = at.timestamp() if at else 0.0
        content = json.dumps(entry.row.cells, ensure_ascii=False, sort_keys=True)
        return (number, moment, content) if numbered else (moment, number, content)

    return [entry for _, _, entry in sorted(placed, key=place)]


def _turn(message: Entry, now: datetime) -> Turn:
    return Turn(speaker(message), message.words("text").strip(), message.time("created_at", now))


def _conversation(messages: Sequence[Entry]) -> Entry:
    """Put the fields that describe the whole conversation into one entry."""
    cells: dict[str, str] = {}
    columns: dict[str, str] = {}
    for field in sorted(PER_CONVERSATION):
        value = next((each.plain(field) for each in messages if each.plain(field)), None)
        if value is not None:
            cells[field], columns[field] = value, field
    columns = {field: header for field, header in columns.items() if field != "agent"}
    return Entry(Row(messages[0].row.line, cells), columns)


_TAKEN = (PER_CONVERSATION - {"agent"}) | {
    "text",
    "role",
    "sender",
    "created_at",
    "sequence",
    "external_id",
}


def _extras(messages: Sequence[Entry]) -> tuple[tuple[str, str], ...]:
    """Return what no field took: each column with its different values, in order."""
    found: dict[str, dict[str, None]] = {}
    for message in messages:
        for header, cell in message.extras(kept=message.columns.keys() - _TAKEN):
            found.setdefault(header, {})[cell] = None
    return tuple((header, "；".join(values)) for header, values in found.items())
