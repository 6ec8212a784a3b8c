"""Who sends a request, and whether they may: keys, sessions, roles, requests of other sites."""

from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.paths import path_of
from api.rates import rates_of
from api.refusals import Refusal
from api.roles import READING, needed_role, shown
from feedback_nlp.records import Caller
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows import recognise
from feedback_nlp.workflows.setup import Setup
from feedback_nlp.workflows.tokens import KEY_MARK

COOKIE: Final = "fb_session"
KEY_HEADER: Final = "X-API-Key"
BEARER: Final = {"WWW-Authenticate": "Bearer"}
OPEN: Final = frozenset({("POST", "/v1/session")})
"""What needs no caller below /v1: how else should one log in?"""
_UNKNOWN: Final = (
    "请先登录，或在请求头 Authorization: Bearer fb_… 里带上密钥；密钥由管理员用 key add 建立"
)
_INVALID: Final = "密钥无效：不存在、已吊销或已过期，请向管理员要新的"
_ENDED: Final = "登录已失效，请重新登录"


def is_open(method: str, path: str) -> bool:
    """Say that a request needs no caller; what lies outside /v1 decides for itself."""
    return not (path == "/v1" or path.startswith("/v1/")) or (method, path) in OPEN


def admit(request: Request) -> Caller:
    """Return who sends the request, if they may and not too often; asks the database.

    Nothing is cached: a revoked key, a disabled account and a changed role count at once.

    Raises:
        Refusal: 401 not recognised, 403 not allowed, 429 too often.
    """
    caller = recognised(request)
    if caller is None:
        raise Refusal(401, _UNKNOWN, headers=BEARER)
    rates_of(request).count(caller)
    needed = needed_role(request.method, path_of(request.scope))
    if not caller.role.covers(needed):
        raise Refusal(
            403, f"需要角色“{shown(needed)}”或更高，你的角色是“{shown(caller.role)}”；请找管理员"
        )
    request.state.caller = caller
    return caller


def recognised(request: Request) -> Caller | None:
    """Return who sends the request; None when it carries no credential.

    Raises:
        Refusal: 401 for a credential that is not valid, 403 for a write from another site.
    """
    setup = setup_of(request)
    now = datetime.now(UTC)
    secret, token = key_of(request), request.cookies.get(COOKIE)
    if secret is not None:
        with reading(setup.engine) as session:
            holder = recognise.by_key(session, secret, now=now)
        if holder is None:
            raise Refusal(401, _INVALID, headers=BEARER)
        request.state.use_to_note = holder[1]
        return holder[0]
    if not token:
        return None
    check_origin(request)
    with reading(setup.engine) as session:
        caller = recognise.by_session(session, token, now=now)
    if caller is None:
        raise Refusal(401, _ENDED, headers=BEARER)
    return caller


def setup_of(request: Request) -> Setup:
    """Return what the application opened when it started, in its own workspace."""
    setup: Setup = request.state.setup
    return setup


def key_of(request: Request) -> str | None:
    """Return the secret of the key a request carries."""
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    # A reverse proxy may ask for Basic on its own account; that is no key of ours.
    if kind.lower() == "bearer" or kind.startswith(KEY_MARK):
        return told.strip() or kind
    return request.headers.get(KEY_HEADER)


def check_origin(request: Request) -> None:
    """Refuse a write that a page of another site makes a browser send with our cookie.

    A request with neither header comes from no present browser, and such a client cannot be made
    to send somebody else's cookie.

    Raises:
        Refusal: 403.

    Source: F. Valsorda, Cross-Site Request Forgery (2025), as in Go's CrossOriginProtection.
    """
    if request.method in READING:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        same = site in {"same-origin", "none"}
    else:
        same = origin is None or _host(origin) == request.headers.get("Host")
    if not same:
        raise Refusal(403, "这个请求来自别的网站，已拒绝；请在本站的页面里操作，或改用密钥")


def address_of(request: Request) -> str:
    """Return the address of the client; behind a proxy uvicorn puts the real one here."""
    return request.client.host if request.client else ""


async def get_caller(request: Request) -> Caller:
    """Return who sends the request; below /v1 the gate has found out before the body was read."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return await run_in_threadpool(admit, request) if caller is None else caller


KnownCaller = Annotated[Caller, Depends(get_caller)]


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
