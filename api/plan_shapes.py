"""Priorities and plans -> schemas."""

from api.schemas.plans import (
    ChangeOut,
    LoadOut,
    MoveOut,
    PlacedOut,
    PlanOut,
    PrioritiesOut,
    RankedOut,
)
from api.schemas.themes import PriorityOut
from feedback_nlp.records import CHINA, OrderChange, Slot, Waiting
from feedback_nlp.reports.json_files import priority_dict
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_plan import FoundPlan, Prioritised, PriorityPage


def priorities_out(found: PriorityPage, page: Page) -> PrioritiesOut:
    """Show a page of ranked themes."""
    return PrioritiesOut(
        priorities=[_ranked(each) for each in found.themes],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def plan_out(found: FoundPlan) -> PlanOut:
    """Show a plan."""
    record = found.record
    return PlanOut(
        number=record.number,
        as_of=record.as_of,
        made_at=record.made_at.astimezone(CHINA),
        change=None if record.change is None else _change(record.change),
        gap=record.schedule.gap,
        loads=[
            LoadOut(lane=each.lane, capacity=each.capacity, used=each.used, until=each.until)
            for each in record.schedule.loads
        ],
        slots=[_placed(each, found) for each in record.schedule.slots],
        waiting=[_placed(each, found) for each in record.schedule.waiting],
    )


def _ranked(planned: Prioritised) -> RankedOut:
    return RankedOut(
        rank=planned.rank,
        theme=planned.theme.id,
        name=planned.theme.name,
        topic=planned.theme.topic,
        priority=PriorityOut.model_validate(priority_dict(planned.priority)),
    )


def _change(change: OrderChange) -> ChangeOut:
    return ChangeOut(
        compared=change.compared,
        tau=change.tau,
        moves=[MoveOut(theme=key, before=before, now=now) for key, before, now in change.moved],
    )


def _placed(each: Slot | Waiting, found: FoundPlan) -> PlacedOut:
    return PlacedOut(
        ticket=each.ticket_id,
        theme=each.theme_id,
        title=found.titles.get(each.ticket_id, ""),
        lane=each.lane,
        weeks=each.weeks,
        due=each.due if isinstance(each, Slot) else None,
        reason=each.reason,
    )
