"""What can be counted of a theme."""

from dataclasses import replace

import pytest
from builders import MONDAY, make_voices, shanghai

from feedback_nlp.records import ThemeState
from feedback_nlp.themes.count import NO_DATES, Span, counted, empty_theme

EMPTY = empty_theme("T-0007", name="闪退", topic="performance.crash")
SPAN = Span(shanghai(2026, 3, 2), shanghai(2026, 3, 15))


def test_counting_keeps_what_people_look_for() -> None:
    theme = counted(EMPTY, make_voices(["闪退", "又闪退"]), span=SPAN)
    assert (theme.id, theme.name, theme.topic) == ("T-0007", "闪退", "performance.crash")
    assert (theme.count, theme.reviews, theme.users, theme.negative_share) == (2, 2, 2, 1.0)
    assert [week.count for week in theme.trend] == [2, 0]


def test_the_order_of_voices_changes_nothing() -> None:
    voices = make_voices(["闪退", "又闪退", "还闪退"])
    assert counted(EMPTY, voices[::-1], span=SPAN) == counted(EMPTY, voices, span=SPAN)


@pytest.mark.parametrize(
    ("before", "spoken", "after"),
    [
        (ThemeState.OPEN, False, ThemeState.DORMANT),
        (ThemeState.DORMANT, True, ThemeState.OPEN),
        (ThemeState.DORMANT, False, ThemeState.DORMANT),
        (ThemeState.CLOSED, True, ThemeState.CLOSED),
        (ThemeState.CLOSED, False, ThemeState.CLOSED),
        (ThemeState.MERGED, False, ThemeState.MERGED),
    ],
)
def test_a_state_follows_the_opinions_unless_decided(
    before: ThemeState,
    spoken: bool,  # noqa: FBT001 (a parameter of the test)
    after: ThemeState,
) -> None:
    voices = make_voices(["闪退"]) if spoken else []
    assert counted(replace(EMPTY, state=before), voices, span=SPAN).state is after


def test_a_theme_that_falls_asleep_keeps_when_it_was_seen() -> None:
    seen = counted(EMPTY, make_voices(["闪退"]), span=SPAN)
    asleep = counted(seen, [], span=SPAN)
    assert (asleep.first_seen, asleep.last_seen) == (MONDAY, MONDAY)
    assert (asleep.count, asleep.members, asleep.trend) == (0, (), ())


def test_without_dates_there_is_no_trend() -> None:
    assert counted(EMPTY, make_voices(["闪退"], created_at=None), span=NO_DATES).trend == ()
