"""Who am I; log in and out, for programs that keep cookies."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from fastapi import APIRouter, Request, Response

from api.access_shapes import session_out
from api.auth import COOKIE, KnownCaller
from api.dependencies import OpenApplication, WriteSession
from api.schemas.access import LogInIn, SessionOut
from api.schemas.problem import problems
from api.sessions import begin_session, give_cookie, take_cookie
from feedback_nlp.workflows.log_in import Attempt, log_out

router = APIRouter(prefix="/session", tags=["权限"])
door = APIRouter(prefix="/session", tags=["权限"])
"""The only route below /v1 that needs no caller."""


@router.get("", summary="我是谁", responses=problems(503))
def show(caller: KnownCaller) -> SessionOut:
    """密钥或登录属于谁，什么角色，在哪个工作区，何时失效。"""
    return session_out(caller)


@router.delete("", summary="退出登录", status_code=204, responses=problems(503))
def end(request: Request, response: Response, session: WriteSession, caller: KnownCaller) -> None:
    """登录立即失效。用密钥的没有登录，什么也不变；密钥用 `DELETE /v1/keys/{number}` 吊销。"""
    log_out(session, caller, request.cookies.get(COOKIE, ""))
    take_cookie(request, response)


@door.post("", summary="登录", responses=problems(400, 401, 403, 413, 422, 429, 503))
def begin(
    body: LogInIn, request: Request, response: Response, setup: OpenApplication
) -> SessionOut:
    """用户名和密码对了就给一个 12 小时的 cookie。试得太多：429。程序之间请用密钥。"""
    attempt = Attempt(body.workspace or setup.workspace, body.name, body.password)
    opened = begin_session(request, setup, attempt)
    give_cookie(request, response, opened)
    return session_out(opened.caller)
