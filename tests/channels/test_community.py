from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from builders import shanghai

from feedback_nlp.records import Rejected, Reply, Review, ReviewKind

Read = Callable[..., list[Any]]
HEAD = "帖子ID|楼层|标题|正文|作者|身份|发帖时间|点赞|浏览|版块|回复楼层"
ROWS = (
    "P1|1|闪退|一打开就退|阿明|普通用户|2026-03-01 09:00|3|120|反馈|",
    "P1|2||我也是|小林|VIP|2026-03-01 09:30|1||反馈|",
    "P1|3||已定位，明天修|产品君|官方|2026-03-01 10:00|9||反馈|",
    "P1|4||小林请私信型号|产品君|管理员|2026-03-01 10:05|||反馈|2楼",
)


def test_official_rows_are_replies_of_the_posts_they_answer(read: Read) -> None:
    first, second = read("community", HEAD, *ROWS)
    assert first == Review(
        id=first.id,
        channel="社区",
        text="闪退\n一打开就退",
        external_id="P1#1",
        kind=ReviewKind.POST,
        created_at=shanghai(2026, 3, 1, 9),
        author_id="阿明",
        likes=3,
        replies=(Reply("已定位，明天修", shanghai(2026, 3, 1, 10)),),
        extras=(
            ("帖子ID", "P1"),
            ("楼层", "1"),
            ("身份", "普通用户"),
            ("浏览", "120"),
            ("版块", "反馈"),
        ),
    )
    assert second.replies == (Reply("小林请私信型号", shanghai(2026, 3, 1, 10, 5)),)


def test_order_of_rows_does_not_matter(read: Read) -> None:
    expected = {review.id: review for review in read("community", HEAD, *ROWS)}
    for order in permutations(ROWS):
        assert {review.id: review for review in read("community", HEAD, *order)} == expected


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["P1|1||公告|官方|官方|||||"], "官方发言不算用户声音，本文件里也没有它所回复的帖子"),
        (["P1|1||公告|x|官方|||||", "P1|2||好|u|||||| "], "官方发的主帖不算用户声音"),
        (
            ["P1|3||好|x|官方|||||9", "P1|2||坏|u||||||"],
            "官方发言不算用户声音，它回复的 9 楼不在本文件里",
        ),
        (["P1|3|||x|官方|||||", "P1|2||坏|u||||||"], "正文为空"),
        (["P1|顶楼||坏|u||||||"], "“楼层”列：楼层“顶楼”看不懂，应为数字"),
        (["|||好|管理员|||||| "], "官方发言不算用户声音，本文件里也没有它所回复的帖子"),
    ],
)
def test_row_that_is_no_user_voice_is_rejected(read: Read, rows: list[str], reason: str) -> None:
    found = read("community", HEAD, *rows)
    assert [row.reason for row in found if isinstance(row, Rejected)] == [reason]
    assert all("公告" not in row.text for row in found if isinstance(row, Review))


def test_official_answer_in_the_same_row(read: Read) -> None:
    (review,) = read("community", "标题|内容|官方回复|回帖数|浏览量", "慢|太慢|在修|12|3")
    assert (review.text, review.replies) == ("慢\n太慢", (Reply("在修"),))
    assert review.extras == (("回帖数", "12"), ("浏览量", "3"))


def test_mark_says_who_is_official(read: Read) -> None:
    review, *rest = read(
        "community",
        "帖子ID|内容|是否官方|发帖时间",
        "P1|坏了|否|2026-03-01",
        "P1|收到|是|2026-03-02",
        "P1|还没好|嗯|2026-03-03",
    )[::-1]
    assert (review.text, review.replies) == ("坏了", (Reply("收到", shanghai(2026, 3, 2)),))
    assert [row.reason for row in rest] == ["“是否官方”列：“嗯”看不懂，请写 是 或 否"]


def test_floors_may_have_names(read: Read) -> None:
    found = read("community", "帖子ID|楼层|内容", "P1|楼主|慢", "P1|沙发|同", "P1|#3|同")
    assert [review.external_id for review in found] == ["P1#1", "P1#2", "P1#3"]


def test_same_floor_again_is_rejected(read: Read) -> None:
    *_, review = read("community", "帖子ID|楼层|内容", "P1|1|慢", "P1|1|快")
    assert review.text == "慢"
