"""Telling users that their problem is fixed: whom, with which words, and what became of it."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import reply_shapes
from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.repeats import RepeatableRoute
from api.routes.tickets import TicketId
from api.schemas import replies
from api.schemas import reply_wordings as worded
from api.schemas.incoming import PageIn
from api.schemas.problem import problems
from feedback_nlp.records import CHINA, Signature, TemplateKind
from feedback_nlp.storage import sends
from feedback_nlp.workflows import (
    browse_replies,
    callbacks,
    note_sent,
    opt_out,
    release_notes,
    reply_wordings,
)
from feedback_nlp.workflows.browse import Page

router = APIRouter(tags=["回复"], route_class=RepeatableRoute)

AudienceQuery = Annotated[replies.AudienceIn, Query()]
RepliesQuery = Annotated[replies.RepliesIn, Query()]
SendsQuery = Annotated[replies.SendsIn, Query()]
CallbacksQuery = Annotated[replies.CallbacksIn, Query()]
OptInQuery = Annotated[worded.OptInIn, Query()]
NoteQuery = Annotated[worded.NoteIn, Query()]
PageQuery = Annotated[PageIn, Query()]
Kind = Annotated[TemplateKind, Path(description="哪一种模板", examples=["app_store"])]


@router.get(
    "/tickets/{ticket_id}/audience", summary="要通知的用户", responses=problems(404, 409, 422, 503)
)
def audience(
    ticket_id: TicketId, query: AudienceQuery, session: ReadSession, setup: OpenSetup
) -> replies.AudienceOut:
    """每位用户一次，要回复的是其最近一条评论。还没有验证有效：409，写明 early 才可以。"""
    page, model = Page(query.limit, query.offset), setup.classifier.version
    found = browse_replies.to_tell(
        session, setup.workspace, ticket_id, page, model=model, early=query.early
    )
    return reply_shapes.audience_out(found, page)


@router.get(
    "/tickets/{ticket_id}/replies", summary="回复的草稿", responses=problems(404, 409, 422, 503)
)
def drafts(
    ticket_id: TicketId, query: RepliesQuery, session: ReadSession, setup: OpenSetup
) -> replies.RepliesOut:
    """给每位用户的草稿，只引用其本人的话；次序和条件同名单。"""
    page = Page(query.limit, query.offset)
    found = browse_replies.draft_replies(
        session,
        setup.workspace,
        ticket_id,
        page,
        taxonomy=setup.taxonomy,
        model=setup.classifier.version,
        early=query.early,
        style=query.kind,
    )
    return reply_shapes.replies_out(found, page)


@router.post(
    "/sends",
    status_code=201,
    summary="记下已经通知了谁",
    responses=problems(400, 404, 409, 413, 422, 503),
)
def send(
    body: replies.SendIn, session: WriteSession, setup: OpenSetup, now: Now
) -> replies.NotedOut:
    """要么都记，要么都不记。通知过的、不愿收到消息的：409。两分钟内重复同一请求不会多记。"""
    asked = note_sent.Sending(
        body.ticket,
        None if body.reviews is None else tuple(body.reviews),
        body.text,
        body.channel,
        body.result,
        body.early,
        body.leave_out,
        body.kind,
    )
    noted = note_sent.note_sent(
        session,
        setup.workspace,
        asked,
        Signature(body.author, now, body.reason),
        taxonomy=setup.taxonomy,
        model=setup.classifier.version,
    )
    return reply_shapes.noted_out(noted)


@router.get("/sends", summary="发过的消息", responses=problems(422, 503))
def sent(query: SendsQuery, session: ReadSession, setup: OpenSetup) -> replies.SendsOut:
    """通知和回访的记录，最近的在前。"""
    name, page = setup.workspace, Page(query.limit, query.offset)
    total = sends.count(session, name, ticket_id=query.ticket)
    found = sends.every(session, name, limit=page.limit, offset=page.offset, ticket_id=query.ticket)
    return reply_shapes.sends_out(found, total, page)


@router.get("/callbacks", summary="到期的回访", responses=problems(404, 422, 503))
def due(
    query: CallbacksQuery, session: ReadSession, setup: OpenSetup, now: Now
) -> replies.CallbacksOut:
    """通知后第 7 天和第 30 天的回访，过期最久的在前，附可以怎样说；`tally` 是满意的比例。"""
    page = Page(query.limit, query.offset)
    found = callbacks.list_callbacks(
        session,
        setup.workspace,
        query.as_of or now.astimezone(CHINA).date(),
        page,
        taxonomy=setup.taxonomy,
        model=setup.classifier.version,
        ticket_id=query.ticket,
    )
    return reply_shapes.callbacks_out(found, page)


@router.post(
    "/callbacks",
    status_code=201,
    summary="记下一次回访",
    responses=problems(400, 404, 409, 413, 422, 503),
)
def call(
    body: replies.CallIn, session: WriteSession, setup: OpenSetup, now: Now
) -> replies.SentOut:
    """没有通知过、已经记过、不愿收到消息的：409；没联系上的可以再记。"""
    said = callbacks.Called(body.review, body.day, body.result, body.ticket, body.text)
    signature = Signature(body.author, now, body.reason)
    return reply_shapes.sent_out(callbacks.note_callback(session, setup.workspace, said, signature))


@router.get("/opt-outs", summary="不愿收到消息的用户", responses=problems(422, 503))
def opted_out(query: PageQuery, session: ReadSession, setup: OpenSetup) -> worded.OptOutsOut:
    """按编号列出；编号是个人信息的写化名。"""
    page = Page(query.limit, query.offset)
    return reply_shapes.opt_outs_out(opt_out.list_opt_outs(session, setup.workspace, page), page)


@router.post(
    "/opt-outs",
    status_code=201,
    summary="退订",
    responses=problems(400, 404, 409, 413, 422, 503),
)
def leave(
    body: worded.OptOutIn, session: WriteSession, setup: OpenSetup, now: Now
) -> worded.WishedOut:
    """这位用户从此不在任何名单和回访里；重复退订以最后一次为准。"""
    who = opt_out.Who(body.user, body.review)
    signature, key = Signature(body.author, now, body.reason), setup.privacy.key
    return reply_shapes.wished_out(
        opt_out.opt_out(session, setup.workspace, who, signature, key=key)
    )


@router.delete("/opt-outs", summary="恢复", responses=problems(404, 422, 503))
def come_back(
    query: OptInQuery, session: WriteSession, setup: OpenSetup, now: Now
) -> worded.WishedOut:
    """这位用户又愿意收到消息了；要写 `author`。没有退订过：404。"""
    who = opt_out.Who(query.user, query.review)
    signature, key = Signature(query.author, now), setup.privacy.key
    return reply_shapes.wished_out(
        opt_out.opt_in(session, setup.workspace, who, signature, key=key)
    )


@router.get("/reply-templates", summary="文案模板", responses=problems(503))
def wordings(session: ReadSession, setup: OpenSetup) -> worded.WordingsOut:
    """每一种的内容、上限、是自带的还是谁改的。"""
    return reply_shapes.wordings_out(reply_wordings.list_wordings(session, setup.workspace))


@router.put(
    "/reply-templates/{kind}",
    summary="修改文案模板",
    responses=problems(400, 404, 413, 422, 503),
)
def reword(
    kind: Kind, body: worded.WordingIn, session: WriteSession, setup: OpenSetup, now: Now
) -> worded.WordingOut:
    """内容为 null 则恢复为自带的。占位符写错、太长、作了许诺的：422，写明哪里不对。"""
    signature = Signature(body.author, now, body.reason)
    done = reply_wordings.set_wording(session, setup.workspace, kind, body.text, signature)
    return reply_shapes.wording_out(done.wording)


@router.get(
    "/reply-templates/{kind}/history",
    summary="文案模板的修改",
    responses=problems(404, 422, 503),
)
def wording_history(kind: Kind, session: ReadSession, setup: OpenSetup) -> worded.WordingHistoryOut:
    """一种模板的修改，最近的在前。"""
    found = reply_wordings.wording_history(session, setup.workspace, kind)
    return reply_shapes.wording_history_out(found)


@router.get("/release-notes", summary="更新说明", responses=problems(404, 422, 503))
def note(query: NoteQuery, session: ReadSession, setup: OpenSetup) -> worded.NoteOut:
    """一个版本解决了哪些主题，不含任何一位用户的原话。没有登记过这个版本的发布：404。"""
    labels, model = setup.taxonomy, setup.classifier.version
    return reply_shapes.note_out(
        release_notes.release_note(
            session, setup.workspace, query.version, taxonomy=labels, model=model
        )
    )
