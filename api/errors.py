"""Every error -> application/problem+json. The only place that knows HTTP codes of our errors."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.etags import matched_revision
from api.reasons import field_path, reason
from api.refusals import Refusal
from api.repeats import AnsweredError, replay
from api.schemas.problem import PROBLEM_JSON, TITLES, FieldFault, Problem
from feedback_nlp.errors import (
    ArtefactError,
    ConflictError,
    FeedbackError,
    InputError,
    NotFoundError,
    SourceError,
    StorageError,
)

STATUS: Final[Mapping[type[FeedbackError], int]] = {
    InputError: 422,
    NotFoundError: 404,
    ConflictError: 409,
    ArtefactError: 503,
    SourceError: 502,
    StorageError: 503,
}
"""What each leaf of the error tree answers."""

PRECONDITION_FAILED: Final = 412
"""What somebody else has changed, asked for by If-Match and not by a field of the body."""
MAX_FAULTS: Final = 100
_LOG: Final = logging.getLogger(__name__)
_OPERATOR: Final = {
    ArtefactError: "模型暂时不可用，请管理员检查模型文件；原因在服务日志里",
    SourceError: "对方服务暂时不可用，请稍后重试；原因在服务日志里",
    StorageError: "数据库暂时不可用，请稍后重试；原因在服务日志里",
}
"""Said to strangers instead of the message, which holds paths and addresses."""


def problem(
    status: int,
    detail: str,
    *,
    faults: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with one problem."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    body = Problem(
        type="about:blank", title=title, status=status, detail=detail, errors=list(faults)
    )
    # Field names and paths come from outside and may hold what UTF-8 cannot.
    content = json.dumps(body.model_dump(), ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status, headers, PROBLEM_JSON)


def answer_errors(app: FastAPI) -> None:
    """Make `app` answer every error, ours and the framework's, with a problem."""
    app.add_exception_handler(FeedbackError, _ours)
    app.add_exception_handler(AnsweredError, replay)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(500, _bug)


async def answer(request: Request, error: Exception) -> Response:
    """Answer with what an error means; for what stands outside the application's own handlers."""
    return await (_http if isinstance(error, HTTPException) else _ours)(request, error)


async def _ours(request: Request, error: Exception) -> Response:
    kind = next(kind for kind in STATUS if isinstance(error, kind))
    if kind in _OPERATOR:
        _LOG.error("%s: %s", kind.__name__, error)
    stale = isinstance(error, ConflictError) and error.revision is not None
    status = PRECONDITION_FAILED if stale and matched_revision(request) else STATUS[kind]
    return problem(status, _OPERATOR.get(kind, str(error)), faults=_faults(error))


def _faults(error: Exception) -> list[FieldFault]:
    """Return the present revision of what somebody else has changed."""
    now = error.revision if isinstance(error, ConflictError) else None
    if now is None:
        return []
    return [FieldFault(field="expected_revision", message=f"现在是 {now}")]


async def _invalid(_request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    for fault in found:
        if fault["type"] == "json_invalid":
            return problem(400, f"请求体不是合法的 JSON，错在第 {fault['loc'][-1]} 个字符附近")
    faults = [
        FieldFault(field=field_path(fault["loc"][1:]), message=reason(fault))
        for fault in found[:MAX_FAULTS]
    ]
    first = "；".join(
        f"{fault.field}：{fault.message}" if fault.field else fault.message for fault in faults[:1]
    )
    more = f"；另有 {len(found) - 1} 处，见 errors" if len(found) > 1 else ""
    return problem(422, f"{first}{more}", faults=faults)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    if isinstance(error, Refusal):
        return problem(status, error.detail, headers=headers)
    if status == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(request)):
        headers = {**(headers or {}), "Allow": methods}
    details = {
        400: "请求体无法解析，应为 UTF-8 编码的 JSON",
        404: f"没有这个路径：{request.url.path}",
        405: f"{request.url.path} 不支持 {request.method}，可用的是 {(headers or {}).get('Allow')}",
        413: f"请求体过大：{getattr(error, 'detail', '')}",
    }
    return problem(status, details.get(status, HTTPStatus(status).phrase), headers=headers)


def _methods(request: Request) -> str:
    """Return all methods of the path; the framework names those of the first route it tried."""
    tried = getattr(request.scope.get("route"), "path_format", None)
    documented = request.app.openapi()["paths"].items()
    same = (methods for path, methods in documented if tried in {path, path.removeprefix("/v1")})
    return ", ".join(sorted(method.upper() for methods in same for method in methods))


async def _bug(request: Request, _error: Exception) -> Response:
    name = getattr(request.state, "request_id", None)
    told = "" if name is None else f"里编号 {name} 的部分"
    # Answered outside of all that adds headers.
    headers = None if name is None else {"X-Request-ID": name}
    detail = f"服务出了没有料到的错误，请把服务日志{told}交给管理员"
    return problem(500, detail, headers=headers)
