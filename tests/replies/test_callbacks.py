"""When users are called, and how their answers are counted."""

from datetime import timedelta

import pytest
from builders import NOW
from reply_samples import sent

from feedback_nlp.records import Answered, Purpose
from feedback_nlp.replies.callbacks import due_calls, tally

A, P = Answered, Purpose
DAY = NOW.date()


def due(after: int, *sends: object, opted_out: frozenset[str] = frozenset()) -> list[object]:
    found, unwanted = due_calls(sends, DAY + timedelta(days=after), opted_out=opted_out)  # type: ignore[arg-type]
    return [*((each.told.author_id, each.stage, each.overdue) for each in found), *[0] * unwanted]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (6, []),
        (7, [("U-1", 7, 0)]),
        (29, [("U-1", 7, 22)]),
        (30, [("U-1", 30, 0)]),
    ],
)
def test_a_call_is_due_after_a_week_and_after_a_month(after: int, expected: list[object]) -> None:
    assert due(after, sent(1)) == expected


def test_the_longest_overdue_comes_first_and_finished_calls_are_gone() -> None:
    late, early = sent(1, user="b", at=NOW + timedelta(days=1)), sent(2, user="a")
    called = sent(3, P.CALLBACK_7, "b", A.UNSOLVED)
    assert due(9, late, early) == [("a", 7, 2), ("b", 7, 1)]
    assert due(9, late, early, called) == [("a", 7, 2)]
    assert due(31, late, early, called) == [("a", 30, 1), ("b", 30, 0)]


def test_a_call_that_reached_nobody_stays_due() -> None:
    missed = [sent(n, P.CALLBACK_7, result=A.UNREACHED) for n in (2, 3)]
    assert due(9, sent(1), *missed) == [("U-1", 7, 2)]
    assert due(9, sent(1), *missed, sent(4, P.CALLBACK_7, result=A.SATISFIED)) == []


def test_a_fix_after_a_relapse_is_called_about_anew() -> None:
    first = [sent(1), sent(2, P.CALLBACK_7, result=A.UNSOLVED)]
    again = sent(3, at=NOW + timedelta(days=50))
    assert due(58, *first, again) == [("U-1", 7, 1)]
    found = tally([*first, again])
    assert (found.told, found.unsolved) == (1, ())


def test_who_wants_no_messages_is_counted_and_not_called() -> None:
    named, nameless = sent(1, user="a"), sent(2, user=None)
    assert due(8, named, nameless, opted_out=frozenset({"a", "review:R-None"})) == [0, 0]


def test_each_user_and_ticket_counts_once_by_the_latest_clear_answer() -> None:
    sends = [
        *(sent(n, user=user) for n, user in enumerate("abcd", 1)),
        sent(5, user="a", ticket="K-0002"),
        sent(6, P.CALLBACK_7, "a", A.UNSOLVED),
        sent(7, P.CALLBACK_30, "a", A.SATISFIED),
        sent(8, P.CALLBACK_7, "b", A.SATISFIED),
        sent(9, P.CALLBACK_30, "b", A.UNREACHED),
        sent(10, P.CALLBACK_7, "c", A.UNSOLVED),
        sent(11, P.CALLBACK_7, "d", A.UNREACHED),
    ]
    found = tally(sends)
    assert (found.told, found.satisfied, found.unreached) == (5, 2, 1)
    assert [each.author_id for each in found.unsolved] == ["c"]
    share = found.satisfied_share
    assert share is not None
    # Wilson's interval for 2 of 3, by hand.
    bounds = [share.value, share.low, share.high, share.n]
    assert bounds == pytest.approx([2 / 3, 0.2077, 0.9385, 3], abs=1e-4)
    assert tally(sends[:5]).satisfied_share is None
