"""Users with a release beside those without it, and customers before and after one."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from fastapi import APIRouter

from api.dependencies import Now, OpenSetup, ReadSession
from api.rollout_shapes import loyalty_out, rollouts_out
from api.routes.releases import Number
from api.routes.tickets import TicketId
from api.schemas.problem import problems
from api.schemas.rollouts import LoyaltyOut, RolloutsOut
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.compare_rollout import newest_known_day, rollouts_of_release
from feedback_nlp.workflows.follow_customers import follow_customers

router = APIRouter(tags=["发布与验证"])


@router.get(
    "/releases/{number}/rollout", summary="灰度对照", responses=problems(404, 409, 422, 503)
)
def rollout(number: Number, session: ReadSession, setup: OpenSetup, now: Now) -> RolloutsOut:
    """有新版的用户对没有的用户，在同样的日子里：建议扩大、停止还是继续观察；可以天天看。撤回的、没有分组的：409。"""
    name, model = setup.workspace, setup.classifier.version
    as_of = newest_known_day(session, name, now=now)
    found = rollouts_of_release(session, name, number, model=model, as_of=as_of)
    return rollouts_out(number, found)


@router.get(
    "/tickets/{ticket_id}/loyalty", summary="复购与留存", responses=problems(404, 409, 422, 503)
)
def loyalty(ticket_id: TicketId, session: ReadSession, setup: OpenSetup, now: Now) -> LoyaltyOut:
    """全量发布前抱怨过的顾客，发布后比其他顾客多买、多留下了吗。没有登记全量发布：409。"""
    name, model = setup.workspace, setup.classifier.version
    found = follow_customers(session, name, ticket_id, model=model, as_of=day_of(now))
    return loyalty_out(found)
