"""What other themes and trends say: pooled ratios, fitted slopes, intervals of ratios."""

import numpy as np
import pytest
from scipy.stats import f as f_distribution

from feedback_nlp.verification.controls import USUAL_SPREAD, pool
from feedback_nlp.verification.intervals import ratio_interval
from feedback_nlp.verification.slopes import fit_slopes


def test_without_others_nothing_moves() -> None:
    found = pool(np.array([]), np.array([]))
    assert (found.themes, found.drift, found.spread) == (0, 0.0, USUAL_SPREAD)


def test_many_alike_give_their_mean_and_hardly_any_spread() -> None:
    found = pool(np.full(60, -0.5), np.full(60, 0.01))
    assert found.drift == pytest.approx(-0.5, abs=0.03)
    assert found.spread < USUAL_SPREAD / 2


def test_the_spread_is_what_chance_does_not_explain() -> None:
    random = np.random.default_rng(3)
    values = random.normal(0.2, np.sqrt(0.3**2 + 0.1**2), 400)
    found = pool(values, np.full(400, 0.1**2))
    assert found.spread == pytest.approx(0.3, abs=0.03)
    assert found.drift == pytest.approx(0.2, abs=0.05)


def test_one_theme_alone_does_not_move_the_yardstick_far() -> None:
    assert abs(pool(np.array([-1.0]), np.array([0.01])).drift) < 0.75


def test_slopes_of_exact_trends_are_found() -> None:
    days = np.arange(120)
    counts = np.vstack([50 * np.exp(rate * days) for rate in (-0.02, 0.0, 0.01)])
    slopes, variances = fit_slopes(counts, np.ones(120), np.ones_like(counts, dtype=bool))
    assert slopes == pytest.approx([-0.02, 0.0, 0.01], abs=1e-6)
    assert (variances > 0).all()


def test_slopes_leave_out_spikes_and_days_without_a_base() -> None:
    days = np.arange(100)
    counts = (20 * np.exp(-0.01 * days))[None, :].copy()
    usual = np.ones_like(counts, dtype=bool)
    counts[0, 50:55] = 900
    usual[0, 50:55] = False
    slopes, _ = fit_slopes(counts, np.ones(100), usual)
    assert slopes[0] == pytest.approx(-0.01, abs=1e-6)
    nobody, unsure = fit_slopes(np.zeros((1, 100)), np.ones(100), usual)
    assert (nobody[0], unsure[0]) == (0.0, np.inf)


@pytest.mark.parametrize(("after", "before"), [(0.0, 40.0), (12.0, 40.0), (80.0, 20.0)])
def test_without_a_control_the_interval_is_that_of_jeffreys(after: float, before: float) -> None:
    # Odds of a beta share are an F variable: an independent way to the same quantiles.
    a, b = after + 0.5, before + 0.5
    wanted = f_distribution.ppf((0.025, 0.975), 2 * a, 2 * b) * a / b * 3
    found = ratio_interval(after, before, 3.0, shift=0.0, variance=0.0)
    assert found[1] == pytest.approx(wanted[1], rel=0.04)
    assert found[0] == pytest.approx(wanted[0], rel=0.04, abs=1e-3)


def test_a_shift_moves_the_interval_and_its_variance_widens_it() -> None:
    plain = ratio_interval(30, 60, 2.0, shift=0.0, variance=0.0)
    moved = ratio_interval(30, 60, 2.0, shift=np.log(2), variance=0.0)
    wide = ratio_interval(30, 60, 2.0, shift=0.0, variance=0.2)
    assert moved == pytest.approx(tuple(np.array(plain) / 2))
    assert wide[0] < plain[0] < plain[1] < wide[1]
