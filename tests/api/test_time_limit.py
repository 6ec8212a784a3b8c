"""A body that comes too slowly is not waited for."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.refusals import Refusal
from api.time_limit import BodyTime


async def read_all(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive()).get("more_body"):
        pass


def sent(pieces: Sequence[float], *, method: str = "POST", path: str = "/", limit: float) -> None:
    """Send a body in pieces, each after so many seconds."""
    left = list(pieces)

    async def receive() -> Message:
        await asyncio.sleep(left.pop(0))
        return {"type": "http.request", "body": b"x", "more_body": bool(left)}

    async def send(_message: Message) -> None:
        pass

    scope = {"type": "http", "method": method, "path": path}
    asyncio.run(BodyTime(read_all, limit, spared=("/bulk",))(scope, receive, send))


def test_a_body_in_time_passes() -> None:
    sent([0, 0, 0], limit=5)


def test_a_body_that_hangs_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        sent([0, 3_600], limit=0.01)
    assert refused.value.status_code == 408


def test_a_body_that_drips_is_refused() -> None:
    with pytest.raises(Refusal):
        sent([0.004] * 100, limit=0.02)


def test_a_large_body_has_so_long_for_each_piece() -> None:
    sent([0.004] * 20, path="/bulk", limit=0.06)
    with pytest.raises(Refusal):
        sent([0, 3_600], path="/bulk", limit=0.01)
