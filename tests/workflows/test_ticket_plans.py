"""Plans beside tickets that people have moved and edited."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copy

from builders import NOW
from desk import Desk

from feedback_nlp.records import Signature, Ticket, TicketState
from feedback_nlp.storage import tickets
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.change_ticket import TicketEdit, edit_ticket, move_ticket
from feedback_nlp.workflows.run_files import plan_stored

HOME, BY = "default", Signature("张三", NOW, "会上定的")


def stored(desk: Desk) -> dict[str, Ticket]:
    with desk.engine() as engine, reading(engine) as session:
        return {ticket.id: ticket for ticket in tickets.every(session, HOME)}


def test_a_plan_keeps_what_people_decided_and_drafts_nothing_anew(
    finished: Desk, tmp_path: Path
) -> None:
    copy(finished.root / "feedback.db", tmp_path / "feedback.db")
    desk = replace(finished, root=tmp_path)
    before = stored(desk)
    refused, edited = before
    wish = TicketEdit(title="人起的标题", due=date(2026, 12, 24))
    with desk.engine() as engine, transaction(engine) as session:
        kept = edit_ticket(session, HOME, edited, wish, BY)
        gone = move_ticket(session, HOME, refused, TicketState.REJECTED, BY)
    with desk.setup() as setup:
        made = plan_stored(setup, now=NOW)
    after = stored(desk)
    # The place of the refused one is free: the lane may be another, the day is the person's.
    assert after == {refused: gone, edited: after[edited]}
    assert (after[edited].title, after[edited].due) == (kept.title, kept.due)
    assert {slot.ticket_id: slot.due for slot in made.schedule.slots}[edited] == wish.due
