"""One post of 兔小巢 as JSON -> a review. Tolerant: only `content` must be there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from feedback_nlp.intake.identity import review_id
from feedback_nlp.records import Rejected, Reply, Review, ReviewKind
from feedback_nlp.tabular.values import parse_count, parse_time

Json = dict[str, Any]
_NAMES: Final = {
    "external_id": ("id", "post_id"),
    "text": ("content", "text"),
    "created_at": ("created_at", "create_time", "time"),
    "author_id": ("user_id", "openid", "open_id", "uid", "nick_name", "nickname"),
    "version": ("client_version", "app_version", "version"),
    "region": ("region", "province", "city"),
    "likes": ("like_count", "likes", "thumbs_up"),
}
_REPLIES: Final = ("replies", "reply_list", "comments")
_STAFF: Final = ("is_admin", "is_official")
_TAKEN: Final = frozenset(
    {name for names in _NAMES.values() for name in names} | {*_REPLIES, *_STAFF, "avatar_url"}
) - {"nick_name", "nickname"}


@dataclass(frozen=True, slots=True)
class _Source:
    place: int
    now: datetime
    channel: str
    raw: str


def read_post(
    post: Json, place: int, *, now: datetime, channel: str
) -> Iterator[Review | Rejected]:
    """Yield the review of a post, then those of its comments by users.

    An administrator's words are no user voice: comments become replies of the post, a post is
    rejected. `has_admin_reply` without the reply itself gives one without words or time. What has
    no field of ours stays in the extras.
    """
    source = _Source(place, now, channel, json.dumps(post, ensure_ascii=False))
    comments = [each for each in _comments(post) if isinstance(each, dict)]
    yield _review(post, comments, source)
    for comment in comments:
        if not _is_staff(comment):
            parent = _text(post, "external_id")
            named = comment if "id" in comment or parent is None else {**comment, "parent": parent}
            yield _review(named, [], source)


def _review(post: Json, comments: list[Json], source: _Source) -> Review | Rejected:
    text, external_id = _text(post, "text"), _text(post, "external_id")
    if _is_staff(post):
        return Rejected(source.place, "管理员发的帖子不算用户声音", source.raw)
    if text is None:
        return Rejected(source.place, "正文为空", source.raw)
    try:
        created_at, likes = _moment(post, source.now), _text(post, "likes")
        replies = _replies(post, comments, source.now)
        thumbs = 0 if likes is None else parse_count(likes)
    except ValueError as error:
        return Rejected(source.place, str(error), source.raw)
    content = json.dumps(post, ensure_ascii=False, sort_keys=True)
    identity = ("content", content, "1") if external_id is None else ("id", external_id)
    return Review(
        id=review_id(source.channel, *identity),
        channel=source.channel,
        text=text,
        external_id=external_id,
        kind=ReviewKind.POST,
        created_at=created_at,
        version=_text(post, "version"),
        region=_text(post, "region"),
        author_id=_text(post, "author_id"),
        likes=thumbs,
        replies=replies,
        extras=_extras(post),
    )


def _replies(post: Json, comments: list[Json], now: datetime) -> tuple[Reply, ...]:
    said = [
        Reply(_text(comment, "text") or "", _moment(comment, now))
        for comment in comments
        if _is_staff(comment)
    ]
    return tuple(said) or ((Reply(""),) if _is_true(post.get("has_admin_reply")) else ())


def _moment(post: Json, now: datetime) -> datetime | None:
    written = _text(post, "created_at")
    return None if written is None else parse_time(written, now=now)


def _text(post: Json, field: str) -> str | None:
    """Return the first value of `field` that is given, as text."""
    for name in _NAMES[field]:
        value = post.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return None


def _comments(post: Json) -> list[Any]:
    return next((list(post[name]) for name in _REPLIES if isinstance(post.get(name), list)), [])


def _is_staff(post: Json) -> bool:
    return any(_is_true(post.get(name)) for name in _STAFF)


def _is_true(value: object) -> bool:
    return value is True or str(value).lower() in {"1", "true"}


def _extras(post: Json) -> tuple[tuple[str, str], ...]:
    found = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in post.items()
        if name not in _TAKEN and value not in (None, "", [], {}, False)
    }
    return tuple(found.items())
