"""Requests that may come twice: a repeated Idempotency-Key is answered with what was answered.

Source: draft-ietf-httpapi-idempotency-key-header-07, The Idempotency-Key HTTP Header Field.
"""

import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.refusals import Refusal
from feedback_nlp.errors import InputError
from feedback_nlp.storage import idempotency
from feedback_nlp.storage.database import lock, reading, transaction
from feedback_nlp.storage.idempotency import Kept
from feedback_nlp.workflows.setup import Setup

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
MAX_KEY: Final = 255


class AnsweredError(Exception):
    """The request was answered before; carries that answer, and rolls back what was begun."""

    def __init__(self, kept: Kept) -> None:
        """Carry the answer."""
        super().__init__(kept.status)
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request that may come again."""

    key: str
    digest: str
    """Of method, address and body."""


class RepeatableRoute(APIRoute):
    """A route whose answer is known before its transaction commits, so that both are one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Note the answer of the usual handler in the state of the request."""
        handler = super().get_route_handler()

        async def noting(request: Request) -> Response:
            answer = await handler(request)
            request.state.answer = answer
            return answer

        return noting


async def read_repeat(request: Request) -> Repeat | None:
    """Return what identifies a POST with an Idempotency-Key; None for any other request."""
    key = key_of(request)
    return None if key is None else Repeat(key, digest_of(request, sha256(await request.body())))


def key_of(request: Request) -> str | None:
    """Return the Idempotency-Key of a POST.

    Raises:
        InputError: it is empty, too long or not printable ASCII.
    """
    key = request.headers.get(HEADER) if request.method == "POST" else None
    # `hex` alone would stand for what cannot be shown.
    if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise InputError(f"{HEADER} 应为 1 到 {MAX_KEY} 个可打印的 ASCII 字符，建议用 UUID")
    return key


def digest_of(request: Request, body: Any) -> str:  # noqa: ANN401 (hashlib names no type of its own)
    """Return the digest of a request, given the hash of its body."""
    told = f"{request.method}\n{request.url.path}\n{request.url.query}\n{body.hexdigest()}"
    return sha256(told.encode("utf-8", "backslashreplace")).hexdigest()


AskedAgain = Annotated[Repeat | None, Depends(read_repeat)]


@contextmanager
def answered_once(
    session: Session, workspace: str, request: Request, repeat: Repeat | None
) -> Iterator[None]:
    """Answer a repeat with what was answered; else keep the answer beside what the body writes.

    Both in the one transaction, so that a server killed behind its commit knows the answer, and
    one killed before it knows nothing. An error changes nothing and is not kept.

    Raises:
        AnsweredError: the same request was answered within the last day.
        InputError: the key came with another request.
        Refusal: the same key is being worked on.
    """
    if repeat is None:
        yield
        return
    now = datetime.now(UTC)
    if not idempotency.claim(session, workspace, repeat.key):
        wait = {"Retry-After": "1"}
        raise Refusal(409, f"{HEADER} 相同的请求正在处理，请稍后再发", headers=wait)
    look_up(session, workspace, repeat, now=now)
    yield
    if not session.in_transaction():  # a preview has rolled it back: nothing was done
        return
    answer: Response = request.state.answer
    kept = Kept(repeat.digest, answer.status_code, json.loads(bytes(answer.body)))
    idempotency.put(session, workspace, repeat.key, kept, now=now)


def answered_apart(
    setup: Setup, repeat: Repeat | None, work: Callable[[], BaseModel]
) -> JSONResponse:
    """Do work that has many transactions of its own, and keep its answer behind the last one.

    Killed in between, it is done again: it must be such that this changes nothing.
    """
    if repeat is not None:
        with reading(setup.engine) as session:
            look_up(session, setup.workspace, repeat, now=datetime.now(UTC))
    answer = work().model_dump(mode="json")
    if repeat is not None:
        kept = Kept(repeat.digest, HTTPStatus.ACCEPTED, answer)
        with transaction(setup.engine) as session:
            # Somebody may have sent it again meanwhile: what was kept first counts.
            lock(session, setup.workspace, f"idempotency {repeat.key}")
            now = datetime.now(UTC)
            look_up(session, setup.workspace, repeat, now=now)
            idempotency.put(session, setup.workspace, repeat.key, kept, now=now)
    return JSONResponse(answer, HTTPStatus.ACCEPTED)


def look_up(session: Session, workspace: str, repeat: Repeat, *, now: datetime) -> None:
    """Raise AnsweredError when this request was answered, InputError when another one was."""
    kept = idempotency.get(session, workspace, repeat.key, now=now)
    if kept is None:
        return
    if kept.digest != repeat.digest:
        raise InputError(f"{HEADER} “{repeat.key}”已用于另一个请求，新的请求请换一个")
    raise AnsweredError(kept)


async def replay(_request: Request, error: Exception) -> Response:
    """Answer what was answered before."""
    if not isinstance(error, AnsweredError):
        raise error
    return JSONResponse(error.kept.answer, error.kept.status, {REPLAYED: "true"})
