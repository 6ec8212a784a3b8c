"""Is the service up, can it reach its database, is there a backlog?"""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from fastapi import APIRouter

from api.dependencies import OpenSetup, ReadSession
from api.schemas.problem import problems
from api.schemas.tickets import HealthOut
from feedback_nlp.workflows.browse import count_pending

router = APIRouter(tags=["运行状况"])


@router.get("/healthz", summary="运行状况", responses=problems(503))
def healthz(session: ReadSession, setup: OpenSetup) -> HealthOut:
    """数据库可用时返回 200，附正在使用的模型和等待标注的评论数；不可用时返回 503。"""
    model = setup.classifier.version
    pending = count_pending(session, setup.workspace, model=model)
    return HealthOut(status="ok", model=model, pending=pending)
