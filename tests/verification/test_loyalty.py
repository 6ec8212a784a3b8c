"""Who complained, before and after a release, beside those who did not."""

from datetime import date, timedelta

import numpy as np
import pytest

from feedback_nlp.records import Segment
from feedback_nlp.verification.loyalty import (
    Followed,
    Windows,
    compare_loyalty,
    windows,
)

RELEASED = date(2026, 3, 16)
DAY = timedelta(days=1)
BOTH, LOST, WON, NEVER = (True, True), (True, False), (False, True), (False, False)


def some(
    counts: dict[tuple[bool, bool], int],
    *,
    affected: bool,
    segment: Segment | None = Segment.POTENTIAL,
) -> list[Followed]:
    """So many customers of each course; all of them stayed."""
    return [
        Followed(affected, segment, bought, BOTH) for bought, n in counts.items() for _ in range(n)
    ]


def test_change_of_the_affected_less_that_of_the_others_with_its_interval() -> None:
    mine = some({BOTH: 10, LOST: 5, WON: 15, NEVER: 10}, affected=True)
    others = some({BOTH: 100, LOST: 60, WON: 40, NEVER: 200}, affected=False)
    total, rows = compare_loyalty([*others, *mine])
    found = total.repurchase
    assert found is not None
    assert (found.affected.before, found.affected.after) == (15 / 40, 25 / 40)
    assert (found.others.before, found.others.after) == (160 / 400, 140 / 400)
    assert found.value == pytest.approx(0.25 + 0.05)
    of_mine = (16 / 42 + 6 / 42 - (10 / 42) ** 2) / 42
    of_others = (41 / 402 + 61 / 402 - (20 / 402) ** 2) / 402
    half = 1.959964 * (of_mine + of_others) ** 0.5
    assert (found.low, found.high) == pytest.approx((0.3 - half, 0.3 + half))
    assert (total.affected, total.others) == (40, 400)
    assert [(row.segment, row.repurchase) for row in rows] == [(Segment.POTENTIAL, found)]
    stayed = total.retention
    assert stayed is not None
    assert stayed.value == 0
    assert stayed.low < 0 < stayed.high


def test_total_compares_like_with_like() -> None:
    """Lost customers come back, those of high value leave; most of the affected are the latter."""
    found = [
        *some({BOTH: 60, LOST: 30}, affected=True, segment=Segment.HIGH_VALUE),
        *some({WON: 3, NEVER: 7}, affected=True, segment=Segment.LOST),
        *some({BOTH: 20, LOST: 10}, affected=False, segment=Segment.HIGH_VALUE),
        *some({WON: 300, NEVER: 700}, affected=False, segment=Segment.LOST),
    ]
    total, rows = compare_loyalty(found)
    assert total.repurchase is not None
    assert total.repurchase.value == pytest.approx(0)
    assert total.repurchase.others.before == pytest.approx(0.9)
    assert [row.segment for row in rows] == [Segment.HIGH_VALUE, Segment.LOST]
    assert rows[0].repurchase is not None
    assert rows[1].repurchase is None


def test_too_few_on_either_side_say_nothing() -> None:
    nineteen = some({BOTH: 9, LOST: 10}, affected=True)
    many = some({BOTH: 90, LOST: 100}, affected=False)
    assert compare_loyalty([*nineteen, *many])[0].repurchase is None
    swapped = [Followed(not one.affected, *_rest(one)) for one in (*nineteen, *many)]
    assert compare_loyalty(swapped)[0].repurchase is None
    one_more = [*nineteen, *some({WON: 1}, affected=True), *many]
    assert compare_loyalty(one_more)[0].repurchase is not None
    assert compare_loyalty([])[0].repurchase is None


def _rest(one: Followed) -> tuple[Segment | None, tuple[bool, bool], tuple[bool, bool]]:
    return one.segment, one.bought, one.stayed


def test_a_segment_without_others_is_left_out_of_the_total() -> None:
    found = [
        *some({BOTH: 15, LOST: 15}, affected=True),
        *some({WON: 30}, affected=True, segment=None),
        *some({BOTH: 50, LOST: 50}, affected=False),
    ]
    total, rows = compare_loyalty(found)
    assert total.repurchase is not None
    assert (total.affected, total.repurchase.affected.users) == (60, 30)
    assert total.repurchase.value == pytest.approx(0)
    assert rows[-1].segment is None


def test_interval_holds_the_truth_19_times_in_20() -> None:
    """60 affected and 400 others, all of whom change alike."""
    rng = np.random.default_rng(20260316)
    courses = np.array([BOTH, LOST, WON, NEVER])
    held = 0
    for _ in range(200):
        drawn = courses[rng.choice(4, 460, p=(0.2, 0.2, 0.1, 0.5))].tolist()
        found = [
            Followed(n < 60, Segment.NEW, (before, after), BOTH)
            for n, (before, after) in enumerate(drawn)
        ]
        effect = compare_loyalty(found)[0].repurchase
        assert effect is not None
        held += effect.low <= 0 <= effect.high
    assert 0.91 <= held / 200 <= 0.99


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        pytest.param(300, 300, 56, id="eight weeks"),
        pytest.param(300, 20, 20, id="as long as orders go on"),
        pytest.param(30, 300, 30, id="as long as orders go back"),
        pytest.param(300, 13, None, id="too short"),
        pytest.param(-3, 300, None, id="orders begin later"),
    ],
)
def test_windows_are_as_long_as_the_data(before: int, after: int, days: int | None) -> None:
    found = windows(RELEASED, first=RELEASED - before * DAY, last=RELEASED + after * DAY)
    assert found == (None if days is None else Windows(RELEASED, days))


def test_windows_leave_out_the_day_of_the_release() -> None:
    found = Windows(RELEASED, 14)
    assert found.before == (date(2026, 3, 2), date(2026, 3, 15))
    assert found.after == (date(2026, 3, 17), date(2026, 3, 30))
