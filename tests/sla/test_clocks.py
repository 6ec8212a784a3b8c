"""Which limit counts, and how a case stands against it; the published figures."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import TAXONOMY

from feedback_nlp.records import CHINA, ReviewKind, SlaRule
from feedback_nlp.satisfaction.estimates import share
from feedback_nlp.sla.clocks import Case, Clock, Progress, Span, agree, clock_of, late_by
from feedback_nlp.sla.limits import Told, duration_text, limit_of
from feedback_nlp.sla.standing import Cut, figures, rows

FRIDAY = datetime(2026, 3, 6, 17, 30, tzinfo=CHINA)
MONDAY = datetime(2026, 3, 9, 10, 30, tzinfo=CHINA)
HOUR = timedelta(hours=1)
TICKET = Told(ReviewKind.TICKET, "客服", "A", ("logistics.speed",), negative=True, complaint=True)
REVIEW = replace(TICKET, kind=ReviewKind.REVIEW, tier=None)
USUAL = agree(SlaRule(), TAXONOMY)
SCENES = SlaRule(
    scenarios=(
        ("kind:chat", 30 / 3600),
        ("channel:客服", 1.5),
        ("logistics", 1.0),
        ("logistics.speed", 20.0),
    )
)


def case(told: Told = TICKET, **more: object) -> Case:
    return Case("r1", FRIDAY, told, **more)  # type: ignore[arg-type]


def stand(now: datetime, told: Told = TICKET, rule: SlaRule = USUAL.rule, **more: object) -> Clock:
    return clock_of(case(told, **more), agree(rule, TAXONOMY), now=now)


@pytest.mark.parametrize(
    ("told", "rule", "key", "hours"),
    [
        pytest.param(TICKET, SlaRule(), "tiers.A", 2, id="tier A"),
        pytest.param(
            replace(TICKET, tier="A级客户"), SlaRule(), "tiers.A", 2, id="tier with words"
        ),
        pytest.param(replace(TICKET, tier="B"), SlaRule(), "tiers.B", 24, id="tier B"),
        pytest.param(replace(TICKET, tier="C"), SlaRule(), "tiers.C", 48, id="a ticket of tier C"),
        pytest.param(
            replace(REVIEW, tier="C"), SlaRule(), "negative_hours", 24, id="a review of tier C"
        ),
        pytest.param(REVIEW, SlaRule(), "negative_hours", 24, id="a negative review"),
        pytest.param(
            replace(TICKET, tier=None), SlaRule(), "negative_hours", 24, id="a ticket without tier"
        ),
        pytest.param(
            replace(REVIEW, tier="A", complaint=False),
            SlaRule(),
            "negative_hours",
            24,
            id="no complaint",
        ),
        pytest.param(
            replace(TICKET, kind=ReviewKind.CHAT),
            SCENES,
            "scenarios.kind:chat",
            30 / 3600,
            id="chat",
        ),
        pytest.param(TICKET, SCENES, "scenarios.channel:客服", 1.5, id="a channel"),
        pytest.param(
            replace(REVIEW, channel="x"), SCENES, "scenarios.logistics.speed", 20, id="a topic"
        ),
        pytest.param(
            replace(REVIEW, channel="x", topics=("logistics.other",)),
            SCENES,
            "scenarios.logistics",
            1,
            id="a group",
        ),
        pytest.param(
            TICKET, SlaRule(scenarios=(("logistics", 2.0),)), "scenarios.logistics", 2, id="a tie"
        ),
    ],
)
def test_the_tightest_limit_counts(told: Told, rule: SlaRule, key: str, hours: float) -> None:
    limit = limit_of(told, rule, TAXONOMY)
    assert (limit.key, limit.hours) == (key, hours)


def test_a_limit_says_what_it_is() -> None:
    assert limit_of(TICKET, SlaRule(), TAXONOMY).reason == (
        "A 级客户的投诉：2 小时（工作时间）内首次答复"
    )
    assert limit_of(REVIEW, SlaRule(), TAXONOMY).reason == "负面评价：24 小时内首次答复"
    said = limit_of(replace(REVIEW, channel="x"), SCENES, TAXONOMY)
    assert said.name == "场景 “配送时效”"
    assert [duration_text(hours) for hours in (30 / 3600, 0.25, 1.5)] == [
        "30 秒（工作时间）",
        "15 分钟（工作时间）",
        "1.5 小时（工作时间）",
    ]


@pytest.mark.parametrize(
    ("answers", "now", "expected"),
    [
        pytest.param((), FRIDAY, Progress.RUNNING, id="it has just come"),
        pytest.param((), MONDAY - 0.6 * HOUR, Progress.RUNNING, id="more than a quarter left"),
        pytest.param((), MONDAY - 0.4 * HOUR, Progress.SOON, id="less than a quarter left"),
        pytest.param((), MONDAY, Progress.OVERDUE, id="the limit is over"),
        pytest.param((MONDAY,), MONDAY + HOUR, Progress.IN_TIME, id="at the last moment"),
        pytest.param((MONDAY + HOUR,), MONDAY + 2 * HOUR, Progress.LATE, id="an hour late"),
        pytest.param((MONDAY + HOUR,), MONDAY, Progress.OVERDUE, id="nobody knows it yet"),
        pytest.param((None,), MONDAY + HOUR, Progress.UNTIMED, id="at an unknown time"),
        pytest.param((FRIDAY - HOUR,), MONDAY, Progress.UNTIMED, id="before it came"),
        pytest.param(
            (None, MONDAY + HOUR), MONDAY + 2 * HOUR, Progress.UNTIMED, id="an earlier one unknown"
        ),
        pytest.param((None, FRIDAY), MONDAY, Progress.IN_TIME, id="a known one in time"),
    ],
)
def test_the_first_answer_stands(
    answers: tuple[datetime | None, ...], now: datetime, expected: Progress
) -> None:
    clock = stand(now, answers=answers)
    assert clock.answer.due == MONDAY
    assert clock.answer.progress is expected
    assert clock.department == "物流"


def test_a_complaint_is_escalated_after_48_hours_unless_it_is_resolved() -> None:
    due = FRIDAY + 48 * HOUR
    assert not stand(due - HOUR).escalate
    assert stand(due).escalate
    assert stand(due, answers=(FRIDAY,)).escalate
    assert not stand(due, resolved=(due,)).escalate
    late = stand(due + 2 * HOUR, resolved=(due + HOUR,)).resolution
    assert late is not None
    assert (late.due, late.progress) == (due, Progress.LATE)
    assert stand(due, replace(REVIEW, complaint=False)).resolution is None


def test_who_has_solved_it_has_answered_it() -> None:
    assert stand(MONDAY + HOUR, resolved=(MONDAY - HOUR,)).answer.progress is Progress.IN_TIME


def test_how_late_is_told_in_both_times() -> None:
    span = late_by(MONDAY, MONDAY + 24 * HOUR, USUAL.opening)
    assert span == Span(24 * HOUR, 9 * HOUR)
    assert late_by(MONDAY, FRIDAY, USUAL.opening) == Span(FRIDAY - MONDAY, -2 * HOUR)


def test_figures_count_what_is_due_and_say_what_they_leave_out() -> None:
    now = MONDAY + 72 * HOUR
    fresh = Case("r9", now - HOUR, TICKET, answers=(now - HOUR,))
    made = [
        case(answers=(FRIDAY + 0.25 * HOUR,), resolved=(FRIDAY + HOUR,)),
        case(answers=(MONDAY + HOUR,)),
        case(),
        case(answers=(None,)),
        case(replace(REVIEW, channel="商店"), answers=(FRIDAY + HOUR,)),
        fresh,
    ]
    clocks = [clock_of(each, USUAL, now=now) for each in made]
    found = figures(clocks, USUAL.opening, now=now)
    assert (found.cases, found.overdue, found.untimed, found.unresolved) == (6, 1, 1, 4)
    assert found.answered == share(2, 4)  # the fresh one is in time, and not due
    assert found.resolved == share(1, 5)
    assert found.took == Span(0.625 * HOUR, 0.375 * HOUR)
    assert [(row.name, row.figures.cases) for row in rows(clocks, USUAL.opening, now=now)] == [
        *(("A", 5), ("", 1)),
        ("物流", 6),
        *(("客服", 5), ("商店", 1)),
        *(("A 级客户的投诉", 5), ("负面评价", 1)),
        *(("工单", 5), ("评论", 1)),
    ]
    assert {row.cut for row in rows(clocks, USUAL.opening, now=now)} == set(Cut)
    nothing = figures([], USUAL.opening, now=now)
    assert (nothing.answered, nothing.resolved, nothing.took) == (None, None, None)
