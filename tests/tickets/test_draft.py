from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import MONDAY, TAXONOMY, TODAY, make_theme, make_voice, make_voices, shanghai

from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.rice import prioritise
from feedback_nlp.records import (
    LANE_DAYS,
    EffortKind,
    EffortNote,
    Quote,
    Theme,
    Ticket,
    TicketState,
    Voice,
    WeekCount,
)
from feedback_nlp.tickets.draft import draft, is_severe

QUARTER = Grounds(as_of=TODAY, span_days=91)


def drafted(theme: Theme, voices: list[Voice], grounds: Grounds = QUARTER) -> Ticket:
    priority = prioritise(theme, voices, TAXONOMY, grounds).priority
    return draft(theme, priority, voices, TAXONOMY, ticket_id="K-0001", today=TODAY)


def ticket(**theme: object) -> Ticket:
    voices = make_voices(["闪退"] * 4)
    return drafted(replace(make_theme(voices), **theme), voices)  # type: ignore[arg-type]


def weeks(*counts: int) -> tuple[WeekCount, ...]:
    return tuple(
        WeekCount(TODAY + timedelta(weeks=place), count) for place, count in enumerate(counts)
    )


def test_ticket_carries_its_theme() -> None:
    quotes = (Quote("R-001", 0, 2, "闪退"),)
    made = ticket(quotes=quotes)
    assert (made.id, made.theme_id, made.title) == ("K-0001", "T-0001", "闪退故障：一打开就闪退")
    assert (made.evidence, made.department, made.state) == (quotes, "研发", TicketState.TRIAGE)
    assert made.priority.theme_id == "T-0001"
    assert made.related == ()


@pytest.mark.parametrize(
    ("grounds", "resources"),
    [
        pytest.param(QUARTER, "研发 约 2 人周（按类别默认，待团队确认）", id="default"),
        pytest.param(
            replace(
                QUARTER,
                estimates={
                    "T-0001": EffortNote(EffortKind.ESTIMATE, "T-0001", 3.5, "小李", MONDAY)
                },
            ),
            "研发 约 3.5 人周（人工估计）",
            id="estimate",
        ),
        pytest.param(
            replace(QUARTER, actual_weeks={"performance.crash": [1.0, 4.0]}),
            "研发 约 2.5 人周（按同类工单的实际投入）",
            id="history",
        ),
    ],
)
def test_resources_say_where_the_effort_comes_from(grounds: Grounds, resources: str) -> None:
    voices = make_voices(["闪退"] * 4)
    assert drafted(make_theme(voices), voices, grounds).resources == resources


# --- lane and due date -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "lane", "due"),
    [
        ("account.privacy", "emergency", date(2026, 3, 5)),
        ("performance.crash", "weekly", date(2026, 3, 9)),
        ("performance.speed", "monthly", date(2026, 4, 1)),
        ("appearance.look", "quarterly", date(2026, 6, 1)),
        ("venue.facility", "yearly", date(2027, 3, 2)),
    ],
)
def test_lane_of_the_topic_sets_the_due_date(topic: str, lane: str, due: date) -> None:
    made = ticket(topic=topic)
    assert (made.lane, made.due) == (lane, due)


def test_every_lane_has_days() -> None:
    assert {topic.lane for topic in TAXONOMY.topics} == set(LANE_DAYS)


@pytest.mark.parametrize(
    ("severe", "others", "lane"),
    [
        pytest.param(3, 0, "emergency", id="three severe opinions"),
        pytest.param(2, 0, "weekly", id="two are too few"),
        pytest.param(3, 12, "emergency", id="just a fifth"),
        pytest.param(3, 13, "weekly", id="less than a fifth"),
        pytest.param(7, 28, "emergency", id="just a fifth of many"),
    ],
)
def test_severe_opinions_make_an_emergency(severe: int, others: int, lane: str) -> None:
    voices = [
        *make_voices(["闪退"] * severe, prefix="S", severity=3),
        *make_voices(["闪退"] * others, prefix="O", severity=2),
    ]
    assert drafted(make_theme(voices), voices).lane == lane
    assert is_severe(voices) is (lane == "emergency")


