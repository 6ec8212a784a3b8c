"""Note that users were told of a fix: one of them, some, or all that are listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import Answered, Purpose, Sent, Signature, Taxonomy, user_of
from feedback_nlp.replies.audience import Addressee, LeftOut, names_of
from feedback_nlp.replies.drafts import Style
from feedback_nlp.storage import sends
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import is_storable
from feedback_nlp.workflows.browse_replies import Listing, list_users, write_drafts
from feedback_nlp.workflows.signing import is_line, signed

LONGEST_TEXT: Final = 4_000
LONGEST_CHANNEL: Final = 64
MOST_REVIEWS: Final = 1_000
AGAIN: Final = timedelta(minutes=2)
"""The same again within this time is a second click."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Who was told about a ticket, and what."""

    ticket_id: str
    reviews: tuple[str, ...] | None = None
    """Reviews that were answered; None for all users that are listed."""
    text: str | None = None
    """As it was sent; None for the drafts."""
    channel: str | None = None
    """Where it was sent; None for where each review was written."""
    result: Answered | None = None
    early: bool = False
    leave_out: bool = False
    """Leave out who wants no messages, instead of refusing."""
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What was written down."""

    sent: tuple[Sent, ...]
    left_out: int = 0
    """Of those asked for, users who want no messages."""
    again: bool = False
    """It was written down a moment ago; nothing was added."""


def note_sent(
    session: Session,
    workspace: str,
    sending: Sending,
    signature: Signature,
    *,
    taxonomy: Taxonomy,
    model: str,
) -> Noted:
    """Write down that users were told. Needs a write transaction; all or nothing.

    The texts are kept as they were sent, personal data masked. The same again by the same person
    within two minutes adds nothing and returns what there is; what it leaves to the program
    (text, channel, result) may be anything.

    Raises:
        InputError: nobody signed, or a text cannot be used; the message names the field.
        NotFoundError: no ticket has this id, or a review does not speak in its theme.
        ConflictError: the ticket is not verified, a user was told already or wants no messages,
            or nobody is left to tell.
    """
    by = signed(signature)
    sending = replace(sending, text=_text(sending.text), channel=_channel(sending.channel))
    for noun in ("reviews", "sends"):  # nobody is erased or told meanwhile
        lock(session, workspace, noun)
    listing = list_users(session, workspace, sending.ticket_id, model=model, early=sending.early)
    if sending.reviews is None:
        users, unwanted = listing.audience.addressees, 0
        repeated = [] if users else _just_told(listing.sent, sending, by)
    else:
        repeated = _same_click(listing, sending, by)
        users, unwanted = ((), 0) if repeated else _asked_for(listing, sending)
    if repeated:
        return Noted(tuple(repeated), again=True)
    if not users:
        raise ConflictError(f"工单 {sending.ticket_id} 没有要通知的用户；{_why(listing)}")
    drafts = write_drafts(
        session, workspace, listing, users, taxonomy=taxonomy, style=sending.style
    )
    made = [
        Sent(
            number=0,
            purpose=Purpose.TOLD,
            review_id=each.to.review.id,
            channel=sending.channel or each.to.review.channel,
            text=sending.text or mask(each.text).text,
            author=by.author,
            at=by.at,
            ticket_id=sending.ticket_id,
            author_id=each.to.review.author_id,
            result=sending.result,
            reason=by.reason,
        )
        for each in drafts
    ]
    return Noted(tuple(sends.add(session, workspace, made)), unwanted)


def check_message(field: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text as it is kept, without margins; raises InputError naming the field."""
    kept = text.replace("\r\n", "\n").strip()
    if len(kept) > longest:
        raise InputError(f"{field}：最多 {longest} 个字，现在有 {len(kept)} 个")
    if not is_storable(kept):
        raise InputError(f"{field}：含有 NUL 或残缺的字符，请删去")
    return kept


def _text(text: str | None) -> str | None:
    if text is None:
        return None
    kept = check_message("text", text)
    if not kept:
        raise InputError("text：请写明发了什么；不写这一项就按草稿记")
    return mask(kept).text


