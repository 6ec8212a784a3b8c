"""What the program proposes about themes: a person accepts or rejects it."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query

from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.proposal_shapes import proposals_out, rejected_out
from api.repeats import RepeatableRoute
from api.routes.theme_edits import OpenDesk
from api.schemas.problem import problems
from api.schemas.theme_edits import EditIn, EffectOut
from api.schemas.theme_proposals import ProposalsIn, ProposalsOut, RejectedOut, RejectIn
from api.theme_shapes import effect_out
from feedback_nlp.records import Signature
from feedback_nlp.workflows import browse, browse_proposals, decide_proposal

router = APIRouter(prefix="/theme-proposals", tags=["主题"], route_class=RepeatableRoute)

ProposalId = Annotated[str, Path(max_length=64, description="建议编号", examples=["P-0001"])]
ProposalsQuery = Annotated[ProposalsIn, Query()]
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = problems(400, 404, 409, 413, 422, 503)


@router.get("", summary="列出合并和拆分的建议", responses=problems(422, 503))
def index(query: ProposalsQuery, session: ReadSession, setup: OpenSetup) -> ProposalsOut:
    """程序只提建议，不自己合并或拆分已有的主题；不写 `state` 时是待处理的。"""
    page, model = browse.Page(query.limit, query.offset), setup.classifier.version
    found = browse_proposals.list_proposals(
        session, setup.workspace, page, model=model, listed=query.state
    )
    return proposals_out(found, page)


@router.post("/{proposal_id}/accept", summary="接受一条建议", responses=_PROBLEMS)
def accept(proposal_id: ProposalId, body: EditIn, desk: OpenDesk, now: Now) -> EffectOut:
    """照它合并或拆分，结果同合并、拆分的应答，可以撤销。主题已经变了而做不到：409 或 422。"""
    signature = Signature(body.author, now, body.reason)
    effect = decide_proposal.accept(desk, proposal_id, signature)
    if body.dry_run:
        desk.session.rollback()
    return effect_out(effect, dry_run=body.dry_run)


@router.post("/{proposal_id}/reject", summary="拒绝一条建议", responses=_PROBLEMS)
def reject(
    proposal_id: ProposalId, body: RejectIn, session: WriteSession, setup: OpenSetup, now: Now
) -> RejectedOut:
    """以后的运行不再提出它。"""
    signature = Signature(body.author, now, body.reason)
    return rejected_out(decide_proposal.reject(session, setup.workspace, proposal_id, signature))
