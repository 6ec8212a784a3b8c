"""Is the process up, can it answer, what waits, and figures for Prometheus."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from importlib.metadata import version
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from api.auth import admit
from api.dependencies import OpenApplication, OpenSetup, ReadSession
from api.metrics import Metrics, Present, written
from api.refusals import Refusal
from api.schemas.health import AliveOut, QueueOut
from api.schemas.problem import problems
from feedback_nlp.storage import deliveries
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse import count_pending
from feedback_nlp.workflows.check_ready import check_ready

_PROGRAM: Final = version("feedback-nlp")

_FIGURES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/plain": {}}, "description": "文本格式的指标"}
}

router = APIRouter(tags=["运行状况"])
queue_router = APIRouter(tags=["运行状况"])


@router.get("/healthz", summary="进程在运行")
async def healthz() -> AliveOut:
    """进程能应答就是 200，不看数据库；供判断要不要重启它。不用登录。"""
    return AliveOut(status="ok")


@router.get("/readyz", summary="可以接请求", responses=problems(503))
def readyz(application: OpenApplication) -> AliveOut:
    """数据库可用、结构是本版本的、模型已装载时 200，否则 503 并说明原因。不用登录。"""
    faults = check_ready(application.engine)
    if faults:
        raise Refusal(503, "；".join(faults))
    return AliveOut(status="ok")


@queue_router.get("/queue", summary="等待分析的评论数", responses=problems(503))
def queue(session: ReadSession, setup: OpenSetup) -> QueueOut:
    """还没有被正在使用的模型分析过的评论有几条。"""
    model = setup.classifier.version
    return QueueOut(model=model, pending=count_pending(session, setup.workspace, model=model))


def get_workspace(request: Request, application: OpenApplication) -> str:
    """Return whose figures are shown: those of the caller, else, where anybody may, our own."""
    is_open: bool = request.app.state.metrics_open
    return application.workspace if is_open else admit(request).workspace


@router.get(
    "/metrics",
    summary="Prometheus 指标",
    response_class=Response,
    responses=_FIGURES | problems(503),
)
def metrics(
    request: Request,
    application: OpenApplication,
    workspace: Annotated[str, Depends(get_workspace)],
) -> Response:
    """请求数和用时、等待分析的评论数、webhook 投递数。要登录，除非设为公开。"""
    counted: Metrics = request.app.state.metrics
    model = application.classifier.version
    with reading(application.engine) as session:
        pending = count_pending(session, workspace, model=model)
        told = deliveries.count_by_result(session, workspace)
    figures = written(counted, Present(f"{_PROGRAM} {model}", pending, told))
    return Response(figures, media_type=CONTENT_TYPE_PLAIN_0_0_4)
