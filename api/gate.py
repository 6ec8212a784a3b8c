"""Stands before everything below /v1: who may not come in is told so before a body is read."""

import logging
from datetime import UTC, datetime
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth import admit, is_open
from api.body_limit import BodyLimit
from api.errors import answer
from api.gzip_body import is_packed
from api.paths import path_of
from api.refusals import Refusal
from feedback_nlp.errors import FeedbackError, StorageError
from feedback_nlp.records import Caller
from feedback_nlp.workflows.recognise import note_use
from feedback_nlp.workflows.setup import Setup

SMALL: Final = 16_384
"""Bytes of a body that needs no caller: a name and a password."""
_LOG: Final = logging.getLogger(__name__)


class Gate:
    """Finds out who sends a request; the application finds them in its state."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard `app`."""
        self._app = app
        self._open = BodyLimit(app, limit=SMALL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if is_open(request.method, path_of(request.scope)):
            # A stranger must not make us unpack and parse what fills the memory.
            if is_packed(Headers(scope=scope).get("content-encoding")):
                refusal = Refusal(415, "这个请求不要压缩", headers={"Accept-Encoding": "identity"})
                response = await answer(request, refusal)
                await response(scope, receive, send)
                return
            await self._open(scope, receive, send)
            return
        try:
            caller = await run_in_threadpool(admit, request)
        except (FeedbackError, Refusal) as error:
            response = await answer(request, error)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)
        if getattr(request.state, "use_to_note", False):
            await run_in_threadpool(_note_use, request.state.setup, caller)


def _note_use(setup: Setup, caller: Caller) -> None:
    """Behind the answer: a busy database must not turn a read into a failure."""
    try:
        note_use(setup.engine, caller, now=datetime.now(UTC))
    except StorageError as error:
        _LOG.warning("use of %s not noted: %s", caller.credential, error)
