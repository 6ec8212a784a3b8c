"""Targets against actuals."""

from datetime import date

import pytest
from builders import NOW

from feedback_nlp.records import Metric, Target
from feedback_nlp.satisfaction.estimates import Estimate
from feedback_nlp.satisfaction.standing import Standing, progress

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


def target(metric: Metric = Metric.NPS, value: float = 30.0) -> Target:
    return Target(1, metric, value, FIRST, LAST, "小李", NOW)


@pytest.mark.parametrize(
    ("metric", "value", "actual", "standing", "gap"),
    [
        pytest.param(
            Metric.NPS, 30, (40, 31, 49), Standing.MET, 10, id="the whole interval is above"
        ),
        pytest.param(
            Metric.NPS, 30, (20, 11, 29), Standing.MISSED, -10, id="the whole interval is below"
        ),
        pytest.param(
            Metric.NPS, 30, (40, 30, 49), Standing.UNCLEAR, 10, id="the target is at its end"
        ),
        pytest.param(
            Metric.NEGATIVE_SHARE,
            0.5,
            (0.25, 0.2, 0.3),
            Standing.MET,
            0.25,
            id="fewer negatives are better",
        ),
        pytest.param(
            Metric.NEGATIVE_SHARE,
            0.25,
            (0.5, 0.4, 0.6),
            Standing.MISSED,
            -0.25,
            id="more negatives are worse",
        ),
    ],
)
def test_the_interval_decides(
    metric: Metric,
    value: float,
    actual: tuple[float, float, float],
    standing: Standing,
    gap: float,
) -> None:
    found = progress(target(metric, value), Estimate(*actual, n=50), as_of=LAST)
    assert (found.standing, found.gap, found.elapsed) == (standing, gap, 1.0)


@pytest.mark.parametrize(
    ("as_of", "elapsed"),
    [
        pytest.param(FIRST, 1 / 92, id="first day"),
        pytest.param(date(2026, 11, 15), 0.5, id="half"),
        pytest.param(date(2027, 3, 1), 1.0, id="long over"),
    ],
)
def test_elapsed_counts_days_of_data(as_of: date, elapsed: float) -> None:
    assert progress(target(), None, as_of=as_of).elapsed == elapsed


@pytest.mark.parametrize("as_of", [None, date(2026, 9, 30)])
def test_a_period_without_a_day_of_data_has_not_started(as_of: date | None) -> None:
    found = progress(target(), None, as_of=as_of)
    assert (found.standing, found.actual, found.gap) == (Standing.NOT_STARTED, None, None)


def test_nobody_answered_yet() -> None:
    found = progress(target(), None, as_of=FIRST)
    assert (found.standing, found.gap) == (Standing.NO_DATA, None)
