"""Releases: noted, listed, rolled back; what verification found."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query

from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.release_shapes import noted_out, release_in, releases_out, verifications_out
from api.repeats import RepeatableRoute
from api.routes.tickets import TicketId
from api.schemas.incoming import PageIn
from api.schemas.problem import problems
from api.schemas.releases import (
    ReleaseIn,
    ReleaseNotedOut,
    ReleasesIn,
    ReleasesOut,
    ReleaseWithdrawIn,
    VerificationsOut,
)
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.records import Signature
from feedback_nlp.workflows import browse_releases, note_release
from feedback_nlp.workflows.browse import Page

router = APIRouter(tags=["发布与验证"], route_class=RepeatableRoute)

ReleasesQuery = Annotated[ReleasesIn, Query()]
PageQuery = Annotated[PageIn, Query()]
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="发布编号", examples=[1])]
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = problems(400, 404, 409, 413, 422, 503)


@router.get("/releases", summary="列出发布", responses=problems(404, 422, 503))
def index(query: ReleasesQuery, session: ReadSession, setup: OpenSetup) -> ReleasesOut:
    """最近登记的在前，撤回的也在内；可以只要一张工单的。"""
    page, name = Page(query.limit, query.offset), setup.workspace
    found = browse_releases.list_releases(session, name, page, ticket_id=query.ticket)
    return releases_out(found, page)


@router.post("/releases", status_code=201, summary="登记发布", responses=_PROBLEMS)
def create(body: ReleaseIn, session: WriteSession, setup: OpenSetup, now: Now) -> ReleaseNotedOut:
    """工单移到已发布，没有记下的中间状态补记。不予实施、已验证的工单，登记过的发布：409。"""
    wish, by = release_in(body, now=now), Signature(body.author, now, body.reason)
    return noted_out(note_release.note_release(session, setup.workspace, wish, by))


@router.post("/releases/{number}/withdraw", summary="撤回发布", responses=_PROBLEMS)
def withdraw(
    number: Number, body: ReleaseWithdrawIn, session: WriteSession, setup: OpenSetup, now: Now
) -> ReleaseNotedOut:
    """已回滚：没有别的发布在外的工单回到进行中，记录保留。已经撤回的：409。"""
    by = Signature(body.author, now, body.reason)
    return noted_out(note_release.withdraw_release(session, setup.workspace, number, by))


@router.get(
    "/tickets/{ticket_id}/verification", summary="工单的验证", responses=problems(404, 422, 503)
)
def verification(
    ticket_id: TicketId, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> VerificationsOut:
    """最近一次的结论、数字和说明，以及以前每次的；由每晚的运行或 `verify` 命令算出。"""
    page, name = Page(query.limit, query.offset), setup.workspace
    return verifications_out(
        browse_releases.find_verifications(session, name, ticket_id, page), page
    )
