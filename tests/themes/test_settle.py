"""Assign first: who has a theme keeps it, who is new joins or waits, the rest may found themes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import TAXONOMY, SpotClassifier, complaints, make_voice, make_voices, shanghai
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import Bar, How, Placement, Theme, ThemeState, Voice
from feedback_nlp.themes.count import Span
from feedback_nlp.themes.recipes import DEFAULT
from feedback_nlp.themes.settle import Past, Settled, settle

SPAN = Span(shanghai(2026, 3, 2), shanghai(2026, 3, 29, 10))
NOTHING = Past()
CRASH = ["一打开就闪退", "打开订单就闪退", "打开就闪退"]
LOGIN = ["收不到验证码", "一直收不到验证码", "验证码收不到"]


def settled(voices: Sequence[Voice], past: Past = NOTHING) -> Settled:
    return settle(voices, SpotClassifier(), TAXONOMY, past=past, span=SPAN, recipe=DEFAULT)


def after(made: Settled, past: Past = NOTHING, **changes: object) -> Past:
    """Return the past that a run leaves to the next one."""
    number = max([past.next_number, *(int(theme.id[2:]) + 1 for theme in made.themes)])
    placements = {placed.place: placed for placed in (*past.placements, *made.placements)}
    kept = Past(made.themes, number, tuple(placements.values()), past.bars)
    return replace(kept, **changes)  # type: ignore[arg-type]


def homes(made: Settled) -> dict[str, str]:
    return {placed.review_id: placed.theme_id for placed in made.placements}


def theme_of(made: Settled, theme_id: str = "T-0001") -> Theme:
    return next(theme for theme in made.themes if theme.id == theme_id)


@pytest.fixture
def crashes() -> list[Voice]:
    return make_voices(CRASH)


@pytest.fixture
def past(crashes: list[Voice]) -> Past:
    return after(settled(crashes))


def test_the_first_run_founds_themes(crashes: list[Voice]) -> None:
    made = settled(crashes)
    assert homes(made) == {"R-001": "T-0001", "R-002": "T-0001", "R-003": "T-0001"}
    assert {placed.how for placed in made.placements} == {How.FOUNDED}
    assert theme_of(made).count == 3


def test_a_second_run_with_the_same_opinions_changes_nothing() -> None:
    first = settled(complaints())
    past = after(first)
    again = settled(complaints(), past)
    assert again.themes == first.themes
    assert again.new(past) == ()


@settings(max_examples=20)
@given(st.permutations(complaints()))
def test_the_order_of_voices_changes_nothing(voices: list[Voice]) -> None:
    past = after(settled(complaints()[:15]))
    assert settled(voices, past) == settled(complaints(), past)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sets(st.integers(0, 29)), min_size=1, max_size=5))
def test_day_by_day_nobody_loses_a_theme_and_no_id_goes(days: list[set[int]]) -> None:
    voices, past, seen = complaints(), NOTHING, set[int]()
    for day in days:
        seen |= day
        made = settled([voices[place] for place in sorted(seen)], past)
        kept = {placed.place: placed.theme_id for placed in made.placements}
        for placed in past.placements:
            assert kept[placed.place] == placed.theme_id
        assert {theme.id for theme in past.themes} <= {theme.id for theme in made.themes}
        past = after(made, past)


def test_who_says_the_same_words_joins(crashes: list[Voice], past: Past) -> None:
    made = settled([*crashes, make_voice("打开就闪退！", review_id="N")], past)
    (new,) = made.new(past)
    assert (new.review_id, new.theme_id, new.how) == ("N", "T-0001", How.SAME_WORDS)


def test_who_is_close_joins_and_the_comparison_is_recorded(crashes: list[Voice]) -> None:
    voices = [*crashes, *make_voices(LOGIN, "account.login", prefix="L")]
    past = after(settled(voices))
    made = settled([*voices, make_voice("打开订单页就闪退", review_id="N")], past)
    (new,) = made.new(past)
    assert (new.theme_id, new.how, new.runner_up) == ("T-0001", How.JOINED, "T-0002")
    assert new.similarity is not None
    assert new.runner_up_similarity is not None
    assert 1 >= new.similarity >= DEFAULT.min_similarity > new.runner_up_similarity


def test_who_is_far_waits_until_there_are_enough(crashes: list[Voice], past: Past) -> None:
    login = make_voices(LOGIN, "account.login", prefix="L")
    one = settled([*crashes, login[0]], past)
    assert one.new(past) == ()
    assert [theme.id for theme in one.themes] == ["T-0001"]
    all_three = settled([*crashes, *login], after(one, past))
    assert homes(all_three)["L-001"] == "T-0002"
    assert theme_of(all_three, "T-0002").count == 3


def test_what_is_unlike_a_new_theme_waits_and_does_not_fill_it(crashes: list[Voice]) -> None:
    past = after(settled(make_voices(LOGIN, "account.login", prefix="L")))
    odd = [
        make_voice(text, "performance.crash", review_id=f"O-{place}")
        for place, text in enumerate(
            [
                "闪退前屏幕会花",
                "字体小得看不清",
                "打开慢",
                "耗电快",
                "闪退没人管",
                "图标丑",
                "就想退钱",
            ]
        )
    ]
    made = settled([*make_voices(LOGIN, "account.login", prefix="L"), *crashes, *odd], past)
    new = {review for review, theme in homes(made).items() if theme == "T-0002"}
    assert new == {"R-001", "R-002", "R-003"}


def test_an_id_is_never_used_again(past: Past) -> None:
    made = settled(make_voices(LOGIN, "account.login", prefix="L"), replace(past, next_number=9))
    assert [(theme.id, theme.state) for theme in made.themes] == [
        ("T-0001", ThemeState.DORMANT),
        ("T-0009", ThemeState.OPEN),
    ]
    assert theme_of(made).count == 0


def test_who_comes_back_wakes_the_theme(crashes: list[Voice], past: Past) -> None:
    asleep = after(settled([], past), past)
    assert theme_of(settled([], past)).state is ThemeState.DORMANT
    assert settled(crashes, asleep).themes == past.themes


def test_an_opinion_stays_where_a_person_put_it(crashes: list[Voice], past: Past) -> None:
    strange = make_voice("客服电话打不通", "aftersales.return_refund", review_id="N")
    by_hand = Placement("N", 0, "T-0001", How.BY_HAND)
    made = settled([*crashes, strange], replace(past, placements=(*past.placements, by_hand)))
    assert homes(made)["N"] == "T-0001"
    assert theme_of(made).count == 4


@pytest.mark.parametrize("text", ["打开就闪退", "打开订单页就闪退"], ids=["same words", "close"])
def test_who_was_taken_out_does_not_come_back(crashes: list[Voice], past: Past, text: str) -> None:
    again = make_voice(text, review_id="N")
    made = settled([*crashes, again], replace(past, bars=frozenset({Bar("N", 0, "T-0001")})))
    assert "N" not in homes(made)


def test_a_closed_theme_is_joined_and_stays_closed(crashes: list[Voice], past: Past) -> None:
    closed = replace(past, themes=(replace(past.themes[0], state=ThemeState.CLOSED),))
    made = settled([*crashes, *make_voices(CRASH, prefix="N")], closed)
    assert [(theme.id, theme.state, theme.count) for theme in made.themes] == [
        ("T-0001", ThemeState.CLOSED, 6)
    ]


def test_a_merged_theme_does_not_come_back(crashes: list[Voice], past: Past) -> None:
    gone = replace(past.themes[0], state=ThemeState.MERGED, merged_into="T-0007")
    target = replace(past.themes[0], id="T-0007", members=())
    moved = tuple(replace(placed, theme_id="T-0007") for placed in past.placements)
    made = settled(crashes, Past((gone, target), 8, moved))
    assert [(theme.id, theme.count) for theme in made.themes] == [("T-0007", 3)]


def test_a_name_stays_while_somebody_says_it(crashes: list[Voice], past: Past) -> None:
    named = replace(past.themes[0], name="打开订单就闪退")
    kept = replace(past, themes=(named,))
    more = make_voices(["一打开就闪退"] * 5, prefix="N")
    assert theme_of(settled([*crashes, *more], kept)).name == "打开订单就闪退"
    assert theme_of(settled([crashes[0], crashes[2], *more], kept)).name != "打开订单就闪退"


def test_a_name_that_a_person_chose_stays(crashes: list[Voice], past: Past) -> None:
    named = replace(past.themes[0], name="启动崩溃", named_by_hand=True)
    assert theme_of(settled(crashes, replace(past, themes=(named,)))).name == "启动崩溃"


def test_a_clause_that_is_cut_anew_stays_where_its_part_was() -> None:
    placed = Placement("R-1", 4, "T-0001", How.FOUNDED)
    past = Past((replace(settled(make_voices(CRASH)).themes[0]),), 2, (placed,))
    longer = make_voice("昨天，一打开就闪退", review_id="R-1")
    (now,) = settled([longer], past).placements
    assert (now.start, now.theme_id, now.how) == (0, "T-0001", How.CARRIED)
