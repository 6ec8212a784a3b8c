"""The watch after a fix: silent while it holds, loud when the problem is back."""

import numpy as np
import pytest
from histories import RELEASED, Level, case, fixed, steady

from feedback_nlp.themes.rates import DAY
from feedback_nlp.verification.relapse import (
    FALSE_ALARMS,
    HORIZON,
    Levels,
    alarm_chance,
    evidence_of,
    threshold_of,
    watch,
)

VERIFIED = RELEASED + DAY * 28


def back_on(day: int, *, per_day: float = 5, left: float = 0.3) -> Level:
    return lambda time: per_day * (left if 0 < time < day else 1.0)


def test_a_problem_that_comes_back_is_found_soon() -> None:
    found = watch(case(back_on(70)), verified=VERIFIED, as_of=RELEASED + DAY * 100)
    assert found is not None
    assert RELEASED + DAY * 70 <= found.alarm <= RELEASED + DAY * 80
    assert RELEASED + DAY * 66 <= found.since <= found.alarm
    assert found.statistic > found.threshold
    assert found.count > 2 * found.expected


@pytest.mark.parametrize(
    "level",
    [
        pytest.param(fixed(5, left=0.3), id="it holds"),
        pytest.param(fixed(5, left=0.0), id="nobody says it any more"),
        pytest.param(lambda time: 5 * (1 if time <= 0 else 0.3 if time < 60 else 0.2), id="better"),
    ],
)
def test_no_alarm_while_it_holds(level: Level) -> None:
    assert watch(case(level), verified=VERIFIED, as_of=RELEASED + DAY * 120) is None


def test_a_late_look_finds_what_an_early_one_would_have_found() -> None:
    wanted = case(back_on(50))
    every_night = next(
        found
        for days in range(29, 121)
        if (found := watch(wanted, verified=VERIFIED, as_of=RELEASED + DAY * days))
    )
    late = watch(wanted, verified=VERIFIED, as_of=RELEASED + DAY * 120)
    assert late is not None
    assert abs((late.alarm - every_night.alarm).days) <= 7
    assert watch(wanted, verified=VERIFIED, as_of=VERIFIED) is None


def test_more_people_are_no_relapse() -> None:
    """Complaints treble, and so does everything else."""

    def volume(time: int) -> float:
        return 900 if time > 60 else 300

    level = fixed(6, left=0.3)
    busy = case(lambda time: level(time) * volume(time) / 300, base=volume)
    assert watch(busy, verified=VERIFIED, as_of=RELEASED + DAY * 110) is None


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_the_threshold_is_what_chance_would_cross_that_rarely(dispersion: float) -> None:
    levels = Levels(fixed=0.004, relapsed=0.012, dispersion=dispersion)
    height = threshold_of(levels, base=400.0)
    random = np.random.default_rng(8)
    mean = 1.6
    shape = (4_000, HORIZON)
    if dispersion > 1:
        counts = random.negative_binomial(mean / (dispersion - 1), 1 / dispersion, shape)
    else:
        counts = random.poisson(mean, shape)
    steps = evidence_of(counts.astype(float), 400.0, levels)
    total = np.zeros(shape[0])
    crossed = np.zeros(shape[0], dtype=bool)
    for day in range(shape[1]):
        total = np.maximum(total + steps[:, day], 0)
        crossed |= total > height
    assert crossed.mean() == pytest.approx(FALSE_ALARMS, abs=0.02)


def test_a_higher_threshold_is_crossed_more_rarely() -> None:
    chances = np.array([0.6, 0.4])
    steps = np.array([-0.5, 0.7])
    found = [alarm_chance(steps, chances, height) for height in (1.0, 3.0, 9.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.9
    assert watch(case(steady(0)), verified=VERIFIED, as_of=RELEASED + DAY * 90) is None
