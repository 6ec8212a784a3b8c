"""One person across all tables: found, erased, and refused ever after."""

import hmac
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, delete, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.storage import tables
from feedback_nlp.storage.erasing import (
    delete_rows,
    erase_reviews,
    forget_answers,
    forget_samples,
    prepare,
    words_of,
)
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.person_rows import OWNED, Person, of_authors, review_ids, rows_of
from feedback_nlp.storage.traces import delete_rejections, rejections_of

_T: Final = tables.erasures
_TELLING: Final = 5


@dataclass(frozen=True, slots=True)
class ErasureOrder:
    """Who had a person erased, why and when; stored, so it must not name the person."""

    by: str
    reason: str
    at: datetime
    key: str = ""
    """Secret of the tombstones; without one, ids such as phone numbers can be guessed."""


def find(session: Session, workspace: str, person: Person) -> dict[str, int]:
    """Count the rows that belong to a person, per table; tables without any are left out.

    Rejected lines count where they name the person. What an erasure only changes, such as themes
    that quote the person, is not counted.
    """
    ids = review_ids(session, workspace, person)
    counts = {table.name: len(rows) for table, rows in rows_of(session, workspace, person, ids)}
    rejected = rejections_of(session, workspace, person.author_ids)
    return counts | ({"rejections": len(rejected)} if rejected else {})


def erase(session: Session, workspace: str, person: Person, order: ErasureOrder) -> dict[str, int]:
    """Delete everything about a person and leave tombstones of the author ids.

    Returns the rows deleted or changed per table. What other people said stays; counts of themes
    are stale until the next plan. Erasing again finds what came in between. On SQLite, call
    `clear_deleted` after the commit to get rid of the last bytes.

    Raises:
        InputError: the order names the person.
    """
    _check(person, order)
    prepare(session, workspace)
    forget_answers(session, workspace)
    ids = review_ids(session, workspace, person)
    words = words_of(session, workspace, ids)
    counts = erase_reviews(session, workspace, ids)
    for table, condition in _owned(workspace, person):
        counts[table.name] += delete_rows(session, table, condition)
    counts["rejections"] += delete_rejections(session, workspace, person, words)
    counts = +counts
    _bury(session, workspace, person, order, counts)
    forget_samples(session)
    return dict(counts)


def erased(session: Session, workspace: str, author_ids: Collection[str], *, key: str) -> set[str]:
    """Return those of the author ids that were erased, so that an import refuses their rows."""
    subjects = {subject(author_id, key): author_id for author_id in author_ids}
    found: set[str] = set()
    for chunk in chunks(subjects):
        query = select(_T.c.subject).where(_T.c.workspace_id == workspace, _T.c.subject.in_(chunk))
        found.update(subjects[each] for each in session.execute(query).scalars())
    return found


def subject(author_id: str, key: str) -> str:
    """Return the tombstone of an author id: HMAC-SHA256, in hex."""
    return hmac.digest(key.encode(), author_id.encode("utf-8", "surrogatepass"), "sha256").hex()


def _owned(workspace: str, person: Person) -> Iterable[tuple[Table, ColumnElement[bool]]]:
    for chunk in chunks(person.author_ids):
        for table in OWNED:
            yield table, of_authors(workspace, table, chunk)


def _bury(
    session: Session, workspace: str, person: Person, order: ErasureOrder, counts: Counter[str]
) -> None:
    """Write one tombstone for each author id; an earlier one takes the new counts on top."""
    for chunk in chunks(dict.fromkeys(person.author_ids)):
        subjects = [subject(author_id, order.key) for author_id in chunk]
        known = (_T.c.workspace_id == workspace) & _T.c.subject.in_(subjects)
        earlier = {row.subject: row for row in session.execute(select(_T).where(known))}
        session.execute(delete(_T).where(known))
        rows = [_tombstone(workspace, each, earlier.get(each), order, counts) for each in subjects]
        session.execute(insert(_T), rows)


def _tombstone(
    workspace: str,
    of: str,
    earlier: Row[Any] | None,
    order: ErasureOrder,
    counts: Counter[str],
) -> dict[str, Any]:
    before = Counter(earlier.counts) if earlier else Counter[str]()
    return {
        "workspace_id": workspace,
        "subject": of,
        "erased_at": order.at,
        "by": order.by,
        "reason": order.reason,
        "counts": dict(before + counts),
    }


def _check(person: Person, order: ErasureOrder) -> None:
    if not person.author_ids and not person.review_ids:
        raise InputError("没有指定要删除谁：请给出作者编号或评论编号")
    for author_id in person.author_ids:
        # A short id such as 17 would be found in any date.
        if len(author_id) >= _TELLING and author_id in f"{order.by}\n{order.reason}":
            raise InputError("“操作人”和“原因”会留存，不能写出被删除者的编号；请改用请求单号")