def test_a_user_with_one_severe_opinion_among_many_counts_in_full() -> None:
    said = [make_voice("闪退", review_id=f"R-{u}", start=9 * n) for u in range(3) for n in range(9)]
    worst = [make_voice("完全打不开", review_id=f"R-{u}", start=99, severity=3) for u in range(3)]
    assert not is_severe([*said, *worst[1:]])
    assert is_severe([*said, *worst])


# --- problem -----------------------------------------------------------------------------------


def test_problem_tells_what_was_counted() -> None:
    voices = [
        make_voice("闪退", author_id="u1", severity=3),
        make_voice("打不开", author_id="u1", start=5),
        make_voice("闪退", review_id="R-2", author_id="u1"),
        make_voice("闪退", review_id="R-3", author_id="u2"),
    ]
    theme = make_theme(
        voices,
        users=2,
        first_seen=shanghai(2026, 2, 27, 23, 59),
        last_seen=MONDAY,
        by_version=(("3.1", 3), ("3.0", 1)),
        by_channel=(("应用商店", 4),),
    )
    assert drafted(theme, voices).problem == (
        "2 位用户的 3 条反馈提到，共 4 条意见；"
        "其中严重（涉及安全、健康、资金、法律或完全不可用）1 条；"
        "首次 2026-02-27，最近 2026-03-02；"
        "最集中的版本是 3.1（3 条）。"
    )


@pytest.mark.parametrize(
    ("by_version", "by_channel"),
    [
        pytest.param((("", 4),), (("甲", 2), ("乙", 2)), id="unknown, tie"),
        pytest.param((("", 3), ("3.1", 1)), (("甲", 2), ("乙", 2)), id="mostly unknown, tie"),
    ],
)
def test_problem_says_nothing_it_does_not_know(
    by_version: tuple[tuple[str, int], ...], by_channel: tuple[tuple[str, int], ...]
) -> None:
    made = ticket(by_version=by_version, by_channel=by_channel, first_seen=None, last_seen=None)
    assert made.problem == "4 条反馈提到，共 4 条意见。"


# --- acceptance --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trend", "expected"),
    [
        pytest.param(
            weeks(9, 9, 4, 2, 6, 3),
            "发布后 4 周内，每周意见数比最近 4 周平均每周 3.8 条下降至少 50%，且没有新的严重意见。",
            id="the last four weeks",
        ),
        pytest.param(
            weeks(1, 1),
            "发布后 4 周内，每周意见数比最近 2 周平均每周 1.0 条下降至少 50%，且没有新的严重意见。",
            id="fewer weeks than four",
        ),
        pytest.param(
            weeks(40, 3, 0, 0, 0),
            "最近 4 周平均每周 0.8 条，比 2026-03-02 那周的 40 条已经回落：先核实是否已解决；"
            "发布后 4 周内合计不多于 1 条，且没有新的严重意见。",
            id="faded",
        ),
        pytest.param(
            weeks(0, 0, 0, 0, 1, 0, 2),
            "最近 4 周平均每周 0.8 条；发布后 4 周内合计不多于 1 条，且没有新的严重意见。",
            id="rare or just begun is not faded",
        ),
    ],
)
def test_acceptance_counts_from_the_trend(trend: tuple[WeekCount, ...], expected: str) -> None:
    assert ticket(trend=trend).acceptance == expected


@pytest.mark.parametrize(
    "trend",
    [
        pytest.param((), id="no dates in the data"),
        pytest.param(weeks(0, 0, 0), id="no dates on these opinions"),
    ],
)
def test_acceptance_without_dates_says_so(trend: tuple[WeekCount, ...]) -> None:
    assert ticket(trend=trend, first_seen=None, last_seen=None).acceptance == (
        "发布后 4 周内，该主题的意见占比比发布前下降至少 50%"
        "（这些意见没有日期，补充日期后才能核对）。"
    )
