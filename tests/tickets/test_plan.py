"""Themes and what is known -> priorities, tickets for the best, and when they are done."""

from dataclasses import replace
from datetime import date

import pytest
from builders import TAXONOMY, TODAY, SpotClassifier, complaints, make_theme, make_voices
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.records import (
    Lane,
    OrderChange,
    Policy,
    Proposal,
    ProposalKind,
    Schedule,
    Theme,
    Ticket,
    TicketState,
    Voice,
)
from feedback_nlp.themes.discover import discover
from feedback_nlp.tickets.plan import Backlog, Plan, plan

QUARTER = Grounds(as_of=TODAY, span_days=91)
few = settings(max_examples=25)


def themes_of(*sizes: int, topic: str = "performance.crash") -> tuple[list[Theme], list[Voice]]:
    """Themes T-0001, T-0002, … of so many users each."""
    voices: list[Voice] = []
    themes: list[Theme] = []
    for number, size in enumerate(sizes, 1):
        said = make_voices(["闪退"] * size, prefix=f"T{number}")
        voices += said
        themes.append(make_theme(said, id=f"T-{number:04d}", topic=topic))
    return themes, voices


def planned(*sizes: int, grounds: Grounds = QUARTER, **backlog: object) -> Plan:
    themes, voices = themes_of(*sizes)
    made = Backlog(**backlog)  # type: ignore[arg-type]
    return plan(themes, voices, TAXONOMY, grounds=grounds, today=TODAY, backlog=made)


def known(theme_id: str, number: int, state: TicketState = TicketState.TRIAGE) -> Ticket:
    """A ticket of this theme as it was stored before."""
    (drafted,) = planned(9).tickets
    return replace(drafted, id=f"K-{number:04d}", theme_id=theme_id, state=state)


# --- priorities and tickets --------------------------------------------------------------------


def test_nothing_to_plan() -> None:
    made = planned()
    assert (made.priorities, made.tickets, made.change) == ((), (), None)
    assert (made.schedule.slots, made.schedule.waiting) == ((), ())


def test_every_theme_gets_a_priority_and_a_ticket_best_first() -> None:
    made = planned(5, 9, 6)
    assert [priority.theme_id for priority in made.priorities] == ["T-0002", "T-0003", "T-0001"]
    assert [(each.id, each.theme_id) for each in made.tickets] == [
        ("K-0001", "T-0002"),
        ("K-0002", "T-0003"),
        ("K-0003", "T-0001"),
    ]
    assert [ticket.priority for ticket in made.tickets] == list(made.priorities)


def test_theme_with_an_open_ticket_keeps_it_and_new_ones_are_numbered_on() -> None:
    made = planned(5, 9, 6, tickets={"T-0003": known("T-0003", 4)}, next_number=8)
    assert [(each.theme_id, each.id) for each in made.tickets] == [
        ("T-0002", "K-0008"),
        ("T-0003", "K-0004"),
        ("T-0001", "K-0009"),
    ]


def test_only_the_best_get_a_ticket_but_all_get_a_priority() -> None:
    made = planned(3, 9, 6, limit=2)
    assert [ticket.theme_id for ticket in made.tickets] == ["T-0002", "T-0003"]
    assert len(made.priorities) == 3


def test_an_open_ticket_follows_its_theme_down_the_ranking() -> None:
    made = planned(9, 6, 5, tickets={"T-0003": known("T-0003", 1)}, next_number=2, limit=1)
    assert [(each.theme_id, each.id) for each in made.tickets] == [
        ("T-0001", "K-0002"),
        ("T-0003", "K-0001"),
    ]
    assert made.tickets[1].priority == made.priorities[2]


def test_a_theme_of_few_users_gets_no_ticket() -> None:
    made = planned(4, 9)
    assert [ticket.theme_id for ticket in made.tickets] == ["T-0002"]
    assert len(made.priorities) == 2


def test_a_theme_of_few_users_keeps_the_ticket_it_has() -> None:
    made = planned(4, tickets={"T-0001": known("T-0001", 3)})
    assert [ticket.id for ticket in made.tickets] == ["K-0003"]


def test_a_severe_theme_of_few_users_gets_a_ticket() -> None:
    themes, voices = themes_of(4)
    severe = [replace(voice, labels=replace(voice.labels, severity=3)) for voice in voices]
    made = plan(themes, severe, TAXONOMY, grounds=QUARTER, today=TODAY)
    assert [ticket.lane for ticket in made.tickets] == ["emergency"]


def test_data_without_dates_is_planned_and_says_so() -> None:
    made = planned(3, grounds=Grounds())
    assert "数据没有日期" in made.priorities[0].reason("reach")


def test_voices_of_no_theme_change_nothing() -> None:
    themes, voices = themes_of(5, 9)
    others = make_voices(["别的"] * 9, prefix="X")
    alone = plan(themes, voices, TAXONOMY, grounds=QUARTER, today=TODAY)
    assert plan(themes, [*others, *voices], TAXONOMY, grounds=QUARTER, today=TODAY) == alone


@few
@given(st.lists(st.integers(1, 12), min_size=1, max_size=8), st.data())
def test_the_order_of_themes_and_voices_changes_nothing(
    sizes: list[int], data: st.DataObject
) -> None:
    themes, voices = themes_of(*sizes)
    backlog = Backlog(
        tickets={"T-0001": known("T-0001", 7)},
        next_number=8,
        limit=3,
        scores_before=(("T-0001", 2.0), ("T-0002", 1.0)),
    )
    shuffled = data.draw(st.permutations(themes)), data.draw(st.permutations(voices))
    first, second = (
        plan(*each, TAXONOMY, grounds=QUARTER, today=TODAY, backlog=backlog)
        for each in ((themes, voices), shuffled)
    )
    assert second == first
    ids = [ticket.id for ticket in first.tickets]
    assert len(set(ids)) == len(ids)


