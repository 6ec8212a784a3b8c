"""ETags: every answer to GET is named by its content; who has it already gets 304.

Source: RFC 9110, sections 8.8.3 and 13.1.
"""

import re
from hashlib import blake2b
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback_nlp.errors import InputError

MAX_HEADER: Final = 1_000
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_JSON: Final = "application/json"
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
_REVISION: Final = re.compile(r'"([0-9]{1,9})(?:-[^"]*)?"')
_KEPT: Final = ("content-type", "content-length")
"""Headers that speak of a body; a 304 has none."""


class ETags:
    """Names JSON answers to GET and leaves out those that the client has.

    Stands inside of gzip, which would write another time into the same content. The packed form
    is another representation, so its tag ends in `-gzip`; either is recognised when it comes back.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        begun: list[Message] = []

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_nameable(message):
                begun.append(message)
                return
            if begun:
                start = begun.pop()
                # An answer in several pieces is a stream, and too long to wait for.
                if not message.get("more_body", False):
                    message = _name(start, message, asked)
                await send(start)
            await send(message)

        await self._app(scope, receive, named)


def read_revision(
    if_match: Annotated[
        str | None,
        Header(
            max_length=MAX_HEADER,
            description="你看到的 `ETag`：与现在的版本不同就不写入，答 412；"
            "与 `expected_revision` 二选一",
            examples=['"3"'],
        ),
    ] = None,
) -> int | None:
    """Return the revision that If-Match names; None without one, or when any will do.

    Raises:
        InputError: it is none of our tags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _REVISION.fullmatch(if_match.strip())
    if found is None:
        raise InputError('if-match：应为查看时得到的 ETag，如 "3"；或不写这个请求头')
    return int(found[1])


SeenRevision = Annotated[int | None, Depends(read_revision)]


def expected(in_header: int | None, in_body: int | None) -> int | None:
    """Return the revision that somebody saw, told in the header or in the body.

    Raises:
        InputError: both are told, and differ.
    """
    if in_header is not None and in_body not in {None, in_header}:
        raise InputError(f"expected_revision：{in_body} 与 If-Match 的 {in_header} 不同，只写一个")
    return in_body if in_header is None else in_header


def matched_revision(request: Request) -> bool:
    """Say that the request asked for a revision by If-Match."""
    return request.headers.get("if-match", "*").strip() != "*"


def tell_revision(response: Response, revision: int) -> None:
    """Let the ETag of an answer begin with the revision of what it shows."""
    response.headers["ETag"] = f'"{revision}"'


def _is_nameable(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == _OK and kind.startswith(_JSON)


def _name(start: Message, end: Message, asked: Headers) -> Message:
    """Write the tag into the head of the answer and return the rest of it."""
    headers = MutableHeaders(raw=start["headers"])
    digest = blake2b(end.get("body", b""), digest_size=16).hexdigest()
    told = _TAG.fullmatch(headers.get("etag", ""))
    name = f"{told[1]}-{digest}" if told else digest
    packed = "-gzip" if "gzip" in asked.get("accept-encoding", "") else ""
    headers["ETag"] = f'"{name}{packed}"'
    headers.add_vary_header("Accept-Encoding")
    start["headers"] = headers.raw
    if not _has(asked.get("if-none-match", "")[:MAX_HEADER], name):
        return end
    start["status"] = _NOT_MODIFIED
    start["headers"] = [
        (key, value) for key, value in headers.raw if key.decode().lower() not in _KEPT
    ]
    return {"type": "http.response.body", "body": b""}


def _has(asked: str, name: str) -> bool:
    if asked.strip() == "*":
        return True
    return any(tag.removesuffix("-gzip") == name for tag in _TAG.findall(asked))
