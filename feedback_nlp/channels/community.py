"""Community posts and comments, one row each, as forums and 兔小巢-like boards export them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, entries
from feedback_nlp.intake.fields import with_base
from feedback_nlp.intake.held import Held
from feedback_nlp.intake.reading import Reading, titled
from feedback_nlp.intake.threads import Post, is_official, parse_floor, with_answers
from feedback_nlp.records import Rejected, Review, ReviewKind
from feedback_nlp.tabular.sheets import Sheet

DEFAULT_CHANNEL: Final = "社区"
SHAPE: Final = Shape(
    fields=with_base(
        {
            "text": ("帖子内容", "回帖内容", "楼层内容", "正文", "内容", "评论内容"),
            "title": ("帖子标题", "主题标题", "标题", "主题"),
            "external_id": ("评论id", "回帖id", "回复id", "楼层id", "post_id", "pid"),
            "thread": ("帖子id", "帖子编号", "主题id", "主题编号", "主帖id", "thread_id", "tid"),
            "floor": ("楼层", "楼号", "floor"),
            "reply_to": ("回复楼层", "引用楼层", "reply_to"),
            "created_at": ("发帖时间", "回帖时间", "发布时间", "发表时间"),
            "author_id": ("作者", "发帖人", "回帖人", "发布者", "楼主", "作者id"),
            "role": ("身份", "用户身份", "用户组", "角色", "role"),
            "official": ("是否官方", "是否管理员", "is_admin", "官方"),
            "likes": ("点赞", "点赞数", "赞", "赞同数"),
            "views": ("浏览", "浏览量", "浏览数", "阅读量", "阅读数", "views"),
            "reply_count": ("回帖", "回帖数", "回复数", "评论数", "回复", "reply_count"),
            "board": ("版块", "板块", "圈子", "分区", "board"),
            "reply": ("官方回复", "官方回复内容", "回复内容"),
            "replied_at": ("官方回复时间", "回复时间"),
        }
    ),
    required=(("text", "title"),),
)
_KEPT: Final = frozenset(
    {"thread", "floor", "reply_to", "role", "official", "views", "reply_count", "board"}
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Review | Rejected]:
    """Yield the users' posts: those of no thread as read, the others by thread; the rest rejected.

    Rows of 官方, 管理员 and other staff are answers, never user voice: they become replies of the
    floor they name, else of the first post of their thread. Rows of a thread are held until the
    sheet ends (at most `MAX_HELD` characters), so that their order does not matter. Without an id
    of its own a post is known by its thread and floor.

    Raises:
        InputError: the table lacks a required column, or holds more than can be held.
    """
    reading, threads = Reading(now, channel), Held(sheet.name)
    for entry in entries(sheet, SHAPE, given):
        thread = None if isinstance(entry, Rejected) else entry.key("thread")
        if isinstance(entry, Rejected):
            yield entry
        elif thread is not None:
            threads.add(thread, entry)
        else:
            yield from _thread([entry], reading)
    for held in threads.groups.values():
        yield from _thread(held, reading)


def _thread(held: list[Entry], reading: Reading) -> Iterator[Review | Rejected]:
    posts: list[Post] = []
    official: list[Entry] = []
    for entry in held:
        try:
            if is_official(entry):
                official.append(entry)
                continue
            floor = entry.value("floor", parse_floor)
            review = reading.review(
                entry,
                titled(entry),
                kind=ReviewKind.POST,
                external_id=_place(entry, floor),
                kept=_KEPT,
            )
        except ValueError as error:
            yield entry.rejected(str(error))
            continue
        once = reading.once(review, entry)
        if isinstance(once, Rejected):
            yield once
        else:
            posts.append(Post(entry, once, floor))
    yield from with_answers(posts, official, reading.now)


def _place(entry: Entry, floor: int | None) -> str | None:
    thread = entry.key("thread")
    return thread if thread is None or floor is None else f"{thread}#{floor}"


CHANNEL: Final = Channel("community", "社区帖子", SHAPE, read, DEFAULT_CHANNEL)
