"""Webhooks: added, listed, removed, tested; what they were told."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from api.auth import KnownCaller
from api.dependencies import Now, OpenSetup, ReadSession, SecretSession, WriteSession
from api.hook_shapes import (
    deliveries_page,
    delivery_listing,
    delivery_out,
    hook_out,
    hooks_out,
    made_hook_out,
    ping_out,
)
from api.repeats import RepeatableRoute
from api.schemas.hooks import (
    DeliveriesOut,
    DeliveryOut,
    HookIn,
    HookOut,
    HooksOut,
    MadeHookOut,
    PingOut,
)
from api.schemas.listing import CursorIn
from api.schemas.problem import problems
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.notifiers.target_guard import Guard
from feedback_nlp.notifiers.webhook import poster
from feedback_nlp.records import Signature
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows import manage_hooks

router = APIRouter(prefix="/webhooks", tags=["Webhook"], route_class=RepeatableRoute)

Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="webhook 编号", examples=[1])]
EventId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=300,
        pattern=r"^[^\x00-\x1f]+$",
        description="消息编号",
        examples=["ticket.changed:17"],
    ),
]
PageQuery = Annotated[CursorIn, Query()]


def get_guard(request: Request) -> Guard:
    """Return which addresses may be called."""
    guard: Guard = request.app.state.webhook_guard
    return guard


OpenGuard = Annotated[Guard, Depends(get_guard)]


@router.get("", summary="列出 webhook", responses=problems(503))
def index(session: ReadSession, setup: OpenSetup) -> HooksOut:
    """向哪些网址发消息，发哪些事；密钥不显示。"""
    return hooks_out(manage_hooks.list_hooks(session, setup.workspace))


@router.post(
    "", status_code=201, summary="加一个 webhook", responses=problems(400, 409, 413, 422, 503)
)
def create(
    body: HookIn,
    session: SecretSession,
    setup: OpenSetup,
    caller: KnownCaller,
    guard: OpenGuard,
    now: Now,
) -> MadeHookOut:
    """从现在起发生的事会发给这个网址。密钥只在应答里显示一次。网址指向内部网络：422。"""
    manage_hooks.check_target(body.url, guard)
    wish = manage_hooks.NewHook(body.url, tuple(body.events), body.secret)
    by = Signature(caller.name, now)
    return made_hook_out(manage_hooks.add_hook(session, setup.workspace, wish, by, guard=guard))


@router.delete("/{number}", summary="删除 webhook", responses=problems(404, 422, 503))
def remove(
    number: Number, session: WriteSession, setup: OpenSetup, caller: KnownCaller, now: Now
) -> HookOut:
    """不再向它发消息，还没送达的也不发了。"""
    by = Signature(caller.name, now)
    return hook_out(manage_hooks.remove_hook(session, setup.workspace, number, by))


@router.post("/{number}/test", summary="试发一条消息", responses=problems(404, 409, 422, 503))
def ping(number: Number, setup: OpenSetup, guard: OpenGuard, now: Now) -> PingOut:
    """立即发一条 `type` 为 `ping` 的消息，说明是否送达；最多等 10 秒，不记入投递。"""
    post = poster(guard)
    return ping_out(
        manage_hooks.test_hook(setup.engine, setup.workspace, number, post=post, now=now)
    )


@router.get("/{number}/deliveries", summary="列出投递", responses=problems(404, 422, 503))
def deliveries(
    number: Number, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> DeliveriesOut:
    """每件事发了没有、试了几次、为什么失败、何时再试；新的在前。"""
    listing = delivery_listing(number)
    part = Part(query.limit + 1, listing.read(query.cursor))
    found = manage_hooks.list_deliveries(session, setup.workspace, number, part)
    return deliveries_page(found, query.limit, listing)


@router.post(
    "/{number}/deliveries/{event_id:path}/retry",
    summary="再发一次",
    responses=problems(404, 409, 422, 503),
)
def retry(
    number: Number, event_id: EventId, session: WriteSession, setup: OpenSetup, now: Now
) -> DeliveryOut:
    """由常驻的 `work` 尽快再发，已放弃和已送达的都可以。"""
    name = setup.workspace
    return delivery_out(manage_hooks.deliver_again(session, name, number, event_id, now=now))
