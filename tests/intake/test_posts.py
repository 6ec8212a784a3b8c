import json
from typing import Any

import pytest
from builders import NOW, shanghai

from feedback_nlp.intake.posts import read_post
from feedback_nlp.records import Rejected, Reply, Review, ReviewKind


def read(**post: Any) -> list[Review | Rejected]:  # noqa: ANN401 (anything JSON can hold)
    return list(read_post(post, 3, now=NOW, channel="吐槽"))


def test_post_becomes_a_review_of_the_community() -> None:
    first, comment, numbered = read(
        id="153",
        created_at="2026-05-30 09:00:00",
        content="打不开",
        nick_name="阿明",
        user_id=77,
        like_count="3",
        client_version="3.1",
        images=["a.png"],
        has_admin_reply=True,
        is_admin=False,
        replies=[
            {"id": 9, "content": "已修复", "is_admin": True, "created_at": "2026-05-30 10:00:00"},
            {"content": "我也是", "is_admin": "false", "nick_name": "小林"},
            {"id": 10, "content": "同", "is_admin": 0},
            "不是回复",
        ],
    )
    assert isinstance(first, Review)
    assert first == Review(
        id=first.id,
        channel="吐槽",
        text="打不开",
        external_id="153",
        kind=ReviewKind.POST,
        created_at=shanghai(2026, 5, 30, 9),
        version="3.1",
        author_id="77",
        likes=3,
        replies=(Reply("已修复", shanghai(2026, 5, 30, 10)),),
        extras=(("nick_name", "阿明"), ("images", '["a.png"]'), ("has_admin_reply", "true")),
    )
    assert isinstance(comment, Review)
    assert (comment.text, comment.author_id) == ("我也是", "小林")
    assert isinstance(numbered, Review)
    assert numbered.external_id == "10"


def test_answer_that_is_only_marked_is_a_reply_without_words() -> None:
    (review,) = read(content="打不开", has_admin_reply="1")
    assert isinstance(review, Review)
    assert review.replies == (Reply(""),)


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        ({"content": "  "}, "正文为空"),
        ({"content": "公告", "is_admin": True}, "管理员发的帖子不算用户声音"),
        ({"content": "好", "created_at": "2026-05-30 29:00"}, "时间“2026-05-30 29:00”不存在"),
        ({"content": "好", "like_count": "很多"}, "点赞数“很多”看不懂"),
    ],
)
def test_unusable_post_is_rejected_with_what_was_sent(post: dict[str, Any], reason: str) -> None:
    (rejected,) = read(**post)
    assert isinstance(rejected, Rejected)
    assert rejected.line == 3
    assert rejected.reason.startswith(reason)
    assert json.loads(rejected.raw) == post


def test_equal_words_under_different_posts_stay_two() -> None:
    same = [{"content": "同感"}]
    found = [*read(id=1, content="慢", replies=same), *read(id=2, content="卡", replies=same)]
    assert len({row.id for row in found if isinstance(row, Review)}) == 4
