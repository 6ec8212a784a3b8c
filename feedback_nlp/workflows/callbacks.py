"""Calls 7 and 30 days after users were told: which are due, what users said, how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import (
    Answered,
    Purpose,
    Sent,
    Signature,
    Taxonomy,
    TemplateKind,
    user_of,
)
from feedback_nlp.replies.callbacks import STAGES, Due, Tally, due_calls, tally
from feedback_nlp.replies.drafts import template_of
from feedback_nlp.replies.problems import own_words
from feedback_nlp.replies.render import Facts, fill
from feedback_nlp.storage import audiences, opt_outs, reviews, sends, themes, tickets
from feedback_nlp.storage.database import lock
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse import Page, counting_model
from feedback_nlp.workflows.browse_replies import (
    fixing_release,
    name_of,
    stored_templates,
    ticket_of,
)
from feedback_nlp.workflows.note_sent import check_message, is_again
from feedback_nlp.workflows.signing import signed

_KINDS: Final = {7: TemplateKind.CALLBACK_7, 30: TemplateKind.CALLBACK_30}
_FOLLOWED: Final = (Purpose.TOLD, *STAGES.values())


@dataclass(frozen=True, slots=True)
class Call:
    """A call to make, and what could be said."""

    due: Due
    text: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """A part of the calls due on a day, the longest overdue first, and how things stand."""

    as_of: date
    calls: tuple[Call, ...]
    total: int
    unwanted: int
    """Users who would be due and want no messages."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class Called:
    """What a user said when they were called."""

    review_id: str
    """Any review of theirs in the ticket's theme that was answered."""
    stage: int
    """7 or 30."""
    result: Answered
    ticket_id: str | None = None
    """Needed only for a user who was told about several tickets."""
    text: str = ""
    """What was said; may be left out."""


def list_callbacks(  # noqa: PLR0913 (what a list depends on)
    session: Session,
    workspace: str,
    as_of: date,
    page: Page,
    *,
    taxonomy: Taxonomy,
    model: str,
    ticket_id: str | None = None,
) -> CallPage:
    """Return a page of the calls due on day `as_of`, of one ticket or all.

    Raises:
        NotFoundError: no ticket has this id.
        InputError: a stored wording cannot be used.
    """
    if ticket_id is not None:
        ticket_of(session, workspace, ticket_id)
        found = sends.of_ticket(session, workspace, ticket_id)
    else:
        found = sends.of_purposes(session, workspace, _FOLLOWED)
    unwanted_by = opt_outs.active(session, workspace)
    due, unwanted = due_calls(found, as_of, opted_out=unwanted_by)
    shown = due[page.part]
    calls = _with_texts(session, workspace, shown, taxonomy=taxonomy, model=model)
    return CallPage(as_of, calls, len(due), unwanted, tally(found))


def note_callback(session: Session, workspace: str, called: Called, signature: Signature) -> Sent:
    """Write down what a user said when they were called. Needs a write transaction.

    A user who was not reached can be called again. The same again by the same person within two
    minutes adds nothing and returns what there is.

    Raises:
        InputError: nobody signed, or no such call; the message names the field.
        NotFoundError: no review has this id.
        ConflictError: the user was never told, was told about several tickets and none is named,
            wants no messages, or has answered this call already.
    """
    by = signed(signature)
    text = mask(check_message("text", called.text)).text
    if called.stage not in STAGES:
        raise InputError(f"day：回访只有第 7 天和第 30 天，不能是 {called.stage}")
    for noun in ("reviews", "sends"):  # nobody is erased or called meanwhile
        lock(session, workspace, noun)
    told, before = _told(session, workspace, called)
    purpose = STAGES[called.stage]
    earlier = [each for each in before if each.purpose is purpose]
    if earlier and _is_same(earlier[-1], called.result, text, by):
        return earlier[-1]
    if any(each.result is not Answered.UNREACHED for each in earlier):
        raise ConflictError(
            f"评论 {called.review_id} 的用户第 {called.stage} 天的回访已经记过，"
            f"{earlier[-1].author} 记的；记录不能改"
        )
    made = Sent(
        number=0,
        purpose=purpose,
        review_id=told.review_id,
        channel=told.channel,
        text=text,
        author=by.author,
        at=by.at,
        ticket_id=told.ticket_id,
        author_id=told.author_id,
        result=called.result,
        reason=by.reason,
    )
    return sends.add(session, workspace, [made])[0]


