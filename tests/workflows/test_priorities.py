"""Priorities of stored themes: what is imported or decided besides reviews moves them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import NOW
from desk import COMPLAINTS, Desk, sample_rows, write_csv
from sqlalchemy import update

from feedback_nlp.pipeline import Plan
from feedback_nlp.records import (
    Criterion,
    EffortSource,
    Outcome,
    Priority,
    Signature,
    Ticket,
    TicketState,
    Verdict,
)
from feedback_nlp.storage import annotations, outcomes, plans, tables, themes, tickets
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_plan import find_plan, list_priorities
from feedback_nlp.workflows.cast_vote import cast_vote
from feedback_nlp.workflows.import_files import Intake, import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.mark_competitor import mark_competitor, unmark_competitor
from feedback_nlp.workflows.note_effort import clear_effort, estimate_effort, note_actual_effort
from feedback_nlp.workflows.run_files import plan_stored, score
from feedback_nlp.workflows.set_policy import set_policy

COMPLAINED = sample_rows()[:3]
BY = Signature("小李", NOW, "会上定的")


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """The thirty complaints, run once."""
    desk.run(COMPLAINTS)
    return desk


def plan(desk: Desk) -> Plan:
    with desk.setup() as setup:
        return plan_stored(setup, now=NOW)


def add(desk: Desk, name: str, rows: list[dict[str, str]], format_: str) -> None:
    path = write_csv(desk.root / name, rows)
    with desk.setup() as setup:
        target = Target(setup.engine, setup.workspace, NOW)
        (done,) = import_files(target, [path], intake=Intake(format_))
        assert done.report.rejected == 0
        score(setup)


def first(made: Plan) -> Priority:
    return made.priorities[0]


def find(made: Plan, theme_id: str) -> Priority:
    return next(each for each in made.priorities if each.theme_id == theme_id)


# --- what people decide ------------------------------------------------------------------------


def test_an_estimate_moves_a_theme_and_its_ticket_until_it_is_taken_back(planned: Desk) -> None:
    before = plan(planned)
    best = first(before)
    with planned.engine() as engine:
        estimate_effort(engine, "default", best.theme_id, 26, signature=BY)
    costly = find(plan(planned), best.theme_id)
    assert costly.effort == pytest.approx(26 / 4.35, abs=0.005)
    assert costly.effort_source is EffortSource.OVERRIDE
    assert costly.score < best.score
    assert "小李" in costly.reason("effort")
    assert (costly.reach, costly.impact, costly.confidence) == (
        best.reach,
        best.impact,
        best.confidence,
    )
    assert "26 人周（人工估计）" in ticket_of(planned, best.theme_id).resources
    with planned.engine() as engine:
        clear_effort(engine, "default", best.theme_id, signature=BY)
    assert plan(planned).priorities == before.priorities


def test_what_finished_tickets_took_counts_for_their_topic(planned: Desk) -> None:
    made = plan(planned)
    (one, two) = (each.id for each in made.tickets[:2])
    with planned.engine() as engine:
        note_actual_effort(engine, "default", one, 4, signature=BY)
    assert find(plan(planned), first(made).theme_id).effort_source is EffortSource.DEFAULT
    with planned.engine() as engine:
        note_actual_effort(engine, "default", two, 6, signature=BY)
    sources = {each.effort_source for each in plan(planned).priorities}
    # Two notes are history only where both tickets are of one topic.
    assert sources in ({EffortSource.DEFAULT}, {EffortSource.DEFAULT, EffortSource.HISTORY})


def test_a_strategic_weight_of_a_group_moves_its_topics(planned: Desk) -> None:
    best = first(plan(planned))
    topic = topic_of(planned, best.theme_id)
    wishes = [(f"strategy.{topic.split('.')[0]}", "0.5")]
    with planned.setup() as setup:
        set_policy(setup.engine, "default", wishes, setup.taxonomy, signature=BY)
    lighter = find(plan(planned), best.theme_id)
    assert (lighter.strategy, best.strategy) == (0.5, 1)
    assert lighter.score == pytest.approx(best.score / 2, rel=0.01)
    assert "0.5" in lighter.reason("strategy")


def test_votes_make_a_board_score_and_leave_the_order(planned: Desk) -> None:
    before = plan(planned)
    best = first(before)
    points = {Criterion.FEASIBILITY: 8.0, Criterion.NOVELTY: 6.0, Criterion.BENEFIT: 7.0}
    with planned.engine() as engine:
        cast_vote(engine, "default", best.theme_id, points, signature=BY)
    after = plan(planned)
    assert find(after, best.theme_id).board == pytest.approx(8 * 0.4 + 6 * 0.3 + 7 * 0.3)
    assert [each.theme_id for each in after.priorities] == [
        each.theme_id for each in before.priorities
    ]
    assert {each.board for each in after.priorities[1:]} == {None}


def test_earlier_fixes_that_failed_cost_confidence(planned: Desk) -> None:
    made = plan(planned)
    best, ticket = first(made), made.tickets[0]
    with planned.engine() as engine, transaction(engine) as session:
        failed = Outcome(ticket.id, ticket.theme_id, Verdict.FAILED, NOW)
        outcomes.add(session, "default", failed)
    less = find(plan(planned), best.theme_id)
    assert less.confidence == pytest.approx(best.confidence * 0.8, abs=0.01)
    assert "以往 1 次改进 0 次有效" in less.reason("confidence")
    with planned.engine() as engine, transaction(engine) as session:
        outcomes.add(session, "default", replace(failed, verdict=Verdict.WORKED))
    # The latest about the ticket is what is known of it.
    assert find(plan(planned), best.theme_id).confidence == best.confidence


def test_what_was_promised_keeps_its_place_in_the_schedule(planned: Desk) -> None:
    last = plan(planned).tickets[-1]
    with planned.setup() as setup:
        set_policy(
            setup.engine,
            "default",
            [
                *((f"capacities.{lane}", "0") for lane in ("monthly", "quarterly", "yearly")),
                ("capacities.weekly", "2.5"),
                ("reserve", "0"),
            ],
            setup.taxonomy,
            signature=BY,
        )
    with planned.engine() as engine:
        estimate_effort(engine, "default", last.theme_id, 2.5, signature=BY)
    free = plan(planned)
    assert last.id not in {slot.ticket_id for slot in free.schedule.slots}
    with planned.engine() as engine, transaction(engine) as session:
        session.execute(
            update(tables.tickets)
            .where(tables.tickets.c.id == last.id)
            .values(state=TicketState.IN_PROGRESS.value)
        )
    kept = plan(planned)
    assert [slot.ticket_id for slot in kept.schedule.slots] == [last.id]
    assert len(kept.schedule.waiting) == len(kept.tickets) - 1
    assert all(each.reason for each in kept.schedule.waiting)


# --- what is imported --------------------------------------------------------------------------


def test_customers_of_a_higher_tier_count_for_more(planned: Desk) -> None:
    before = reaches(plan(planned))
    add(planned, "customers.csv", [{"用户ID": "小张", "等级": "A"}], "customers")
    after = plan(planned)
    moved = [each for each in after.priorities if each.reach != before[each.theme_id]]
    assert moved
    for each in moved:
        assert each.reach > before[each.theme_id]
        assert "A 级 1 位每位按 1.5 人计" in each.reason("reach")


def test_orders_make_segments(planned: Desk) -> None:
    last = max(row["时间"][:10] for row in sample_rows())
    rows = [
        {
            "订单号": f"o{n}",
            "用户ID": "小张",
            "下单时间": (date.fromisoformat(last) - timedelta(days=n)).isoformat(),
            "金额": "300",
        }
        for n in range(12)
    ]
    add(planned, "orders.csv", rows, "orders")
    reasons = [each.reason("reach") for each in plan(planned).priorities]
    assert [reason for reason in reasons if "高价值 1 位每位按 1.5 人计" in reason]


def test_exposure_makes_reach_a_rate(planned: Desk) -> None:
    before = plan(planned)
    days = sorted({row["时间"][:10] for row in sample_rows()})
    begin, end = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    span = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    rows = [{"日期": day.isoformat(), "订单数": "1000"} for day in span]
    add(planned, "exposure.csv", rows, "exposure")
    after = plan(planned)
    # As many orders each day: the rate gives what the days gave.
    for one, other in zip(before.priorities, after.priorities, strict=True):
        assert other.reach == pytest.approx(one.reach, abs=0.15)
        assert "万投比" in other.reason("reach")
        assert "暂按人数" not in other.reason("reach")


def test_a_survey_that_a_theme_drags_down_raises_its_impact(planned: Desk) -> None:
    best = first(plan(planned))
    with planned.setup() as setup, reading(setup.engine) as session:
        voices = annotations.voices(session, "default", model=setup.classifier.version)
    members = set(theme_of(planned, best.theme_id))
    angry = sorted(
        {v.author_id for v in voices if (v.review_id, v.start) in members and v.author_id}
    )
    when = max(row["时间"][:10] for row in sample_rows())
    rows = [
        {"编号": f"a{n}", "用户ID": who, "NPS": "0", "时间": when} for n, who in enumerate(angry)
    ]
    rows += [{"编号": f"h{n}", "用户ID": f"好{n}", "NPS": "10", "时间": when} for n in range(40)]
    add(planned, "survey.csv", rows, "survey")
    dragged = find(plan(planned), best.theme_id)
    assert f"去掉提到它的 {len(angry)} 份问卷，NPS 会高" in dragged.reason("impact")
    assert "（×1.41）" in dragged.reason("impact")
    assert dragged.impact >= best.impact


def test_a_competitors_reviews_count_for_nothing_until_it_is_ours_again(
    desk: Desk, tmp_path: Path
) -> None:
    rows = [row | {"产品": "鲜到家"} for row in sample_rows()]
    theirs = [
        row | {"id": f"X-{n}", "产品": "别家", "用户": f"别家{n}"} for n, row in enumerate(rows)
    ]
    desk.run(write_csv(tmp_path / "ours.csv", rows))
    alone = plan(desk)
    add(desk, "theirs.csv", theirs, "table")
    with desk.engine() as engine:
        mark_competitor(engine, "default", "别家", BY)
    marked = plan(desk)
    assert reaches(marked) == reaches(alone)
    with desk.engine() as engine:
        unmark_competitor(engine, "default", "别家", BY)
    assert sum(reaches(plan(desk)).values()) > sum(reaches(alone).values())


# --- the plan as it is kept --------------------------------------------------------------------


def test_the_same_data_keeps_one_plan_and_new_data_makes_another(planned: Desk) -> None:
    with planned.engine() as engine, reading(engine) as session:
        one = plans.latest(session, "default")
    assert one is not None
    assert (one.number, one.change) == (1, None)
    plan(planned)
    more = [row | {"id": f"N-{n}", "用户": f"新{n}"} for n, row in enumerate(sample_rows()[-6:])]
    add(planned, "more.csv", more, "table")
    plan(planned)
    with planned.engine() as engine, reading(engine) as session:
        two = plans.latest(session, "default")
        found = find_plan(session, "default")
        listed = list_priorities(session, "default", Page(50))
    assert two is not None
    assert two.number == 2
    assert two.change is not None
    assert two.change.compared == len(one.scores)
    assert found.record == two
    assert [(each.theme.id, each.priority.score) for each in listed.themes] == list(two.scores)


def test_tickets_and_schedule_agree_and_no_day_slips(planned: Desk) -> None:
    before = {ticket.id: ticket for ticket in plan(planned).tickets}
    late = [row | {"id": f"L-{n}", "时间": "2026-04-20 10:00"} for n, row in enumerate(COMPLAINED)]
    add(planned, "late.csv", late, "table")
    made = plan(planned)
    with planned.engine() as engine, reading(engine) as session:
        stored = {ticket.id: ticket for ticket in tickets.every(session, "default")}
    assert made.schedule.slots
    for slot in made.schedule.slots:
        ticket = stored[slot.ticket_id]
        assert (slot.lane, slot.due) == (ticket.lane, ticket.due)
        if slot.ticket_id in before and before[slot.ticket_id].lane == slot.lane:
            assert slot.due == before[slot.ticket_id].due


def ticket_of(desk: Desk, theme_id: str) -> Ticket:
    with desk.engine() as engine, reading(engine) as session:
        return tickets.open_ones(session, "default")[theme_id]


def theme_of(desk: Desk, theme_id: str) -> tuple[tuple[str, int], ...]:
    with desk.engine() as engine, reading(engine) as session:
        theme = themes.get(session, "default", theme_id)
    assert theme is not None
    return theme.members


def topic_of(desk: Desk, theme_id: str) -> str:
    with desk.engine() as engine, reading(engine) as session:
        theme = themes.get(session, "default", theme_id)
    assert theme is not None
    return theme.topic


def reaches(made: Plan) -> Mapping[str, float]:
    return {each.theme_id: each.reach for each in made.priorities}
