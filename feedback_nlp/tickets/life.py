"""The life of a ticket: which state may follow which, who may say so, and what has to be said."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from feedback_nlp.errors import ConflictError
from feedback_nlp.records import TicketState

MOVES: Final[Mapping[TicketState, tuple[TicketState, ...]]] = {
    TicketState.TRIAGE: (TicketState.SCHEDULED, TicketState.REJECTED, TicketState.ON_HOLD),
    TicketState.SCHEDULED: (
        TicketState.IN_PROGRESS,
        TicketState.TRIAGE,
        TicketState.ON_HOLD,
        TicketState.REJECTED,
    ),
    TicketState.IN_PROGRESS: (TicketState.RELEASED, TicketState.ON_HOLD, TicketState.REJECTED),
    TicketState.ON_HOLD: (TicketState.TRIAGE, TicketState.REJECTED),
    TicketState.RELEASED: (TicketState.VERIFYING, TicketState.IN_PROGRESS),
    TicketState.VERIFYING: (TicketState.VERIFIED, TicketState.RELAPSED, TicketState.IN_PROGRESS),
    TicketState.VERIFIED: (TicketState.RELAPSED,),
    TicketState.RELAPSED: (TicketState.SCHEDULED, TicketState.IN_PROGRESS, TicketState.REJECTED),
    TicketState.REJECTED: (TicketState.TRIAGE,),
}
"""Which states may follow which."""
BY_THE_SYSTEM: Final = frozenset({(TicketState.RELEASED, TicketState.VERIFYING)})
"""Moves that only data decides about: nobody can say that a verification has begun."""
FINISHED: Final = (TicketState.RELEASED, TicketState.VERIFYING, TicketState.VERIFIED)
"""The work is done; whether it helped is another question."""
SETTLED: Final = (*FINISHED, TicketState.REJECTED)
"""Nothing is left to be done before the due date."""
TO_BE_EXPLAINED: Final = (TicketState.ON_HOLD, TicketState.REJECTED, TicketState.VERIFIED)
"""A person who moves a ticket here has to say why."""


def allowed(state: TicketState, *, system: bool = False) -> tuple[TicketState, ...]:
    """Return the states that may follow; people make all moves but those of the system."""
    return tuple(to for to in MOVES[state] if system or (state, to) not in BY_THE_SYSTEM)


def check_move(
    ticket_id: str, state: TicketState, to: TicketState, *, system: bool = False
) -> None:
    """Refuse a move that the table does not hold.

    Raises:
        ConflictError: names the ticket, its state, the one wanted and all that are allowed.
    """
    choices = allowed(state, system=system)
    if to in choices:
        return
    shown = "、".join(choices)
    if to is state:
        raise ConflictError(f"工单 {ticket_id} 已经是“{state}”，不用再移动；可以移到：{shown}")
    only = "（由系统在有了发布后的数据时移动）" if (state, to) in BY_THE_SYSTEM else ""
    raise ConflictError(
        f"工单 {ticket_id} 现在是“{state}”，不能移到“{to}”{only}；可以移到：{shown}"
    )


def needs_reason(to: TicketState, *, system: bool = False) -> bool:
    """Say whether a move to this state must be explained."""
    return not system and to in TO_BE_EXPLAINED


def path(state: TicketState, to: TicketState) -> tuple[TicketState, ...]:
    """Return the shortest chain of people's moves: the states after `state`, up to `to`.

    Empty when there is none, or nothing to move. Among equally short ones the first in the table.
    """
    chains = deque([(state, tuple[TicketState, ...]())])
    seen = {state}
    while chains:
        last, chain = chains.popleft()
        for following in allowed(last):
            if following is to and state is not to:
                return (*chain, following)
            if following not in seen:
                seen.add(following)
                chains.append((following, (*chain, following)))
    return ()
