"""The policy of a team."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from fastapi import APIRouter

from api.dependencies import Now, OpenSetup, ReadSession
from api.policy_shapes import changes_out, policy_history_out, policy_out, wishes_in
from api.routes.themes import PageQuery
from api.schemas.policy import ChangesOut, PolicyHistoryOut, PolicyIn, PolicyOut
from api.schemas.problem import problems
from feedback_nlp.records import Signature
from feedback_nlp.workflows import browse, browse_policy
from feedback_nlp.workflows.set_policy import set_policy

router = APIRouter(prefix="/policy", tags=["政策"])


@router.get("", summary="查看政策", responses=problems(503))
def show(session: ReadSession, setup: OpenSetup) -> PolicyOut:
    """全部设置：名称、现在的值、默认值、含义，以及最近一次修改。"""
    return policy_out(browse_policy.show_policy(session, setup.workspace))


@router.patch("", summary="修改政策", responses=problems(400, 413, 422, 503))
def change(body: PolicyIn, setup: OpenSetup, now: Now) -> ChangesOut:
    """改一些设置，要么全改，要么都不改；下次 plan 按新的政策算。没有这项设置、值不能用：422。"""
    wishes, signature = wishes_in(body), Signature(body.author, now, body.reason)
    return changes_out(
        set_policy(setup.engine, setup.workspace, wishes, setup.taxonomy, signature=signature)
    )


@router.get("/history", summary="政策的修改", responses=problems(422, 503))
def history(query: PageQuery, session: ReadSession, setup: OpenSetup) -> PolicyHistoryOut:
    """谁在何时为什么改了什么，最近的在前。"""
    page = browse.Page(query.limit, query.offset)
    return policy_history_out(browse_policy.list_changes(session, setup.workspace, page), page)