def _channel(channel: str | None) -> str | None:
    if channel is None:
        return None
    name = channel.strip()
    if not 0 < len(name) <= LONGEST_CHANNEL or not is_line(name):
        raise InputError(f"channel：要在 1 到 {LONGEST_CHANNEL} 个字之间，写在一行里")
    return name


def _asked_for(listing: Listing, sending: Sending) -> tuple[tuple[Addressee, ...], int]:
    """Return the users behind the reviews, in the order of the list, and how many want nothing.

    Raises:
        InputError: no review is named, or too many are.
        NotFoundError: one of them is not in the theme.
        ConflictError: one of the users cannot be told.
    """
    asked = dict.fromkeys(sending.reviews or ())
    if not 0 < len(asked) <= MOST_REVIEWS:
        raise InputError(f"reviews：请写明 1 到 {MOST_REVIEWS} 条评论的编号")
    users = {each.review.id: each.user for each in listing.heard}
    if missing := [key for key in asked if key not in users]:
        raise NotFoundError(f"工单 {sending.ticket_id} 的主题里没有评论 {_some(missing)}")
    wanted = {users[key] for key in asked}
    reasons = {user: listing.audience.reasons.get(user) for user in wanted}
    unwanted = {user for user, why in reasons.items() if why is LeftOut.OPTED_OUT}
    if unwanted and not sending.leave_out:
        raise ConflictError(
            f"其中 {len(unwanted)} 位用户不愿收到消息，什么也没有记下；"
            "去掉他们的评论，或写明把他们略过"
        )
    _refuse_others(asked, users, reasons)
    chosen = wanted - unwanted
    return tuple(each for each in listing.audience.addressees if each.user in chosen), len(unwanted)


def _refuse_others(
    asked: Collection[str], users: dict[str, str], reasons: dict[str, LeftOut | None]
) -> None:
    told = [key for key in asked if reasons[users[key]] is LeftOut.TOLD]
    if told:
        raise ConflictError(
            f"评论 {_some(told)} 的用户已经通知过，什么也没有记下；同一次修复每位用户只通知一次"
        )
    other = {LeftOut.COMPETITOR, LeftOut.QUARANTINED, LeftOut.CHANGED, LeftOut.SAID_AGAIN}
    if refused := [key for key in asked if reasons[users[key]] in other]:
        raise ConflictError(
            f"评论 {_some(refused)} 的用户不在要通知的名单里"
            "（发布后又提到、已改写、被隔离或属于竞品），什么也没有记下"
        )


def _same_click(listing: Listing, sending: Sending, by: Signature) -> list[Sent]:
    """Return what the same person noted a moment ago for all these users, else nothing."""
    just = _just_told(listing.sent, sending, by)
    reviews = sending.reviews or ()
    told = {user_of(each.author_id, each.review_id) for each in just}
    heard = {each.review.id: each for each in listing.heard}
    found = [heard[key] for key in reviews if key in heard]
    if not found or len(found) < len(reviews):
        return []
    users = [names_of(each.user, [each]) for each in found]
    if any(told.isdisjoint(names) for names in users):
        return []
    every = set[str]().union(*users)
    return [each for each in just if user_of(each.author_id, each.review_id) in every]


def _just_told(sent: Sequence[Sent], sending: Sending, by: Signature) -> list[Sent]:
    """Return what the same person noted a moment ago, unless it says something else now."""
    just = [
        each for each in sent if each.purpose is Purpose.TOLD and is_again(each, by.author, by.at)
    ]
    given = [
        (name, value)
        for name in ("text", "channel", "result")
        if (value := getattr(sending, name)) is not None
    ]
    return [each for each in just if all(getattr(each, name) == value for name, value in given)]


def is_again(sent: Sent, author: str, at: datetime) -> bool:
    """Say that something was noted by the same person a moment before."""
    return sent.author == author and timedelta(0) <= at - sent.at <= AGAIN


def _why(listing: Listing) -> str:
    left_out = sum(count for _, count in listing.audience.left_out)
    return f"主题里的 {left_out} 位用户都已通知过或不在名单里"


def _some(reviews: Sequence[str]) -> str:
    shown = "、".join(reviews[:3])
    return f"{shown} 等 {len(reviews)} 条" if len(reviews) > 3 else shown  # noqa: PLR2004
