"""Browse priorities and the plan made of them. Reads only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import PlanRecord, Priority, Quadrant, Theme
from feedback_nlp.storage import plans, themes, tickets
from feedback_nlp.workflows.browse import Page, RankedTheme
from feedback_nlp.workflows.browse_themes import list_themes

_EVERY = Page(limit=1_000_000)


@dataclass(frozen=True, slots=True)
class Prioritised:
    """A theme that was planned."""

    rank: int
    theme: Theme
    priority: Priority


@dataclass(frozen=True, slots=True)
class PriorityPage:
    """A part of the planned themes, best first, and how many there are."""

    themes: tuple[Prioritised, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FoundPlan:
    """The plan made last, with the names of what it speaks of."""

    record: PlanRecord
    names: dict[str, str]
    """Of themes, by id."""
    titles: dict[str, str]
    """Of tickets, by id."""


def list_priorities(
    session: Session, workspace: str, page: Page, *, quadrant: Quadrant | None = None
) -> PriorityPage:
    """Return a page of the planned themes, of one quadrant or all; ranks are those among all."""
    found = []
    for ranked in list_themes(session, workspace, _EVERY).themes:
        planned = prioritised(ranked)
        if planned is not None and quadrant in {None, planned.priority.quadrant}:
            found.append(planned)
    return PriorityPage(tuple(found[page.part]), len(found))


def prioritised(ranked: RankedTheme) -> Prioritised | None:
    """Return the theme with its priority; None when it was not planned."""
    if ranked.priority is None or ranked.rank is None:
        return None
    return Prioritised(ranked.rank, ranked.theme, ranked.priority)


def find_plan(session: Session, workspace: str) -> FoundPlan:
    """Return the plan made last.

    Raises:
        NotFoundError: there was none.
    """
    record = plans.latest(session, workspace)
    if record is None:
        raise NotFoundError(f"工作区 {workspace} 还没有排过期，请先执行 feedback-nlp plan")
    return FoundPlan(
        record,
        names={theme.id: theme.name for theme in themes.every(session, workspace, any_state=True)},
        titles={ticket.id: ticket.title for ticket in tickets.every(session, workspace)},
    )
