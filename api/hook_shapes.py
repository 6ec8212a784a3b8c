"""Webhooks and deliveries -> schemas."""

from collections.abc import Sequence

from api.cursors import Listing, moment, text
from api.schemas.hooks import (
    DeliveriesOut,
    DeliveryOut,
    DeliveryState,
    HookOut,
    HooksOut,
    MadeHookOut,
    PingOut,
)
from feedback_nlp.notifiers.webhook import Answer
from feedback_nlp.records import CHINA, Delivery, Webhook
from feedback_nlp.workflows.manage_hooks import MadeHook


def delivery_listing(number: int) -> Listing[Delivery]:
    """Return the list of the deliveries of one webhook."""
    name = f"deliveries {number}"
    return Listing(name, (moment, text), lambda each: (each.at, each.event_id))


def hook_out(hook: Webhook) -> HookOut:
    """Show one webhook."""
    return HookOut(
        id=hook.number,
        url=hook.url,
        events=list(hook.events),
        author=hook.author,
        at=hook.at.astimezone(CHINA),
    )


def made_hook_out(made: MadeHook) -> MadeHookOut:
    """Show a webhook and, this once, its secret."""
    return MadeHookOut(**hook_out(made.hook).model_dump(), secret=made.secret)


def hooks_out(found: Sequence[Webhook]) -> HooksOut:
    """Show the webhooks."""
    return HooksOut(items=[hook_out(each) for each in found])


def ping_out(answer: Answer) -> PingOut:
    """Show what came back."""
    return PingOut(delivered=answer.fault is None, status=answer.status, fault=answer.fault)


def state_of(delivery: Delivery) -> DeliveryState:
    """Say how far a delivery has come."""
    if delivery.next_at is not None:
        return DeliveryState.WAITING
    return DeliveryState.DELIVERED if delivery.delivered_at else DeliveryState.GIVEN_UP


def delivery_out(each: Delivery) -> DeliveryOut:
    """Show one delivery."""
    return DeliveryOut(
        event_id=each.event_id,
        type=each.kind,
        at=each.at.astimezone(CHINA),
        data=dict(each.content),
        state=state_of(each),
        attempts=each.attempts,
        next_at=each.next_at and each.next_at.astimezone(CHINA),
        delivered_at=each.delivered_at and each.delivered_at.astimezone(CHINA),
        status=each.status,
        fault=each.fault,
    )


def deliveries_page(
    found: Sequence[Delivery], limit: int, listing: Listing[Delivery]
) -> DeliveriesOut:
    """Show a page of deliveries."""
    page, cursor = listing.cut(found, limit)
    return DeliveriesOut(items=[delivery_out(each) for each in page], next_cursor=cursor)
