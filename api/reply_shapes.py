"""Audiences, drafts, messages, calls and wordings -> schemas."""

from datetime import datetime

from api.satisfaction_shapes import estimate_out
from api.schemas.replies import (
    AddresseeOut,
    AudienceOut,
    CallbacksOut,
    CallOut,
    DraftOut,
    LeftOutOut,
    NotedOut,
    RepliesOut,
    SendsOut,
    SentOut,
    TallyOut,
)
from api.schemas.reply_wordings import (
    NoteOut,
    OptOutOut,
    OptOutsOut,
    WishedOut,
    WordingChangeOut,
    WordingHistoryOut,
    WordingOut,
    WordingsOut,
)
from feedback_nlp.names import TEMPLATE
from feedback_nlp.records import CHINA, OptOut, ReplyTemplate, Sent
from feedback_nlp.replies.audience import Addressee
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_replies import DraftPage, ToTell
from feedback_nlp.workflows.callbacks import Call, CallPage
from feedback_nlp.workflows.note_sent import Noted
from feedback_nlp.workflows.opt_out import OptOutPage, Wished
from feedback_nlp.workflows.release_notes import ReleaseNote
from feedback_nlp.workflows.reply_wordings import Wording


def audience_out(found: ToTell, page: Page) -> AudienceOut:
    """Show a page of the users to tell."""
    return AudienceOut(
        ticket=found.ticket.id,
        state=found.ticket.state,
        footing=found.footing,
        version=found.release.version if found.release else None,
        released_at=_china(found.release.released_at if found.release else None),
        left_out=_left_out(found),
        users=[_addressee(user) for user in found.users],
        unsolved=[each.review_id for each in found.unsolved],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def replies_out(found: DraftPage, page: Page) -> RepliesOut:
    """Show a page of the drafts."""
    told = found.to_tell
    drafts = [
        DraftOut(to=_addressee(each.to), template=each.kind, text=each.text)
        for each in found.drafts
    ]
    return RepliesOut(
        ticket=told.ticket.id,
        state=told.ticket.state,
        footing=told.footing,
        version=told.release.version if told.release else None,
        released_at=_china(told.release.released_at if told.release else None),
        left_out=_left_out(told),
        drafts=drafts,
        total=told.total,
        limit=page.limit,
        offset=page.offset,
    )


def noted_out(noted: Noted) -> NotedOut:
    """Show what was written down."""
    return NotedOut(
        sends=[sent_out(each) for each in noted.sent], left_out=noted.left_out, again=noted.again
    )


def sends_out(sends: list[Sent], total: int, page: Page) -> SendsOut:
    """Show a page of what was sent."""
    return SendsOut(
        sends=[sent_out(each) for each in sends],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


def sent_out(sent: Sent) -> SentOut:
    """Show one message or call."""
    return SentOut(
        id=sent.number,
        purpose=sent.purpose,
        ticket=sent.ticket_id,
        review=sent.review_id,
        user=sent.author_id,
        channel=sent.channel,
        text=sent.text,
        result=sent.result,
        author=sent.author,
        at=sent.at.astimezone(CHINA),
        reason=sent.reason,
        noted_at=None if sent.noted_at is None else sent.noted_at.astimezone(CHINA),
    )


def callbacks_out(found: CallPage, page: Page) -> CallbacksOut:
    """Show a page of the calls that are due, and how things stand."""
    tally = found.tally
    return CallbacksOut(
        as_of=found.as_of,
        callbacks=[_call(each) for each in found.calls],
        unwanted=found.unwanted,
        tally=TallyOut(
            told=tally.told,
            satisfied=tally.satisfied,
            unsolved=len(tally.unsolved),
            unreached=tally.unreached,
            satisfied_share=estimate_out(tally.satisfied_share),
        ),
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def wished_out(done: Wished) -> WishedOut:
    """Show what a user wants now."""
    return WishedOut(**_wish(done.wish).model_dump(), reviews=done.reviews)


def opt_outs_out(found: OptOutPage, page: Page) -> OptOutsOut:
    """Show a page of those who want no messages."""
    return OptOutsOut(
        opt_outs=[_wish(each) for each in found.wishes],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def wordings_out(found: tuple[Wording, ...]) -> WordingsOut:
    """Show all wordings."""
    return WordingsOut(templates=[wording_out(each) for each in found])


def wording_out(wording: Wording) -> WordingOut:
    """Show one wording and who set it."""
    told = wording.set
    return WordingOut(
        kind=wording.kind,
        name=TEMPLATE[wording.kind],
        text=wording.text,
        built_in=wording.built_in,
        limit=wording.limit,
        author=told.author if told else None,
        at=_china(told.at if told else None),
        reason=told.reason if told else None,
    )


def wording_history_out(changes: tuple[ReplyTemplate, ...]) -> WordingHistoryOut:
    """Show the changes of one wording."""
    return WordingHistoryOut(
        history=[
            WordingChangeOut(
                number=each.number,
                text=each.text,
                author=each.author,
                at=each.at.astimezone(CHINA),
                reason=each.reason,
            )
            for each in changes
        ]
    )


def note_out(note: ReleaseNote) -> NoteOut:
    """Show a release note."""
    return NoteOut(version=note.version, text=note.text, tickets=list(note.tickets))


def _addressee(user: Addressee) -> AddresseeOut:
    review = user.review
    return AddresseeOut(
        user=review.author_id,
        review=review.id,
        channel=review.channel,
        external_id=review.external_id,
        rating=review.rating,
        tier=user.tier,
        severity=user.severity,
        reviews=user.reviews,
        quote=user.quote.text,
        at=_china(review.created_at),
    )


def _left_out(found: ToTell) -> list[LeftOutOut]:
    return [LeftOutOut(reason=why, users=count) for why, count in found.audience.left_out]


def _call(call: Call) -> CallOut:
    told = call.due.told
    return CallOut(
        ticket=told.ticket_id,
        review=told.review_id,
        user=told.author_id,
        channel=told.channel,
        day=call.due.stage,
        due=call.due.due,
        overdue=call.due.overdue,
        text=call.text,
    )


def _wish(wish: OptOut) -> OptOutOut:
    return OptOutOut(
        user=wish.user,
        active=wish.active,
        author=wish.author,
        at=wish.at.astimezone(CHINA),
        reason=wish.reason,
    )


def _china(at: datetime | None) -> datetime | None:
    return at.astimezone(CHINA) if at else None
