"""The audit log, read by admins."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.access_shapes import AUDIT, audit_out
from api.dependencies import OpenSetup, ReadSession
from api.schemas.access import AuditIn, AuditOut
from api.schemas.problem import problems
from feedback_nlp.storage.audit import Sought
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.upserts import begin_of
from feedback_nlp.workflows.browse_audit import list_audit

router = APIRouter(prefix="/audit", tags=["权限"])


@router.get("", summary="审计记录", responses=problems(422, 503))
def index(query: Annotated[AuditIn, Query()], session: ReadSession, setup: OpenSetup) -> AuditOut:
    """谁在何时凭什么改了什么，最近的在前；没有成功的修改不在内。只有编号和名称，没有评论正文。"""
    since = None if query.since is None else begin_of(query.since)
    sought = Sought(query.actor, query.action, since)
    part = Part(query.limit + 1, AUDIT.read(query.cursor))
    return audit_out(list_audit(session, setup.workspace, sought, part), query.limit)
