"""Ends a request whose body comes too slowly: each one that hangs keeps a connection."""

from asyncio import get_running_loop, wait_for
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.paths import path_of
from api.refusals import Refusal
from api.roles import READING


class BodyTime:
    """Gives a body so many seconds in all.

    In the paths in `spared`, whose bodies may be large, it is so many for each piece.
    """

    def __init__(self, app: ASGIApp, seconds: float, spared: Collection[str] = ()) -> None:
        """Guard `app`."""
        self._app = app
        self._seconds = seconds
        self._spared = frozenset(spared)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http" or scope["method"] in READING:
            await self._app(scope, receive, send)
            return
        loop = get_running_loop()
        deadline, whole = loop.time() + self._seconds, False

        async def hurried() -> Message:
            nonlocal deadline, whole
            if whole:  # asked again only to hear that the caller has left
                return await receive()
            try:
                message = await wait_for(receive(), max(deadline - loop.time(), 0))
            except TimeoutError:
                whole = True
                raise self._refusal() from None
            whole = not message.get("more_body", False)
            if path_of(scope) in self._spared:
                deadline = loop.time() + self._seconds
            return message

        await self._app(scope, hurried, send)

    def _refusal(self) -> Refusal:
        told = f"请求体没有在 {self._seconds:g} 秒内发完，请检查网络，或分批发送"
        return Refusal(408, told, headers={"Connection": "close"})
