"""Note that a complaint was answered, where the answer comes with no import."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import CHINA, Answered, Purpose, Sent, Signature
from feedback_nlp.storage import reviews, sends
from feedback_nlp.storage.database import lock
from feedback_nlp.workflows.note_sent import check_message, is_again
from feedback_nlp.workflows.signing import signed


def note_answer(
    session: Session,
    workspace: str,
    answer: tuple[str, str],
    signature: Signature,
    *,
    at: datetime | None = None,
    result: Answered | None = None,
) -> Sent:
    """Write down that a review was answered; it counts for the service level. Needs a transaction.

    The same again (time, text, result) by the same person within two minutes adds nothing and
    returns what there is.

    Args:
        session: The transaction.
        workspace: Whose review.
        answer: The id of the review, and the text as it was sent; empty for a call.
        signature: Who writes it down, when and why.
        at: When it was answered; None for the time of the signature.
        result: What came of it.

    Raises:
        InputError: nobody signed, the text is too long, or the time is in the future.
        NotFoundError: no review has this id.
        ConflictError: it would lie before the review.
    """
    by = signed(signature)
    review_id, text = answer[0], mask(check_message("text", answer[1])).text
    when = by.at if at is None else at
    if when > by.at:
        raise InputError(f"at：答复时间 {_shown(when)} 在将来")
    for noun in ("reviews", "sends"):  # nobody is erased meanwhile
        lock(session, workspace, noun)
    review = reviews.get(session, workspace, review_id)
    if review is None:
        raise NotFoundError(f"没有编号为 {review_id} 的评论")
    if review.created_at is not None and when < review.created_at:
        raise ConflictError(f"评论 {review_id} 是 {_shown(review.created_at)} 来的，不能更早答复")
    for each in sends.of_review(session, workspace, review_id):
        same = each.purpose is Purpose.ANSWER and (each.text, each.result) == (text, result)
        if same and is_again(each, by.author, when):
            return each
    made = Sent(
        number=0,
        purpose=Purpose.ANSWER,
        review_id=review_id,
        channel=review.channel,
        text=text,
        author=by.author,
        at=when,
        author_id=review.author_id,
        result=result,
        reason=by.reason,
        noted_at=None if when == by.at else by.at,
    )
    (kept,) = sends.add(session, workspace, [made])
    return kept


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
