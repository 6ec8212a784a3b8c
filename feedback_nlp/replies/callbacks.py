"""Calls some time after a user was told: which are due, and what users said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from feedback_nlp.records import Answered, Purpose, Sent, user_of
from feedback_nlp.satisfaction.estimates import Estimate, share
from feedback_nlp.themes.trend import day_of

STAGES: Final[Mapping[int, Purpose]] = MappingProxyType(
    {7: Purpose.CALLBACK_7, 30: Purpose.CALLBACK_30}
)
"""Days after a user was told, and the call that is made then."""
_CALLS: Final = frozenset(STAGES.values())
_Key = tuple[str | None, str]
"""Ticket and user."""


@dataclass(frozen=True, slots=True)
class Due:
    """A call to make."""

    told: Sent
    """What the user was told, and when."""
    stage: int
    """7 or 30 days after."""
    due: date
    overdue: int
    """Days since then."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the users who were told; each counts once, by their latest clear answer."""

    told: int
    satisfied: int
    unsolved: tuple[Sent, ...]
    """The calls in which users said that the problem is still there."""
    unreached: int
    """Users who were called and never reached."""
    satisfied_share: Estimate | None
    """Of those who answered, with a 95 % Wilson interval; None when nobody did."""


@dataclass(slots=True)
class _Story:
    """What was sent to one user about one ticket since they were told last."""

    told: Sent
    calls: list[Sent]


def due_calls(
    sends: Iterable[Sent], as_of: date, *, opted_out: Collection[str]
) -> tuple[tuple[Due, ...], int]:
    """Return the calls due on a day, the longest overdue first, and how many users want none.

    A call that was missed until the next one is due is not made any more; one that reached nobody
    stays due.
    """
    found, unwanted = [], 0
    for (_, user), story in _stories(sends).items():
        due = _due(story, as_of)
        if due is None:
            continue
        if not {user, user_of(None, story.told.review_id)}.isdisjoint(opted_out):
            unwanted += 1
        else:
            found.append(due)
    return tuple(sorted(found, key=lambda each: (each.due, each.told.number))), unwanted


def tally(sends: Iterable[Sent]) -> Tally:
    """Count what users answered when they were called; `sends` in the order of their numbers."""
    stories = _stories(sends).values()
    answers = [_answer(story.calls) for story in stories]
    satisfied = sum(each is not None and each.result is Answered.SATISFIED for each in answers)
    unsolved = tuple(each for each in answers if each and each.result is Answered.UNSOLVED)
    clear = satisfied + len(unsolved)
    return Tally(
        told=len(stories),
        satisfied=satisfied,
        unsolved=unsolved,
        unreached=sum(each is not None and each.result is Answered.UNREACHED for each in answers),
        satisfied_share=share(satisfied, clear) if clear else None,
    )


def _stories(sends: Iterable[Sent]) -> dict[_Key, _Story]:
    """Return what each user was told; a fix after a relapse begins the story anew."""
    told: dict[_Key, Sent] = {}
    calls: defaultdict[_Key, list[Sent]] = defaultdict(list)
    for each in sends:
        key = each.ticket_id, user_of(each.author_id, each.review_id)
        if each.purpose is Purpose.TOLD:
            told[key] = each
            calls[key] = []
        elif each.purpose in _CALLS:
            calls[key].append(each)
    return {key: _Story(each, calls[key]) for key, each in told.items()}


def _due(story: _Story, as_of: date) -> Due | None:
    day = day_of(story.told.at)
    reached = [stage for stage in STAGES if day + timedelta(days=stage) <= as_of]
    if not reached:
        return None
    stage = max(reached)
    if any(
        call.purpose is STAGES[stage] and call.result is not Answered.UNREACHED
        for call in story.calls
    ):
        return None
    due = day + timedelta(days=stage)
    return Due(story.told, stage, due, (as_of - due).days)


def _answer(calls: Sequence[Sent]) -> Sent | None:
    clear = [each for each in calls if each.result in {Answered.SATISFIED, Answered.UNSOLVED}]
    return next(reversed(clear or calls), None)