def test_a_theme_that_is_settled_gets_no_other_ticket() -> None:
    made = planned(9, 6, 7, settled=frozenset({"T-0001"}), limit=1)
    assert [each.theme_id for each in made.tickets] == ["T-0003"]
    assert len(made.priorities) == 3


# --- schedule ----------------------------------------------------------------------------------


def test_each_ticket_has_the_lane_and_day_of_its_place() -> None:
    made = planned(5, 9, 6)
    slots = {slot.ticket_id: slot for slot in made.schedule.slots}
    assert set(slots) == {ticket.id for ticket in made.tickets}
    for ticket in made.tickets:
        assert (ticket.lane, ticket.due) == (slots[ticket.id].lane.value, slots[ticket.id].due)
    # A week has room for 2.4 person-weeks: one ticket of 2; the next two wait for the month.
    assert [ticket.lane for ticket in made.tickets] == ["weekly", "monthly", "monthly"]
    assert [slot.weeks for slot in made.schedule.slots] == [2.0, 2.0, 2.0]


def test_a_ticket_without_a_place_keeps_its_own_lane() -> None:
    nothing = Policy(capacities=tuple((lane, 0.0) for lane in list(Lane)[1:]))
    made = planned(9, grounds=replace(QUARTER, policy=nothing))
    assert made.schedule.slots == ()
    assert [waiting.ticket_id for waiting in made.schedule.waiting] == ["K-0001"]
    assert (made.tickets[0].lane, made.tickets[0].due) == ("weekly", date(2026, 3, 9))


@pytest.mark.parametrize("state", list(TicketState))
def test_only_what_waits_for_work_needs_a_place(state: TicketState) -> None:
    made = planned(9, tickets={"T-0001": known("T-0001", 1, state)})
    waits = {
        TicketState.TRIAGE,
        TicketState.SCHEDULED,
        TicketState.IN_PROGRESS,
        TicketState.RELAPSED,
    }
    assert len(made.tickets) == 1
    assert bool(made.schedule.slots) is (state in waits)


def test_what_was_promised_comes_before_what_is_needed_more() -> None:
    promised = known("T-0001", 1, TicketState.SCHEDULED)
    made = planned(5, 30, tickets={"T-0001": promised}, next_number=2)
    assert {ticket.id: ticket.lane for ticket in made.tickets} == {
        "K-0001": "weekly",
        "K-0002": "monthly",
    }


@pytest.mark.parametrize(
    ("state", "placed"),
    [(TicketState.IN_PROGRESS, True), (TicketState.TRIAGE, False)],
    ids=["promised", "only drafted"],
)
def test_a_promise_holds_though_nobody_speaks_of_it_now(
    state: TicketState,
    placed: bool,  # noqa: FBT001 (a table)
) -> None:
    made = planned(9, tickets={"T-0099": known("T-0099", 5, state)}, next_number=6)
    assert [ticket.id for ticket in made.tickets] == ["K-0006"]
    assert ("K-0005" in {slot.ticket_id for slot in made.schedule.slots}) is placed


# --- what is beside it -------------------------------------------------------------------------


def test_tickets_of_one_problem_know_each_other() -> None:
    proposals = (Proposal(ProposalKind.MERGE, "T-0001", "T-0003", 0.9),)
    made = planned(5, 9, 6, proposals=proposals)
    assert {ticket.theme_id: ticket.related for ticket in made.tickets} == {
        "T-0001": ("K-0002",),
        "T-0002": (),
        "T-0003": ("K-0003",),
    }


def test_first_plan_has_nothing_to_compare_with() -> None:
    assert planned(5, 9).change is None


def test_plan_tells_how_the_order_has_changed() -> None:
    made = planned(5, 9, scores_before=(("T-0001", 7.0), ("T-0002", 3.0)))
    assert made.change == OrderChange(2, -1.0, (("T-0002", 2, 1), ("T-0001", 1, 2)))
    assert planned(5, 9, scores_before=()).change == OrderChange(0, None)


def test_from_voices_to_tickets_every_quote_is_a_member() -> None:
    voices = complaints()
    themes = discover(voices, SpotClassifier(), TAXONOMY)
    made = plan(
        themes, voices, TAXONOMY, grounds=Grounds(), today=TODAY, backlog=Backlog(min_users=1)
    )
    members = {theme.id: set(theme.members) for theme in themes}
    assert len(made.tickets) == len(themes) == 5
    assert made.schedule != Schedule()
    for ticket in made.tickets:
        assert {(quote.review_id, quote.start) for quote in ticket.evidence} <= members[
            ticket.theme_id
        ]


def test_a_day_that_a_person_set_is_planned_with_in_any_lane() -> None:
    set_by_hand = replace(known("T-0001", 1), lane="yearly", due=date(2026, 12, 24))
    fixed = replace(set_by_hand, fixed=("due",))
    made = [planned(9, tickets={"T-0001": each}, next_number=2) for each in (set_by_hand, fixed)]
    days = [each.schedule.slots[0].due for each in made]
    assert [day == fixed.due for day in days] == [False, True]
    assert made[1].tickets[0].due == fixed.due
