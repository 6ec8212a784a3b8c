"""Efforts of themes and tickets, votes about themes."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.dependencies import Now, OpenSetup, ReadSession
from api.effort_shapes import actual_out, effort_out, points_in, votes_out
from api.routes.themes import ThemeId
from api.routes.tickets import TicketId
from api.schemas.efforts import ActualOut, BallotIn, EffortIn, EffortOut, VotesOut
from api.schemas.policy import SignedIn
from api.schemas.problem import problems
from feedback_nlp.records import Signature
from feedback_nlp.workflows import browse_efforts, note_effort
from feedback_nlp.workflows.cast_vote import cast_vote

router = APIRouter()

Signed = Annotated[SignedIn, Query()]
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = problems(400, 404, 409, 413, 422, 503)
_EFFORT: Final = "/themes/{theme_id}/effort"
_VOTES: Final = "/themes/{theme_id}/votes"


@router.get(_EFFORT, tags=["主题"], summary="主题的投入", responses=problems(404, 422, 503))
def effort(theme_id: ThemeId, session: ReadSession, setup: OpenSetup) -> EffortOut:
    """算数的投入和理由，以及主题和它的工单的全部记录。"""
    name, taxonomy = setup.workspace, setup.taxonomy
    return effort_out(browse_efforts.find_effort(session, name, theme_id, taxonomy))


@router.put(_EFFORT, tags=["主题"], summary="估计主题的投入", responses=_PROBLEMS)
def estimate(
    theme_id: ThemeId, body: EffortIn, session: ReadSession, setup: OpenSetup, now: Now
) -> EffortOut:
    """估计要多少人周，胜过团队历史和类别默认；下次 plan 按它算。已并入别的主题：409。"""
    by = Signature(body.author, now, body.reason)
    note_effort.estimate_effort(setup.engine, setup.workspace, theme_id, body.weeks, signature=by)
    return effort(theme_id, session, setup)


@router.delete(
    _EFFORT, tags=["主题"], summary="撤回主题的估计", responses=problems(404, 409, 422, 503)
)
def clear(
    theme_id: ThemeId, query: Signed, session: ReadSession, setup: OpenSetup, now: Now
) -> EffortOut:
    """撤回估计，下次 plan 按团队历史或类别默认算。没有估计可撤、已并入别的主题：409。"""
    by = Signature(query.author, now, query.reason)
    note_effort.clear_effort(setup.engine, setup.workspace, theme_id, signature=by)
    return effort(theme_id, session, setup)


@router.put(
    "/tickets/{ticket_id}/actual-effort",
    tags=["工单"],
    summary="记下工单的实际投入",
    responses=problems(400, 404, 413, 422, 503),
)
def actual(ticket_id: TicketId, body: EffortIn, setup: OpenSetup, now: Now) -> ActualOut:
    """实际用了多少人周，什么状态的工单都可以，以最近一次为准；同类主题满 2 张后按中位数算。"""
    name, by = setup.workspace, Signature(body.author, now, body.reason)
    note = note_effort.note_actual_effort(setup.engine, name, ticket_id, body.weeks, signature=by)
    return actual_out(ticket_id, note)


@router.get(_VOTES, tags=["主题"], summary="主题的评分", responses=problems(404, 422, 503))
def votes(theme_id: ThemeId, session: ReadSession, setup: OpenSetup) -> VotesOut:
    """评审的得分，以及每人每项最近一次的评分。"""
    return votes_out(browse_efforts.find_votes(session, setup.workspace, theme_id))


@router.put(_VOTES, tags=["主题"], summary="给主题评分", responses=_PROBLEMS)
def vote(
    theme_id: ThemeId, body: BallotIn, session: ReadSession, setup: OpenSetup, now: Now
) -> VotesOut:
    """一个人的全部评分，没有写的项不打分，打过的撤回；下次 plan 按它算。没有可撤的：409。"""
    by = Signature(body.author, now, body.reason)
    cast_vote(setup.engine, setup.workspace, theme_id, points_in(body), signature=by)
    return votes(theme_id, session, setup)
