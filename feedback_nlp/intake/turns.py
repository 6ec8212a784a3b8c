"""The turns of a conversation -> the customer's words, the agents' answers, and the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from feedback_nlp.intake.roles import Role
from feedback_nlp.records import Reply

NO_CUSTOMER: Final = "会话里没有客户说的话"
_ASIDE: Final = ((Role.ROBOT, "机器人消息"), (Role.SYSTEM, "系统消息"))


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said in one go."""

    role: Role
    text: str
    at: datetime | None = None


def customer_words(turns: Iterable[Turn]) -> str:
    """Join what the customer said, each turn on a line of its own."""
    return "\n".join(turn.text for turn in turns if turn.role is Role.CUSTOMER)


def agent_replies(turns: Iterable[Turn]) -> tuple[Reply, ...]:
    """Return what agents answered, in order; robots do not answer in the sense of the SLA."""
    return tuple(Reply(turn.text, turn.at) for turn in turns if turn.role is Role.AGENT)


def asides(turns: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
    """Return what robots and the system said, with its number, as extras."""
    found: list[tuple[str, str]] = []
    for role, header in _ASIDE:
        said = [turn.text for turn in turns if turn.role is role]
        if said:
            found += [(f"{header}数", str(len(said))), (header, "\n".join(said))]
    return tuple(found)


def first_customer_time(turns: Iterable[Turn]) -> datetime | None:
    """Return when the customer first spoke, if that is known."""
    return next((turn.at for turn in turns if turn.role is Role.CUSTOMER), None)
