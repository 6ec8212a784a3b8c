"""The order of themes: how sure it is, what would change it, how it differs from before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from builders import TAXONOMY, make_theme
from hypothesis import given, settings
from hypothesis import strategies as st
from priority_samples import QUARTER, ago, estimate, sure, users

from feedback_nlp.priority.effort import WEEKS_PER_MONTH
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.order import compare_orders, ranked
from feedback_nlp.priority.rice import Scored, prioritise
from feedback_nlp.records import (
    Criterion,
    EffortNote,
    OrderChange,
    Priority,
    Quadrant,
    Theme,
    Voice,
    Vote,
)

few = settings(max_examples=15)
sizes = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 3)), min_size=1, max_size=8)
weeks = st.floats(0.05, 520).map(lambda number: round(number, 2))


def themes_of(*made: tuple[int, int]) -> tuple[dict[str, Theme], dict[str, list[Voice]]]:
    """Themes T-0001, T-0002, … of so many users and such a severity each."""
    themes, said = {}, {}
    for number, (size, severity) in enumerate(made, 1):
        key = f"T-{number:04d}"
        said[key] = users(size, f"{key}R", severity=severity)
        themes[key] = make_theme(said[key], id=key, name=f"第{number}个")
    return themes, said


def scored_of(
    *made: tuple[int, int], grounds: Grounds = QUARTER
) -> tuple[dict[str, Theme], list[Scored]]:
    themes, said = themes_of(*made)
    return themes, [prioritise(themes[key], said[key], TAXONOMY, grounds) for key in themes]


def order_of(*made: tuple[int, int], grounds: Grounds = QUARTER) -> tuple[Priority, ...]:
    themes, scored = scored_of(*made, grounds=grounds)
    return ranked(scored, themes, grounds)


def estimated(efforts: Mapping[str, float]) -> Grounds:
    return replace(QUARTER, estimates={key: estimate(each, key) for key, each in efforts.items()})


def ids(priorities: Sequence[Priority]) -> list[str]:
    return [priority.theme_id for priority in priorities]


def drawn(key: str, draws: list[float], score: float = 1.0) -> Scored:
    """A theme whose draws are given."""
    priority = Priority(key, 1.0, 1.0, 1.0, 1.0, score, score, score, (), weeks=4.35)
    return Scored(priority, np.array(draws))


# --- order -------------------------------------------------------------------------------------


@few
@given(sizes, st.data())
def test_order_of_themes_changes_nothing(made: list[tuple[int, int]], data: st.DataObject) -> None:
    themes, scored = scored_of(*made)
    assert ranked(data.draw(st.permutations(scored)), themes, QUARTER) == ranked(
        scored, themes, QUARTER
    )


def test_best_comes_first_and_ties_go_to_the_lower_number() -> None:
    themes = {key: make_theme(id=key) for key in ("T-0002", "T-0010", "T-10000", "T-0001")}
    scored = [drawn("T-10000", [1.0]), drawn("T-0010", [1.0]), drawn("T-0002", [1.0])]
    best = drawn("T-0001", [9.0], 9.0)
    assert ids(ranked([*scored, best], themes, QUARTER)) == [
        "T-0001",
        "T-0002",
        "T-0010",
        "T-10000",
    ]


def test_no_themes_have_no_order() -> None:
    assert ranked([], {}, QUARTER) == ()


@few
@given(sizes)
def test_chances_of_the_best_places_add_up(made: list[tuple[int, int]]) -> None:
    found = order_of(*made)
    for top, chances in (
        (3, [priority.top3 for priority in found]),
        (10, [priority.top10 for priority in found]),
    ):
        assert sum(chances) == pytest.approx(min(top, len(found)), abs=0.0005 * len(found))
        assert all(0 <= chance <= 1 for chance in chances)
    assert all(priority.top3 <= priority.top10 for priority in found)


def test_chances_are_shares_of_the_draws() -> None:
    draws = {"T-0001": [4, 4, 1, 4], "T-0002": [3, 3, 3, 0], "T-0003": [2] * 4, "T-0004": [1] * 4}
    themes = {key: make_theme(id=key) for key in draws}
    scored = [
        drawn(key, [float(each) for each in every], score=5.0 - place)
        for place, (key, every) in enumerate(draws.items())
    ]
    found = ranked(scored, themes, QUARTER)
    # Draw 3: T-0001 has what T-0004 has and stays ahead of it. Draw 4: T-0002 is last.
    assert [priority.top3 for priority in found] == [1.0, 0.75, 1.0, 0.25]
    assert [priority.top10 for priority in found] == [1.0] * 4


def test_far_better_theme_is_surely_among_the_best() -> None:
    found = order_of((300, 3), *[(3, 1)] * 6)
    assert (found[0].theme_id, found[0].top3) == ("T-0001", 1.0)
    assert "前 3 的占 100%" in found[0].reason("order")


def test_quadrants_compare_needs_and_know_the_effort_as_it_was_said() -> None:
    grounds = estimated({"T-0001": 2.0, "T-0002": 2.1, "T-0003": 2.0, "T-0004": 3.0})
    found = {
        p.theme_id: p.quadrant for p in order_of((50, 2), (40, 2), (3, 1), (2, 1), grounds=grounds)
    }
    assert found == {
        "T-0001": Quadrant.QUICK_WIN,
        "T-0002": Quadrant.STRATEGIC,
        "T-0003": Quadrant.FILL_IN,
        "T-0004": Quadrant.DEFER,
    }


def test_votes_of_the_board_are_shown_beside_the_score() -> None:
    vote = Vote("T-0002", Criterion.NOVELTY, 8.0, "小李", ago(0))
    grounds = replace(QUARTER, votes={"T-0002": [vote]})
    first, second = order_of((9, 2), (5, 2), grounds=grounds)
    assert (first.theme_id, first.board, first.reason("board")) == ("T-0001", None, "")
    # Feasibility: both efforts are alike, so half of them; benefit: no need lies below.
    assert second.board == pytest.approx(0.4 * 5 + 0.3 * 8 + 0.3 * 0)
    assert second.reason("board").startswith("评审得分 4.4（满分 10）：")
    assert [first.score, second.score] == [p.score for p in order_of((9, 2), (5, 2))]


# --- what would change it ----------------------------------------------------------------------


def said_efforts(priority: Priority) -> tuple[float | None, float | None]:
    """Return the efforts in person-months at which it would pass, or fall behind, a neighbour."""
    said = priority.reason("order")
    up = re.search(r"投入降到 ([\d.]+) 人月以内", said)
    down = re.search(r"投入超过 ([\d.]+) 人月就会落到它后面", said)
    return (float(up[1]) if up else None, float(down[1]) if down else None)


def with_effort(before: Mapping[str, EffortNote], key: str, months: float) -> Grounds:
    note = estimate(months * WEEKS_PER_MONTH, key)
    return replace(QUARTER, estimates=dict(before) | {key: note})


@few
@given(sizes, st.lists(weeks, min_size=8, max_size=8))
def test_the_stated_efforts_change_the_order(
    made: list[tuple[int, int]], efforts: list[float]
) -> None:
    grounds = estimated({f"T-{n:04d}": each for n, each in enumerate(efforts, 1)})
    found = order_of(*made, grounds=grounds)
    for place, priority in enumerate(found):
        key = priority.theme_id
        up, down = said_efforts(priority)
        if up is not None:
            now = ids(order_of(*made, grounds=with_effort(grounds.estimates, key, up)))
            assert now.index(key) < now.index(found[place - 1].theme_id)
        if down is not None and down + 0.01 <= 520 / WEEKS_PER_MONTH:
            now = ids(order_of(*made, grounds=with_effort(grounds.estimates, key, down + 0.01)))
            assert now.index(key) > now.index(found[place + 1].theme_id)


def test_sentence_of_the_order() -> None:
    first, second, third = order_of((30, 2), (20, 2), (5, 1))
    assert first.theme_id == "T-0001"
    assert re.fullmatch(
        r"第 1 名；1000 次抽样中排在前 3 的占 100%，前 10 的占 100%；"
        r"下一名“第2个”排到它前面的占 \d+%；投入超过 0\.\d+ 人月就会落到它后面",
        first.reason("order"),
    )
    assert re.fullmatch(
        r"第 2 名；1000 次抽样中排在前 3 的占 100%，前 10 的占 100%；"
        r"投入降到 0\.\d+ 人月以内（现为 0\.46）就会超过第 1 名“第1个”；"
        r"下一名“第3个”排到它前面的占 0%；投入超过 [\d.]+ 人月就会落到它后面",
        second.reason("order"),
    )
    assert re.fullmatch(
        r"第 3 名；1000 次抽样中排在前 3 的占 100%，前 10 的占 100%"
        r"(；投入降到 0\.\d+ 人月以内（现为 0\.46）就会超过第 2 名“第2个”)?",
        third.reason("order"),
    )


def test_the_only_theme_has_nothing_to_pass() -> None:
    (only,) = order_of((5, 2))
    assert only.reason("order") == "第 1 名；1000 次抽样中排在前 3 的占 100%，前 10 的占 100%"


def test_a_rare_chance_is_neither_none_nor_all() -> None:
    draws = {"T-0001": [2.0] * 999 + [1.0], "T-0002": [1.0] * 999 + [2.0]}
    themes = {key: make_theme(id=key, name=key) for key in draws}
    first, _ = ranked(
        [drawn("T-0001", draws["T-0001"], 2.0), drawn("T-0002", draws["T-0002"])], themes, QUARTER
    )
    assert "下一名“T-0002”排到它前面的占 1%" in first.reason("order")


def test_themes_without_any_score_are_ordered_and_say_nothing_false() -> None:
    grounds = replace(
        QUARTER, policy=replace(QUARTER.policy, strategy=(("performance.crash", 0.0),))
    )
    found = order_of((5, 2), (9, 2), grounds=grounds)
    assert ids(found) == ["T-0001", "T-0002"]
    assert [said_efforts(priority) for priority in found] == [(None, None)] * 2


# --- what has changed --------------------------------------------------------------------------


def now_of(*scores: tuple[str, float]) -> list[Priority]:
    return [drawn(key, [score], score).priority for key, score in scores]


BEFORE = (("T-0001", 9.0), ("T-0002", 5.0), ("T-0003", 3.0), ("T-0004", 1.0))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(BEFORE, OrderChange(4, 1.0), id="the same"),
        pytest.param(
            (("T-0004", 9.0), ("T-0003", 5.0), ("T-0002", 3.0), ("T-0001", 1.0)),
            OrderChange(
                4, -1.0, (("T-0004", 4, 1), ("T-0001", 1, 4), ("T-0003", 3, 2), ("T-0002", 2, 3))
            ),
            id="reversed",
        ),
        pytest.param(
            (("T-0002", 9.0), ("T-0001", 5.0), ("T-0003", 3.0), ("T-0004", 1.0)),
            OrderChange(4, 0.6667, (("T-0002", 2, 1), ("T-0001", 1, 2))),
            id="two neighbours",
        ),
        pytest.param(
            (("T-0009", 9.0), ("T-0001", 5.0)),
            OrderChange(1, None, (("T-0001", 1, 2),)),
            id="one in common",
        ),
        pytest.param((("T-0009", 9.0),), OrderChange(0, None), id="none in common"),
        pytest.param((), OrderChange(0, None), id="no themes"),
        pytest.param(
            (("T-0001", 2.0), ("T-0002", 2.0), ("T-0003", 2.0)),
            OrderChange(3, None),
            id="all equal",
        ),
    ],
)
def test_how_the_order_has_changed(
    now: tuple[tuple[str, float], ...], expected: OrderChange
) -> None:
    assert compare_orders(BEFORE, now_of(*now)) == expected


def test_first_plan_after_an_empty_one_has_nothing_to_compare() -> None:
    assert compare_orders((), now_of(*BEFORE)) == OrderChange(0, None)


def test_only_the_five_that_moved_most_are_told() -> None:
    before = tuple((f"T-{n:04d}", 100.0 - n) for n in range(1, 13))
    now = now_of(*((key, 100.0 - n) for n, (key, _) in enumerate(reversed(before))))
    change = compare_orders(before, now)
    assert change.tau == -1.0
    assert change.moved == (
        ("T-0012", 12, 1),
        ("T-0011", 11, 2),
        ("T-0010", 10, 3),
        ("T-0003", 3, 10),
        ("T-0009", 9, 4),
    )


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=20), st.data())
def test_agreement_lies_between_opposite_and_same(scores: list[float], data: st.DataObject) -> None:
    before = tuple((f"T-{n:04d}", score) for n, score in enumerate(scores))
    now = [
        (key, score)
        for (key, _), score in zip(before, data.draw(st.permutations(scores)), strict=True)
    ]
    tau = compare_orders(before, now_of(*now)).tau
    assert tau is None or -1 <= tau <= 1
    assert (tau is None) is (len(set(scores)) == 1)


def test_themes_of_the_same_users_never_change_places() -> None:
    voices = [sure(review_id=f"R-{n}") for n in range(30)]
    keys = ("T-0001", "T-0002")
    themes = {key: make_theme(voices, id=key) for key in keys}
    scored = [prioritise(themes[key], voices, TAXONOMY, QUARTER) for key in keys]
    first, _ = ranked(scored, themes, QUARTER)
    assert first.theme_id == "T-0001"
    assert "排到它前面的占 0%" in first.reason("order")
