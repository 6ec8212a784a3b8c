"""Browse what a company knows of its customers. Every function reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import Customer, Night, Run, Segment
from feedback_nlp.storage import customers, nights, orders, policies, reviews, runs
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.customer_value import worth_of


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """One customer, what they are worth, and how often they wrote."""

    customer: Customer
    segment: Segment | None
    reviews: int


def find_customer(
    session: Session, workspace: str, customer_id: str, *, now: datetime
) -> CustomerFile:
    """Return one customer as known on the last day of the orders; raises NotFoundError.

    Without any order that day is `now`.
    """
    customer = customers.get(session, workspace, customer_id)
    if customer is None:
        raise NotFoundError(f"没有编号为 {customer_id} 的客户")
    newest = orders.time_span(session, workspace)[1]
    rule = policies.current(session, workspace).rfm
    as_of = day_of(newest or now)
    worth = worth_of(session, workspace, [customer_id], rule=rule, as_of=as_of).get(customer_id)
    written = reviews.count_of_author(session, workspace, customer_id)
    return CustomerFile(customer, worth.segment if worth else None, written)


def find_run(session: Session, workspace: str, digest: str) -> Run:
    """Return one run; raises NotFoundError."""
    run = runs.get(session, workspace, digest)
    if run is None:
        raise NotFoundError(f"没有编号为 {digest} 的运行")
    return run


def find_night(session: Session, workspace: str, number: int) -> Night:
    """Return one night; raises NotFoundError."""
    night = nights.get(session, workspace, number)
    if night is None:
        raise NotFoundError(f"没有编号为 {number} 的夜间任务")
    return night
