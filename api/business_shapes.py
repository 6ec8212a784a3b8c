"""Customers, orders, surveys, exposure and outcomes -> schemas."""

from dataclasses import asdict
from typing import Final

from api.cursors import Listing, day, moment, moment_or_none, number, text
from api.schemas.business import (
    CustomerFileOut,
    CustomerOut,
    CustomersOut,
    ExposureRowOut,
    ExposuresOut,
    OrderOut,
    OrdersOut,
    OutcomeOut,
    OutcomesOut,
    SurveyOut,
    SurveysOut,
)
from api.shapes import local
from feedback_nlp.records import CHINA, Customer, Exposure, Order, Outcome, SurveyAnswer
from feedback_nlp.workflows.browse_business import CustomerFile

CUSTOMERS: Final[Listing[Customer]] = Listing("customers", (text,), lambda each: (each.id,))
ORDERS: Final[Listing[Order]] = Listing(
    "orders", (moment, text), lambda each: (each.ordered_at, each.id)
)
SURVEYS: Final[Listing[SurveyAnswer]] = Listing(
    "surveys", (moment_or_none, text), lambda each: (each.answered_at, each.id)
)
EXPOSURE: Final[Listing[Exposure]] = Listing(
    "exposure",
    (day, text, text, text, text),
    lambda each: (each.day, each.product, each.version, each.region, each.channel),
)
OUTCOMES: Final[Listing[tuple[int, Outcome]]] = Listing(
    "outcomes", (number,), lambda each: (each[0],)
)


def customers_page(found: list[Customer], limit: int) -> CustomersOut:
    """Show a page of customers."""
    page, cursor = CUSTOMERS.cut(found, limit)
    items = [CustomerOut.model_validate(asdict(each)) for each in page]
    return CustomersOut(items=items, next_cursor=cursor)


def customer_file(found: CustomerFile) -> CustomerFileOut:
    """Show one customer."""
    more = {"segment": found.segment, "reviews": found.reviews}
    return CustomerFileOut.model_validate(asdict(found.customer) | more)


def orders_page(found: list[Order], limit: int) -> OrdersOut:
    """Show a page of orders."""
    page, cursor = ORDERS.cut(found, limit)
    items = [
        OrderOut.model_validate(asdict(each) | {"ordered_at": local(each.ordered_at)})
        for each in page
    ]
    return OrdersOut(items=items, next_cursor=cursor)


def surveys_page(found: list[SurveyAnswer], limit: int) -> SurveysOut:
    """Show a page of questionnaires."""
    page, cursor = SURVEYS.cut(found, limit)
    items = [
        SurveyOut.model_validate(asdict(each) | {"answered_at": local(each.answered_at)})
        for each in page
    ]
    return SurveysOut(items=items, next_cursor=cursor)


def exposure_page(found: list[Exposure], limit: int) -> ExposuresOut:
    """Show a page of exposure."""
    page, cursor = EXPOSURE.cut(found, limit)
    items = [ExposureRowOut.model_validate(asdict(each)) for each in page]
    return ExposuresOut(items=items, next_cursor=cursor)


def outcomes_page(found: list[tuple[int, Outcome]], limit: int) -> OutcomesOut:
    """Show a page of outcomes."""
    page, cursor = OUTCOMES.cut(found, limit)
    return OutcomesOut(items=[_outcome(*each) for each in page], next_cursor=cursor)


def _outcome(place: int, outcome: Outcome) -> OutcomeOut:
    return OutcomeOut(
        number=place,
        ticket_id=outcome.ticket_id,
        theme_id=outcome.theme_id,
        verdict=outcome.verdict,
        at=outcome.at.astimezone(CHINA),
        detail=dict(outcome.detail),
    )
