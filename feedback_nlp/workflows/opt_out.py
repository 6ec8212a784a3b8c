"""Opt-outs: a user wants no messages, or wants them again. Every list respects it at once."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import OptOut, Signature, user_of
from feedback_nlp.storage import opt_outs, people, reviews
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.person_rows import Person, review_ids
from feedback_nlp.storage.storable import is_storable
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.protect import stored_id
from feedback_nlp.workflows.signing import signed

LONGEST_USER: Final = 200


@dataclass(frozen=True, slots=True)
class Who:
    """One user: by the id that the source uses, or by a review of theirs."""

    author_id: str | None = None
    review_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wished:
    """What was written down."""

    wish: OptOut
    reviews: int
    """How many stored reviews are theirs; 0 may mean that the id is mistyped."""


@dataclass(frozen=True, slots=True)
class OptOutPage:
    """A part of those who want no messages, by user, and how many there are."""

    wishes: tuple[OptOut, ...]
    total: int


def opt_out(
    session: Session, workspace: str, who: Who, signature: Signature, *, key: str
) -> Wished:
    """Write down that a user wants no messages. Needs a write transaction; twice is fine.

    Somebody named by an id need not be known yet. `key` is the secret of the pseudonyms.

    Raises:
        InputError: nobody is named, or by both; or nobody signed.
        NotFoundError: no review has this id.
        ConflictError: the person was erased: nothing must be kept about them, not even this.
    """
    return _wish(session, workspace, who, signature, key=key, active=True)


def opt_in(session: Session, workspace: str, who: Who, signature: Signature, *, key: str) -> Wished:
    """Take an opt-out back. Needs a write transaction.

    Raises:
        InputError: nobody is named, or by both; or nobody signed.
        NotFoundError: no review has this id, or the user has not opted out.
    """
    return _wish(session, workspace, who, signature, key=key, active=False)


def list_opt_outs(session: Session, workspace: str, page: Page) -> OptOutPage:
    """Return a page of those who want no messages. Reads only."""
    every = opt_outs.every(session, workspace)
    return OptOutPage(tuple(every[page.part]), len(every))


def _wish(
    session: Session,
    workspace: str,
    who: Who,
    signature: Signature,
    *,
    key: str,
    active: bool,
) -> Wished:
    by = signed(signature)
    _check(who)
    for noun in ("reviews", "opt_outs"):  # nobody is erased meanwhile
        lock(session, workspace, noun)
    author_id, review_id = _named(session, workspace, who, key=key)
    user = user_of(author_id, review_id or "")
    if not active and user not in opt_outs.active(session, workspace):
        raise NotFoundError("这位用户没有退订，不用恢复；用 reply opt-outs 查看名单")
    if active and author_id and people.erased(session, workspace, [author_id], key=key):
        raise ConflictError("此人已要求删除个人数据：这里没有其任何数据，也不会再联系，不用退订")
    anonymous = review_id if author_id is None else None
    wish = OptOut(user, active, by.author, by.at, by.reason, anonymous)
    opt_outs.put(session, workspace, wish)
    person = Person((author_id,) if author_id else (), (anonymous,) if anonymous else ())
    return Wished(wish, len(review_ids(session, workspace, person)))


def _check(who: Who) -> None:
    given = [each for each in (who.author_id, who.review_id) if each is not None]
    if len(given) != 1:
        raise InputError("user、review：请用用户编号或评论编号指明一位用户，只写一个")
    if not 0 < len(given[0].strip()) <= LONGEST_USER or not is_storable(given[0]):
        raise InputError(f"user、review：编号要在 1 到 {LONGEST_USER} 个字之间，不含残缺的字符")


def _named(
    session: Session, workspace: str, who: Who, *, key: str
) -> tuple[str | None, str | None]:
    """Return author and review of the user as they are stored."""
    if who.author_id is not None:
        return stored_id(who.author_id.strip(), key), None
    review = reviews.get(session, workspace, (who.review_id or "").strip())
    if review is None:
        raise NotFoundError(f"没有编号为 {who.review_id} 的评论")
    return review.author_id, review.id