def _is_same(last: Sent, result: Answered, text: str, by: Signature) -> bool:
    return (last.result, last.text) == (result, text) and is_again(last, by.author, by.at)


def _told(session: Session, workspace: str, called: Called) -> tuple[Sent, list[Sent]]:
    """Return how the user was told last, and what was sent to them about the same ticket since."""
    review = reviews.get(session, workspace, called.review_id)
    if review is None:
        raise NotFoundError(f"没有编号为 {called.review_id} 的评论")
    found = sends.of_review(session, workspace, review.id)
    if review.author_id is not None:
        mine = sends.of_author(session, workspace, review.author_id)
        numbered = {each.number: each for each in (*found, *mine)}
        found = [numbered[number] for number in sorted(numbered)]
    told = [
        each
        for each in found
        if each.purpose is Purpose.TOLD and called.ticket_id in {None, each.ticket_id}
    ]
    about = dict.fromkeys(each.ticket_id for each in told)
    if not told:
        raise ConflictError(f"评论 {review.id} 的用户还没有被通知过，谈不上回访")
    if len(about) > 1:
        shown = "、".join(filter(None, about))
        raise ConflictError(f"评论 {review.id} 的用户被通知过几张工单（{shown}），请写明是哪一张")
    names = {user_of(review.author_id, review.id), user_of(None, told[-1].review_id)}
    if not names.isdisjoint(opt_outs.active(session, workspace)):
        raise ConflictError(f"评论 {review.id} 的用户不愿收到消息，没有记下回访")
    last = told[-1]
    since = [each for each in found if each.number > last.number]
    return last, [each for each in since if each.ticket_id == last.ticket_id]


def _with_texts(
    session: Session, workspace: str, due: Sequence[Due], *, taxonomy: Taxonomy, model: str
) -> tuple[Call, ...]:
    templates = stored_templates(session, workspace)
    model = counting_model(session, workspace, model=model)
    problems: dict[str, _Problems] = {}
    calls = []
    for each in due:
        ticket_id = each.told.ticket_id or ""
        if ticket_id not in problems:
            problems[ticket_id] = _problems(
                session, workspace, ticket_id, taxonomy=taxonomy, model=model
            )
        facts, fallback, said = problems[ticket_id]
        mine = Facts(facts.ticket, facts.product, facts.version, day_of(each.told.at))
        problem = said.get(each.told.review_id) or fallback
        template = template_of(_KINDS[each.stage], templates)
        calls.append(Call(each, fill(template, mine, problem)))
    return tuple(calls)


_Problems = tuple[Facts, str, dict[str, str]]
"""What is known of a ticket, its problem in nobody's words, and in those of each review."""


def _problems(
    session: Session, workspace: str, ticket_id: str, *, taxonomy: Taxonomy, model: str
) -> _Problems:
    ticket = tickets.get(session, workspace, ticket_id)
    theme = themes.get(session, workspace, ticket.theme_id) if ticket else None
    release = fixing_release(session, workspace, ticket) if ticket else None
    facts = Facts(ticket_id, version=release.version if release else None)
    if theme is None:
        return facts, "您反馈的问题", {}
    heard = audiences.heard_in(session, workspace, theme.id, model=model)
    said = {
        each.review.id: own_words(each.complaints[0].text)
        for each in heard
        if each.complaints and not each.held and not each.theirs
    }
    return facts, name_of(theme, heard, taxonomy), said
