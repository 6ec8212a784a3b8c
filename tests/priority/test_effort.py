"""Which effort counts, and why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.priority.effort import Effort, decide_effort
from feedback_nlp.records import EffortKind, EffortNote, EffortSource, Theme, Topic

TOPIC = Topic("app.crash", "闪退故障", "", "app", "应用", "研发", "weekly", 2.0)
THEME = Theme(
    id="T-0001",
    name="更新后闪退",
    topic="app.crash",
    keywords=(),
    quotes=(),
    members=(),
    count=0,
    reviews=0,
    users=0,
    negative_share=0.0,
    first_seen=None,
    last_seen=None,
    trend=(),
    by_channel=(),
    by_version=(),
    by_region=(),
    by_rating=(),
)
LATE = datetime(2026, 3, 1, 20, tzinfo=UTC)
SAID = EffortNote(EffortKind.ESTIMATE, "T-0001", 3.0, "小李", LATE)


def decide(*took: float, estimate: EffortNote | None = None, topic: Topic = TOPIC) -> Effort:
    return decide_effort(THEME, topic, estimate=estimate, actual_weeks=took)


@pytest.mark.parametrize(
    ("effort", "weeks", "source", "reason"),
    [
        pytest.param(
            decide(5.0, 6.0, estimate=SAID),
            3.0,
            EffortSource.OVERRIDE,
            "小李在 2026-03-02 估计 T-0001 要 3 人周，合 0.69 人月",
            id="a person's estimate first, its day as in China",
        ),
        pytest.param(
            decide(estimate=replace(SAID, author="")),
            3.0,
            EffortSource.OVERRIDE,
            "有人（未署名）在 2026-03-02 估计 T-0001 要 3 人周，合 0.69 人月",
            id="an estimate that nobody signed",
        ),
        pytest.param(
            decide(3.0, 1.0, 1.5),
            1.5,
            EffortSource.HISTORY,
            "近 3 张“闪退故障”工单实际用了 3、1、1.5 人周，取中位数 1.5 人周，合 0.34 人月",
            id="then the median of what tickets took",
        ),
        pytest.param(
            decide(1.0, 2.0, 3.0, 4.0, 5.0, 60.0),
            3.5,
            EffortSource.HISTORY,
            "近 6 张“闪退故障”工单实际用了 1 到 60 人周，取中位数 3.5 人周，合 0.80 人月",
            id="of many tickets only the range is told",
        ),
        pytest.param(
            decide(9.0),
            2.0,
            EffortSource.DEFAULT,
            "“闪退故障”类问题默认 2 人周，可由团队改写；这类工单只有 1 张有记录，用了 9 人周，"
            "满 2 张才按实际的算，合 0.46 人月",
            id="one ticket is told but does not count",
        ),
        pytest.param(
            decide(estimate=replace(SAID, weeks=None)),
            2.0,
            EffortSource.DEFAULT,
            "“闪退故障”类问题默认 2 人周，可由团队改写，合 0.46 人月",
            id="else the taxonomy",
        ),
        pytest.param(
            decide(topic=replace(TOPIC, effort_weeks=0.01)),
            0.05,
            EffortSource.DEFAULT,
            "“闪退故障”类问题默认 0.01 人周，可由团队改写，按 0.05 人周算，合 0.01 人月",
            id="next to nothing is not free",
        ),
        pytest.param(
            decide(600.0, 600.0),
            520.0,
            EffortSource.HISTORY,
            "近 2 张“闪退故障”工单实际用了 600、600 人周，取中位数 600 人周，"
            "按 520 人周算，合 119.54 人月",
            id="ten years are the most",
        ),
    ],
)
def test_the_first_that_there_is_counts(
    effort: Effort, weeks: float, source: EffortSource, reason: str
) -> None:
    assert (effort.weeks, effort.source, effort.reason) == (weeks, source, reason)


def test_months_are_weeks_divided_by_four_and_a_third() -> None:
    assert decide(estimate=replace(SAID, weeks=8.7)).months == pytest.approx(2.0)


WEEKS = st.floats(0.05, 520)


@given(WEEKS, WEEKS)
def test_more_weeks_are_never_fewer_months(one: float, other: float) -> None:
    less, more = (decide(estimate=replace(SAID, weeks=weeks)) for weeks in sorted((one, other)))
    assert less.weeks <= more.weeks
    assert 0.01 <= less.months <= more.months


@given(st.lists(WEEKS, min_size=2, max_size=9))
def test_the_order_of_tickets_does_not_matter(took: list[float]) -> None:
    assert decide(*took).weeks == decide(*took[::-1]).weeks
