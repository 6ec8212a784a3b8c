"""Manage webhooks: add one whose secret is shown once, list, remove, test, tell once more."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes, token_hex
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError, SourceError
from feedback_nlp.notifiers.target_guard import Guard, addresses_of, read_place
from feedback_nlp.notifiers.webhook import MARK, Answer, Post, key_of
from feedback_nlp.records import Delivery, EventKind, Signature, Webhook
from feedback_nlp.storage import deliveries, hooks
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.deliver_hooks import letter
from feedback_nlp.workflows.signing import is_line, signed

MOST_HOOKS: Final = 50
SHORTEST_SECRET: Final = 24
LONGEST_SECRET: Final = 128
PING: Final = "ping"
_RANDOM_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class NewHook:
    """A webhook as a person asks for it."""

    url: str
    events: tuple[EventKind, ...] = ()
    """Empty: all of them."""
    secret: str | None = field(default=None, repr=False)
    """None: one is made."""


@dataclass(frozen=True, slots=True)
class MadeHook:
    """A webhook and its secret, which is not shown again."""

    hook: Webhook
    secret: str = field(repr=False)


def add_hook(
    session: Session, workspace: str, wish: NewHook, signature: Signature, *, guard: Guard
) -> MadeHook:
    """Add a webhook. Needs a write transaction; call `check_target` before it is opened.

    Raises:
        InputError: the address, the secret or the author cannot be used; the message says why.
    """
    by = signed(signature)
    read_place(wish.url, guard)
    if len(hooks.every(session, workspace)) >= MOST_HOOKS:
        raise InputError(f"一个工作区最多 {MOST_HOOKS} 个 webhook，请先删除不用的")
    secret = wish.secret or MARK + b64encode(token_bytes(_RANDOM_BYTES)).decode()
    _check_secret(secret)
    events = tuple(dict.fromkeys(wish.events)) or tuple(EventKind)
    hook = Webhook(0, wish.url, events, by.author, by.at)
    return MadeHook(hooks.add(session, workspace, hook, secret=secret), secret)


def check_target(url: str, guard: Guard) -> None:
    """Refuse an address inside our network. Asks for its name, which may take seconds.

    Raises:
        InputError: it cannot be used, or its name leads nowhere.
    """
    try:
        addresses_of(read_place(url, guard), guard)
    except SourceError as error:
        raise InputError(str(error)) from error


def list_hooks(session: Session, workspace: str) -> list[Webhook]:
    """Return the webhooks that were not removed, first one first."""
    return hooks.every(session, workspace)


def remove_hook(session: Session, workspace: str, number: int, signature: Signature) -> Webhook:
    """Tell an address nothing any more. Needs a write transaction.

    Raises:
        NotFoundError: there is no such webhook.
    """
    by = signed(signature)
    removed = hooks.remove(session, workspace, number, by=by.author, now=by.at)
    deliveries.give_up(session, workspace, number)
    return removed


def test_hook(engine: Engine, workspace: str, number: int, *, post: Post, now: datetime) -> Answer:
    """Post a message of type `ping` at once and return what came back; nothing is stored.

    Raises:
        NotFoundError: there is no such webhook.
    """
    with reading(engine) as session:
        keyed = hooks.get(session, workspace, number)
    told = f"{PING}:{token_hex(8)}", PING
    return post(keyed.hook.url, keyed.secret, letter(workspace, told, now, {}, now=now))


def list_deliveries(
    session: Session, workspace: str, number: int, part: Part
) -> Sequence[Delivery]:
    """Return what a webhook was told or is to be told, newest first.

    Raises:
        NotFoundError: there is no such webhook.
    """
    hooks.get(session, workspace, number)
    return deliveries.part(session, workspace, number, part)


def deliver_again(
    session: Session, workspace: str, number: int, event_id: str, *, now: datetime
) -> Delivery:
    """Make a delivery due at once, one that arrived too. Needs a write transaction.

    Raises:
        NotFoundError: there is no such webhook or no such delivery.
    """
    hooks.get(session, workspace, number)
    return deliveries.again(session, workspace, number, event_id, now=now)


def _check_secret(secret: str) -> None:
    fits = SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET and secret.isascii()
    if not fits or not is_line(secret) or len(key_of(secret)) < SHORTEST_SECRET:
        raise InputError(
            f"secret：要有 {SHORTEST_SECRET} 到 {LONGEST_SECRET} 个 ASCII 字符，"
            f"{MARK} 开头的后面是至少 {SHORTEST_SECRET} 字节的 base64；不写则生成一个"
        )
