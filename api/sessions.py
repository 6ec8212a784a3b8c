"""Sessions of browsers: begun by a password or a link, kept in a cookie."""

from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from api.auth import COOKIE, address_of, check_origin
from api.dependencies import action_of
from api.rates import rates_of
from api.refusals import Refusal
from feedback_nlp.workflows.log_in import SESSION_LASTS, Attempt, Opened, log_in
from feedback_nlp.workflows.setup import Setup


def begin_session(request: Request, setup: Setup, attempt: Attempt) -> Opened:
    """Log in with a password.

    Raises:
        Refusal: 401 wrong, 403 from another site, 429 tried too often.
    """
    check_origin(request)  # else another site could log a browser in as somebody else
    rates_of(request).count_login(attempt.workspace, attempt.name, address_of(request))
    opened = log_in(setup.engine, attempt, action_of(request), now=datetime.now(UTC))
    if opened is None:
        raise Refusal(401, "用户名或密码不对", headers={"WWW-Authenticate": "Bearer"})
    return opened


def give_cookie(request: Request, response: Response, opened: Opened) -> None:
    """Let a browser keep its session: for us only, out of reach of scripts and other sites."""
    response.set_cookie(
        COOKIE,
        opened.token.text,
        max_age=int(SESSION_LASTS.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def take_cookie(request: Request, response: Response) -> None:
    """Let a browser forget its session."""
    https = request.url.scheme == "https"
    response.delete_cookie(COOKIE, secure=https, httponly=True, samesite="strict")
