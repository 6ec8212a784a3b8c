"""Drivers: the score without a theme, exactly; what is beyond chance, and what is not."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction import drivers as drivers_module
from feedback_nlp.satisfaction.drivers import Driver, drivers
from feedback_nlp.satisfaction.measures import better, points

ANSWERS = [f"a{number}" for number in range(12)]
SCALES: dict[Metric, st.SearchStrategy[float]] = {
    Metric.NPS: st.integers(0, 10).map(float),
    Metric.CSAT: st.integers(1, 5).map(float),
    Metric.RATING: st.sampled_from([1.0, 1.5, 2.0, 3.0, 4.5, 5.0]),
    Metric.NEGATIVE_SHARE: st.sampled_from([0.0, 1.0]),
}
Touched = Mapping[str, frozenset[str]]
Case = tuple[Metric, dict[str, float], Touched]


def _cases(metric: Metric) -> st.SearchStrategy[Case]:
    scored = st.dictionaries(st.sampled_from(ANSWERS), SCALES[metric])
    said = st.frozensets(st.sampled_from([*ANSWERS, "nobody's"]))
    return st.tuples(
        st.just(metric), scored, st.dictionaries(st.sampled_from(["T-1", "T-2", "T-3"]), said)
    )


CASES = st.sampled_from(Metric).flatmap(_cases)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laws do not depend on how often is drawn."""
    monkeypatch.setattr(drivers_module, "SHUFFLES", 1_999)


def survey(n: int = 400, unhappy: int = 40) -> tuple[dict[str, float], frozenset[str]]:
    """Return NPS answers, every tenth of them of people who met the theme and gave 0."""
    met = frozenset(f"a{number}" for number in range(unhappy))
    return {f"a{number}": 0.0 if f"a{number}" in met else 9.0 for number in range(n)}, met


def test_a_theme_that_hurts_pulls_the_score_down() -> None:
    scored, met = survey()
    (found,) = drivers(scored, {"T-1": met}, Metric.NPS).values()
    assert (found.without, found.with_all, found.drop) == (100.0, 80.0, 20.0)
    assert found.answers == 40
    assert 14 < found.low < 20 < found.high < 26
    assert found.q < 0.001


def test_the_share_of_negatives_is_better_when_it_is_lower() -> None:
    scored = {f"a{number}": float(number < 5) for number in range(10)}
    met = frozenset({"a0", "a1", "a2"})
    (found,) = drivers(scored, {"T-1": met}, Metric.NEGATIVE_SHARE).values()
    assert found.without == pytest.approx(2 / 7)
    assert found.drop == pytest.approx(0.5 - 2 / 7)


def test_a_theme_that_everybody_speaks_of_leaves_nothing_to_compare() -> None:
    assert drivers({"a": 3.0}, {"T-1": frozenset({"a"})}, Metric.NPS) == {}
    assert drivers({}, {"T-1": frozenset({"a"})}, Metric.NPS) == {}


@pytest.mark.parametrize("size", [3, 30, 150])
def test_themes_that_say_nothing_of_the_score_are_rarely_striking(size: int) -> None:
    generator = np.random.default_rng(5)
    given_scores = generator.choice([0.0, 3.0, 7.0, 8.0, 9.0, 10.0], 500).tolist()
    scored = {f"a{number}": score for number, score in enumerate(given_scores)}
    touched = {
        f"T-{number}": frozenset(generator.choice(sorted(scored), size, replace=False).tolist())
        for number in range(200)
    }
    found = drivers(scored, touched, Metric.NPS)
    assert sum(driver.q <= 0.05 for driver in found.values()) <= 2


def test_the_interval_holds_about_as_often_as_it_says() -> None:
    """80 % of intervals, drawn from people of whom 10 % met a theme that costs them 60 points."""
    generator, hits = np.random.default_rng(11), 0
    true = (0.2 * 100 - 0.2 * 100 + 40) - (0.9 * 40 + 0.1 * -20)
    for _ in range(100):
        met = generator.random(300) < 0.1
        raw = generator.random(300)
        scored = {
            f"a{n}": 9.0 if raw[n] < (0.3 if met[n] else 0.6) else (0.0 if raw[n] > cut else 7.0)
            for n in range(300)
            for cut in [0.5 if met[n] else 0.8]
        }
        touched = {"T-1": frozenset(f"a{n}" for n in range(300) if met[n])}
        (found,) = drivers(scored, touched, Metric.NPS).values()
        hits += found.low <= true <= found.high
    assert 68 <= hits <= 92


@given(CASES)
def test_drivers_equal_counting_all_over_again(case: Case) -> None:
    metric, scored, touched = case
    found = drivers(scored, touched, metric)
    for theme, said in touched.items():
        rest = [points(metric, score) for key, score in scored.items() if key not in said]
        if not rest:
            assert theme not in found
            continue
        everybody = [points(metric, score) for score in scored.values()]
        driver = found[theme]
        assert driver.without == pytest.approx(np.mean(rest))
        assert driver.with_all == pytest.approx(np.mean(everybody))
        assert driver.drop == pytest.approx(better(metric) * (np.mean(rest) - np.mean(everybody)))
        assert driver.answers == len(said & scored.keys())
        assert driver.low <= driver.drop <= driver.high
        assert 0 <= driver.q <= 1


@given(CASES)
def test_a_theme_nobody_speaks_of_changes_nothing(case: Case) -> None:
    metric, scored, touched = case
    with_silent = drivers(scored, {**touched, "T-0": frozenset({"nobody's"})}, metric)
    if scored:
        silent = with_silent.pop("T-0")
        assert (silent.drop, silent.low, silent.high, silent.q) == (0, 0, 0, 1)
    assert with_silent == drivers(scored, touched, metric)


@given(CASES)
def test_order_is_irrelevant(case: Case) -> None:
    metric, scored, touched = case
    turned = dict(reversed(scored.items())), dict(reversed(list(touched.items())))
    assert drivers(scored, touched, metric) == drivers(*turned, metric)


@given(CASES)
def test_the_interval_of_a_theme_does_not_depend_on_the_others(case: Case) -> None:
    metric, scored, touched = case

    def seen(driver: Driver) -> tuple[float, ...]:
        return driver.without, driver.drop, driver.low, driver.high

    together = drivers(scored, touched, metric)
    for theme, said in touched.items():
        alone = drivers(scored, {theme: said}, metric)
        assert [seen(driver) for driver in alone.values()] == [
            seen(driver) for key, driver in together.items() if key == theme
        ]
