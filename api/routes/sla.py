"""How fast complaints are answered and resolved."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.repeats import RepeatableRoute
from api.reply_shapes import sent_out
from api.routes.reviews import ReviewId
from api.schemas.problem import problems
from api.schemas.replies import SentOut
from api.schemas.sla import AnswerIn, CloseIn, EscalationOut, SlaIn, SlaListIn, SlaListOut, SlaOut
from api.sla_shapes import escalation_out, sla_list_out, sla_out
from feedback_nlp.records import Signature
from feedback_nlp.workflows import browse_sla
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.escalate import close_escalation
from feedback_nlp.workflows.note_answer import note_answer

router = APIRouter(prefix="/sla", tags=["时限"], route_class=RepeatableRoute)

SlaQuery = Annotated[SlaIn, Query()]
ListQuery = Annotated[SlaListIn, Query()]
WhichList = Annotated[
    browse_sla.Which,
    Path(description="overdue 超时未答复、soon 快到期、escalated 升级了还没有处理"),
]


@router.get("", summary="及时率和解决率", responses=problems(422, 503))
def index(query: SlaQuery, session: ReadSession, setup: OpenSetup, now: Now) -> SlaOut:
    """最近来的投诉和负面评价：及时率、按时解决率和 95% 区间，答复用时，分开看，现在超时的。"""
    name, model, labels = setup.workspace, setup.classifier.version, setup.taxonomy
    return sla_out(
        browse_sla.sla_standing(
            session, name, model=model, now=now, taxonomy=labels, days=query.days
        )
    )


@router.get("/{which}", summary="超时、快到期、升级的", responses=problems(422, 503))
def listing(
    which: WhichList, query: ListQuery, session: ReadSession, setup: OpenSetup, now: Now
) -> SlaListOut:
    """逐条列出，最紧急的在前，附原话、适用的上限、最晚何时、超时多久、责任部门。"""
    page = Page(query.limit, query.offset)
    name, model, labels = setup.workspace, setup.classifier.version, setup.taxonomy
    wanted = browse_sla.Wanted(which, page)
    found = browse_sla.list_sla(session, name, wanted, model=model, now=now, taxonomy=labels)
    return sla_list_out(found, page)


@router.post(
    "/{review_id}/close", summary="处理一件升级", responses=problems(400, 404, 409, 413, 422, 503)
)
def close(
    review_id: ReviewId, body: CloseIn, session: WriteSession, setup: OpenSetup, now: Now
) -> EscalationOut:
    """写下一件升级的投诉已经处理：从此算解决，不再列出。没有升级：404；已经处理过：409。"""
    signature = Signature(body.author, now, body.reason)
    return escalation_out(close_escalation(session, setup.workspace, review_id, signature))


@router.post(
    "/{review_id}/answer", summary="记下答复", responses=problems(400, 404, 409, 413, 422, 503)
)
def answer(
    review_id: ReviewId, body: AnswerIn, session: WriteSession, setup: OpenSetup, now: Now
) -> SentOut:
    """写下一条评论已经答复，算首次答复；两分钟内一样的不再记。没有评论：404；早于评论：409。"""
    done = note_answer(
        session,
        setup.workspace,
        (review_id, body.text),
        Signature(body.author, now, body.reason),
        at=body.at,
        result=body.result,
    )
    return sent_out(done)
