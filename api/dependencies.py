"""What routes ask for: the setup, a session that ends before the answer is sent, the time.

The only place where a caller becomes a workspace.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.auth import KnownCaller
from api.paths import path_of
from api.repeats import AskedAgain, answered_once
from api.roles import READING
from feedback_nlp.records import Caller
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.note_write import Action, note_write
from feedback_nlp.workflows.setup import Setup


async def get_application(request: Request) -> Setup:
    """Return what the application opened when it started, for routes that belong to nobody."""
    setup: Setup = request.state.setup
    return setup


OpenApplication = Annotated[Setup, Depends(get_application)]


async def get_setup(setup: OpenApplication, caller: KnownCaller) -> Setup:
    """Return the setup in the caller's workspace: all that a route reads and writes is in it."""
    return replace(setup, workspace=caller.workspace)


OpenSetup = Annotated[Setup, Depends(get_setup)]


def open_reading(setup: OpenApplication) -> Iterator[Session]:
    """Open a read-only transaction for one request."""
    with reading(setup.engine) as session:
        yield session


def open_transaction(
    request: Request, setup: OpenSetup, caller: KnownCaller, repeat: AskedAgain
) -> Iterator[Session]:
    """Open the one write transaction of a request."""
    with (
        transaction(setup.engine) as session,
        _noted(session, request, caller),
        answered_once(session, setup.workspace, request, repeat),
    ):
        yield session


def open_secret_transaction(
    request: Request, setup: OpenSetup, caller: KnownCaller
) -> Iterator[Session]:
    """Open the one write transaction of a request whose answer must be kept nowhere."""
    with transaction(setup.engine) as session, _noted(session, request, caller):
        yield session


async def note_otherwise(
    request: Request, setup: OpenSetup, caller: KnownCaller
) -> AsyncIterator[None]:
    """Note a write whose route opens transactions of its own, once it is done."""
    yield
    if request.method not in READING and not getattr(request.state, "noted", False):
        await run_in_threadpool(_note, request, setup, caller)


def _note(request: Request, setup: Setup, caller: Caller) -> None:
    with transaction(setup.engine) as session:
        note_write(session, caller, action_of(request), now=read_clock())


@contextmanager
def _noted(session: Session, request: Request, caller: Caller) -> Iterator[None]:
    """Add what is done to the audit log, in the same transaction and as its last statement."""
    yield
    if session.in_transaction():  # else a preview has rolled it back, and nothing was written
        note_write(session, caller, action_of(request), now=read_clock())
    request.state.noted = True


def action_of(request: Request) -> Action:
    """Return what a request does: its route, not its words."""
    template: str = getattr(request.scope.get("route"), "path_format", path_of(request.scope))
    if path_of(request.scope).startswith("/v1/") and not template.startswith("/v1/"):
        template = f"/v1{template}"  # the framework tells the part that the router knows
    subject = {name: str(value) for name, value in request.path_params.items()}
    request_id = getattr(request.state, "request_id", None)
    return Action(f"{request.method} {template}", subject, request_id)


def read_clock() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


# With the default scope the commit comes after the answer, and a failing one is answered 2xx.
ReadSession = Annotated[Session, Depends(open_reading, scope="function")]
WriteSession = Annotated[Session, Depends(open_transaction, scope="function")]
SecretSession = Annotated[Session, Depends(open_secret_transaction, scope="function")]
NotedWrite: Final = Depends(note_otherwise, scope="function")
"""Stands on every router below /v1, so that none is open to strangers or forgets the log."""
Now = Annotated[datetime, Depends(read_clock)]
