"""The rows of one community thread -> the users' posts, with official answers as their replies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Final

from feedback_nlp.intake.entries import Entry
from feedback_nlp.intake.reading import NO_WORDS
from feedback_nlp.records import Rejected, Reply, Review
from feedback_nlp.tabular.values import parse_bool

_STAFF: Final = re.compile("官方|管理员|运营|客服|小编|工作人员|admin|staff|official")
_STAFF_AUTHOR: Final = re.compile("(?:系统)?管理员|官方(?:账号|客服|小编|小助手|团队|回复)?|admin")
_FLOOR: Final = re.compile(r"#?(\d+)(?:楼|层|l|f)?#?", re.IGNORECASE | re.ASCII)
_NAMED_FLOORS: Final = {"楼主": 1, "主帖": 1, "沙发": 2, "板凳": 3, "地板": 4}


@dataclass(frozen=True, slots=True)
class Post:
    """A user's post and where it stands in its thread."""

    entry: Entry
    review: Review
    floor: int | None


def parse_floor(cell: str) -> int:
    """Read a floor such as 3, 3楼, #3 or 沙发.

    Raises:
        ValueError: none of these.
    """
    written = cell.strip()
    match = _FLOOR.fullmatch(written)
    if match is None and written not in _NAMED_FLOORS:
        raise ValueError(f"楼层“{cell}”看不懂，应为数字")
    return int(match[1]) if match else _NAMED_FLOORS[written]


def is_official(entry: Entry) -> bool:
    """Say whether the makers of the product wrote this row, by role, mark or name of the author.

    Raises:
        ValueError: a mark that is neither yes nor no.
    """
    role, author = entry.plain("role") or "", entry.plain("author_id") or ""
    marked = entry.value("official", parse_bool) or False
    return marked or bool(_STAFF.search(role.lower()) or _STAFF_AUTHOR.fullmatch(author.lower()))


def with_answers(
    posts: Sequence[Post], official: Sequence[Entry], now: datetime
) -> Iterator[Review | Rejected]:
    """Yield the users' posts of one thread, official rows as replies of the post they answer.

    That is the floor a row names, else the first post. A row that answers nobody is rejected:
    visible, and no user voice. The order of rows plays no part.
    """
    first = min(posts, key=_place, default=None)
    answers: dict[str, list[Reply]] = {}
    for entry in official:
        try:
            post = _answered(entry, posts, first)
            reply = Reply(_words(entry), entry.time("created_at", now))
        except ValueError as error:
            yield entry.rejected(str(error))
        else:
            answers.setdefault(post.review.id, []).append(reply)
    for post in posts:
        added = sorted(answers.get(post.review.id, ()), key=_moment)
        yield replace(post.review, replies=(*post.review.replies, *added))


def _words(entry: Entry) -> str:
    text = entry.words("text").strip()
    if not text:
        raise ValueError(NO_WORDS)
    return text


def _answered(entry: Entry, posts: Sequence[Post], first: Post | None) -> Post:
    if first is None:
        raise ValueError("官方发言不算用户声音，本文件里也没有它所回复的帖子")
    wanted = entry.value("reply_to", parse_floor)
    if wanted is not None:
        post = next((post for post in posts if post.floor == wanted), None)
        if post is None:
            raise ValueError(f"官方发言不算用户声音，它回复的 {wanted} 楼不在本文件里")
        return post
    floor = entry.value("floor", parse_floor)
    if floor is not None and first.floor is not None and floor < first.floor:
        raise ValueError("官方发的主帖不算用户声音")
    return first


def _place(post: Post) -> tuple[float, float, str]:
    at = post.review.created_at
    return (
        inf if post.floor is None else post.floor,
        inf if at is None else at.timestamp(),
        post.review.id,
    )


def _moment(reply: Reply) -> tuple[float, str]:
    return inf if reply.at is None else reply.at.timestamp(), reply.text
