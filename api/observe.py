"""Every request: an id, a line in the log, a count. Never its query, its body or its words."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.paths import path_of
from feedback_nlp.logs import ACCESS, REQUEST_ID

HEADER: Final = "X-Request-ID"
UNKNOWN: Final = "-"
"""The route of a path that leads nowhere: what a stranger wrote is no label."""
_USABLE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LOG: Final = logging.getLogger(ACCESS)


class Observed:
    """Stands outside of everything that answers."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = perf_counter
    ) -> None:
        """Watch `app`; `clock` counts seconds."""
        self._app = app
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = request_id(Headers(scope=scope).get(HEADER))
        scope.setdefault("state", {})["request_id"] = name
        REQUEST_ID.set(name)
        sizes, status, begin = {"in": 0, "out": 0}, 500, self._clock()

        async def counted() -> Message:
            message = await receive()
            sizes["in"] += len(message.get("body", b""))
            return message

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            sizes["out"] += len(message.get("body", b""))
            await send(message)

        self._metrics.in_progress.inc()
        try:
            await self._app(scope, counted, named)
        finally:
            self._metrics.in_progress.dec()
            self._told(scope, status, self._clock() - begin, sizes)

    def _told(self, scope: Scope, status: int, seconds: float, sizes: dict[str, int]) -> None:
        route = template_of(scope)
        method = scope["method"] if scope["method"] in _KNOWN_METHODS else "OTHER"
        self._metrics.observe(method, route, status, seconds)
        accepted = scope["state"].get("accepted", 0)
        if accepted:
            self._metrics.accepted.inc(accepted)
        caller = scope["state"].get("caller")
        fields = {
            "request_id": scope["state"]["request_id"],
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "credential": None if caller is None else caller.credential,
            "bytes_in": sizes["in"],
            "bytes_out": sizes["out"],
        }
        _LOG.info("%s %s %s %s ms", method, route, status, fields["duration_ms"], extra=fields)


def request_id(told: str | None) -> str:
    """Return the id that the caller gave, or a new one when it is none or not a plain word."""
    return told if told is not None and _USABLE.fullmatch(told) else uuid4().hex


def template_of(scope: Scope) -> str:
    """Return the path of the route as the document has it."""
    found = getattr(scope.get("route"), "path_format", None)
    if found is None:
        return UNKNOWN
    inside = path_of(scope).startswith("/v1/") and not found.startswith("/v1")
    return f"/v1{found}" if inside else str(found)
