"""Refuses a request body that is too large before it fills the memory."""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.paths import path_of

MEGABYTE: Final = 1_000_000


class BodyLimit:
    """Lets at most `limit` bytes of a body through.

    A larger Content-Length is refused before a byte is read, a body that turns out larger while
    it arrives as soon as it does. Raises inside the application, so that it answers as usual.
    """

    def __init__(self, app: ASGIApp, limit: int, spared: Collection[str] = ()) -> None:
        """Guard `app`; the paths in `spared` have limits of their own."""
        self._app = app
        self._limit = limit
        self._spared = frozenset(spared)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http" or path_of(scope) in self._spared:
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        # Python refuses to read a number of thousands of digits.
        too_large = announced.isdecimal() and int(announced[:20]) > self._limit
        refusal = HTTPException(413, f"最多 {self._limit / MEGABYTE:g} MB，请分批发送")
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            if too_large:
                raise refusal
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._limit:
                raise refusal
            return message

        await self._app(scope, counted, send)
