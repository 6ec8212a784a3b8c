import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.priority.quadrants import quadrants
from feedback_nlp.records import Policy, Quadrant

POLICY = Policy(cheap_weeks=2.0)
needs_of = st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 1e9), max_size=12)


@pytest.mark.parametrize(
    ("need", "weeks", "expected"),
    [
        pytest.param(9.0, 2.0, Quadrant.QUICK_WIN, id="wanted and just cheap: quick win"),
        pytest.param(9.0, 2.1, Quadrant.STRATEGIC, id="wanted and dear: strategic"),
        pytest.param(5.0, 0.5, Quadrant.QUICK_WIN, id="exactly the median is high"),
        pytest.param(4.9, 0.5, Quadrant.FILL_IN, id="below the median and cheap: fill in"),
        pytest.param(4.9, 8.0, Quadrant.DEFER, id="below the median and dear: defer"),
        pytest.param(0.0, 0.5, Quadrant.FILL_IN, id="no need at all is never high"),
    ],
)
def test_quadrants_split_at_the_median_need_and_the_cheap_weeks(
    need: float, weeks: float, expected: Quadrant
) -> None:
    needs = {"low": 1.0, "this": need, "high": 10.0} | ({"middle": 5.0} if need != 5 else {})
    needs |= {"lower": 2.0, "higher": 20.0} if need in {0.0, 5.0} else {}
    if need > 5:
        needs |= {"other": 3.0}
    assert quadrants(needs, dict.fromkeys(needs, weeks), POLICY)["this"] is expected


def test_quadrants_leave_themes_without_need_out_of_the_median() -> None:
    needs = {"a": 0.0, "b": 0.0, "c": 0.0, "d": 1.0, "e": 3.0}
    found = quadrants(needs, dict.fromkeys(needs, 1.0), POLICY)
    assert [theme for theme, quadrant in found.items() if quadrant is Quadrant.QUICK_WIN] == ["e"]


def test_quadrants_of_nothing_and_of_no_need_at_all() -> None:
    assert quadrants({}, {}, POLICY) == {}
    assert quadrants({"a": 0.0}, {"a": 3.0}, POLICY) == {"a": Quadrant.DEFER}


def test_quadrants_of_a_theme_without_weeks_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        quadrants({"a": 1.0}, {}, POLICY)


@given(needs_of, st.data())
def test_quadrants_do_not_depend_on_the_order(needs: dict[str, float], data: st.DataObject) -> None:
    weeks = {theme: data.draw(st.floats(0.1, 50)) for theme in needs}
    shuffled = dict(data.draw(st.permutations(list(needs.items()))))
    assert quadrants(shuffled, weeks, POLICY) == quadrants(needs, weeks, POLICY)


@given(needs_of)
def test_at_least_half_of_the_wanted_themes_are_of_high_need(needs: dict[str, float]) -> None:
    found = quadrants(needs, dict.fromkeys(needs, 1.0), POLICY)
    high = sum(quadrant is Quadrant.QUICK_WIN for quadrant in found.values())
    assert 2 * high >= sum(need > 0 for need in needs.values())
