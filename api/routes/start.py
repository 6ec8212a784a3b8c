"""The page at `/`: who is logged in, log in, log out. Works without JavaScript."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.auth import COOKIE, check_origin, recognised
from api.dependencies import Now, OpenApplication, action_of
from api.refusals import Refusal
from api.roles import shown
from api.sessions import begin_session, give_cookie, take_cookie
from feedback_nlp.records import Caller
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.log_in import Attempt, follow_link, log_out
from feedback_nlp.workflows.note_write import note_write
from feedback_nlp.workflows.setup import Setup
from feedback_nlp.workflows.tokens import LONGEST_TOKEN

router = APIRouter(include_in_schema=False)

_FOLDER: Final = Path(__file__).parents[1] / "pages"
_PAGES: Final = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined
)
_SEE_OTHER: Final = 303
_NO_STORE: Final = {"Cache-Control": "no-store"}


@router.get("/")
def start(request: Request, setup: OpenApplication) -> Response:
    """Show who is logged in, or a form."""
    try:
        return _page(request, setup, recognised(request))
    except Refusal as refusal:  # a session that has ended: the form is the way on
        return _page(request, setup, None, message=refusal.detail)


@router.get("/start.css")
def style() -> Response:
    """Send the style of the page."""
    return Response((_FOLDER / "start.css").read_bytes(), media_type="text/css; charset=utf-8")


@router.get("/login")
def follow(
    request: Request,
    setup: OpenApplication,
    now: Now,
    token: Annotated[str, Query(max_length=LONGEST_TOKEN)] = "",
) -> Response:
    """Log in by the one-time link that `serve` printed."""
    opened = follow_link(setup.engine, token, action_of(request), now=now) if token else None
    if token and opened is None:
        gone = "链接已用过或已过期；重新启动 serve 会给出新的"
        return _page(request, setup, None, message=gone, status=401)
    home = _home(request)
    if opened is not None:
        give_cookie(request, home, opened)
    return home


@router.post("/login")
def enter(
    request: Request,
    setup: OpenApplication,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=200)],
    workspace: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Log in with a password."""
    attempt = Attempt(workspace.strip() or setup.workspace, name.strip(), password)
    try:
        opened = begin_session(request, setup, attempt)
    except Refusal as refusal:
        return _page(request, setup, None, message=refusal.detail, status=refusal.status_code)
    home = _home(request)
    give_cookie(request, home, opened)
    return home


@router.post("/logout")
def leave(request: Request, setup: OpenApplication, now: Now) -> Response:
    """Log out, whether or not the session still holds."""
    check_origin(request)
    home = _home(request)
    take_cookie(request, home)
    try:
        caller = recognised(request)
    except Refusal:
        return home
    if caller is not None:
        with transaction(setup.engine) as session:
            log_out(session, caller, request.cookies.get(COOKIE, ""))
            note_write(session, caller, action_of(request), now=now)
    return home


def _home(request: Request) -> Response:
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/", _SEE_OTHER, _NO_STORE)


def _page(
    request: Request, setup: Setup, caller: Caller | None, *, message: str = "", status: int = 200
) -> Response:
    text = _PAGES.get_template("start.html").render(
        root=request.scope.get("root_path", ""),
        caller=caller,
        role=shown(caller.role) if caller else "",
        workspace=setup.workspace,
        message=message,
    )
    return HTMLResponse(text, status, _NO_STORE)
