"""Many reviews in one body, as a file."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from functools import partial
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.dependencies import Now, OpenSetup
from api.repeats import Repeat, RepeatableRoute, answered_apart, digest_of, key_of
from api.schemas.bulk import BulkIn, BulkOut
from api.schemas.problem import problems
from api.shapes import bulk_out
from api.spool import BulkGate, spooled
from feedback_nlp import channels
from feedback_nlp.tabular.columns import parse_mapping
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.post_file import Delivery, post_file

router = APIRouter(tags=["评论"], route_class=RepeatableRoute)

BulkQuery = Annotated[BulkIn, Query()]
_TEXT: Final = {"schema": {"type": "string", "contentMediaType": "text/plain"}}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "每行一条 JSON（NDJSON），或带表头的 CSV；编码和分隔符自动识别",
        "content": {"application/x-ndjson": _TEXT, "text/csv": _TEXT},
    }
}


@router.post(
    "/reviews:bulk",
    summary="批量提交评论",
    status_code=202,
    response_model=BulkOut,
    response_description="已保存，稍后标注",
    responses=problems(400, 409, 413, 415, 422, 503),
    openapi_extra=_BODY,
)
async def post_bulk(request: Request, query: BulkQuery, setup: OpenSetup, now: Now) -> JSONResponse:
    """边收边写到磁盘，收完再导入：与 `feedback-nlp import` 读同样的文件，也可用 gzip 压缩。

    坏行各有原因，不影响别的行。没有收完的请求什么也不保存。中途被打断后原样再发，不会多出评论。
    """
    gate: BulkGate = request.app.state.bulk
    mapping = parse_mapping(query.map, channels.named(query.format).fields)
    key = key_of(request)
    async with gate.entered(), spooled(request, limit=gate.limit) as body:
        target = Target(setup.engine, setup.workspace, now, setup.privacy)
        told = body.hash.hexdigest()
        delivery = Delivery(body.path, told, query.channel, query.format, mapping)
        repeat = None if key is None else Repeat(key, digest_of(request, body.hash))

        def work() -> BulkOut:
            done = bulk_out(post_file(target, delivery, model=setup.classifier.version))
            request.state.accepted = done.counts.added + done.counts.revised
            return done

        answering = partial(answered_apart, setup, repeat, work)
        return await run_sync(answering, limiter=gate.importing)
