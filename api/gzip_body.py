"""Request bodies that come packed with gzip, unpacked piece by piece and never beyond a limit."""

import zlib
from collections.abc import Collection, Iterator
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.body_limit import MEGABYTE
from api.paths import path_of
from api.refusals import Refusal
from api.roles import READING

PIECE: Final = 1 << 20
_WITH_GZIP_HEADER: Final = 31
MOST_MEMBERS: Final = 1_000
"""Of one body; tools that pack in parallel write some hundred for a gigabyte."""


class Gunzip:
    """Unpacks one body; `limit` is in bytes of what comes out."""

    def __init__(self, limit: int) -> None:
        """Begin."""
        self._limit = limit
        self._size = 0
        self._members = 1
        self._member = zlib.decompressobj(_WITH_GZIP_HEADER)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes hold, in pieces; raises Refusal for a bomb or broken data."""
        while data:
            if self._member.eof:  # gzip files may stand one behind the other
                self._members += 1
                if self._members > MOST_MEMBERS:  # each copies what is left: empty ones cost most
                    raise _broken()
                self._member = zlib.decompressobj(_WITH_GZIP_HEADER)
            try:
                piece = self._member.decompress(data, PIECE)
            except zlib.error:
                raise _broken() from None
            self._size += len(piece)
            if self._size > self._limit:
                most = f"{self._limit / MEGABYTE:g} MB"
                raise Refusal(413, f"请求体过大：解压后最多 {most}，请分批发送")
            yield piece
            data = self._member.unused_data or self._member.unconsumed_tail

    def finish(self) -> None:
        """Check that nothing is missing at the end; raises Refusal."""
        if not self._member.eof:
            raise _broken()


class GzipBodies:
    """Hands the application the unpacked body of a request with `Content-Encoding: gzip`.

    Other encodings are refused. Paths in `spared` unpack for themselves.
    """

    def __init__(self, app: ASGIApp, limit: int, spared: Collection[str] = ()) -> None:
        """Unpack for `app` at most `limit` bytes a body."""
        self._app = app
        self._limit = limit
        self._spared = frozenset(spared)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        # What streams an answer to GET listens for the end of the caller: no moment to refuse.
        if scope["type"] == "http" and scope["method"] not in READING:
            packed = is_packed(Headers(scope=scope).get("content-encoding"))
            if packed is None:
                receive = _refuse
            elif packed and path_of(scope) not in self._spared:
                receive = _unpacking(receive, Gunzip(self._limit))
        await self._app(scope, receive, send)


def is_packed(encoding: str | None) -> bool | None:
    """Say whether a Content-Encoding means gzip; None when it is one we cannot read."""
    named = (encoding or "identity").strip().lower()
    if named in {"gzip", "x-gzip"}:
        return True
    return False if named == "identity" else None


def _unpacking(receive: Receive, gunzip: Gunzip) -> Receive:
    async def unpacked() -> Message:
        message = await receive()
        if message["type"] != "http.request":
            return message
        body = b"".join(gunzip.unpack(message.get("body", b"")))
        if not message.get("more_body", False):
            gunzip.finish()
        return {**message, "body": body}

    return unpacked


async def _refuse() -> Message:
    raise Refusal(
        415,
        "Content-Encoding 只支持 gzip；请改用 gzip，或不压缩",
        headers={"Accept-Encoding": "gzip"},
    )


def _broken() -> Refusal:
    return Refusal(400, "请求体不是完整的 gzip 数据，请重新压缩后发送")
