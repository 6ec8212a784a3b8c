from collections.abc import Callable
from typing import Any

import pytest
from builders import shanghai

from feedback_nlp.records import Rejected, Reply, Review, ReviewKind

Read = Callable[..., list[Any]]


def test_app_store_review_with_the_developers_answer(read: Read) -> None:
    (review,) = read(
        "app_store",
        "标题|评论内容|评分|版本|国家/地区|设备|作者|发表时间|开发者回复|回复时间",
        "闪退|一打开就退|1|3.2|中国大陆|Mate 60|小林|2026-03-01 09:05|已修复|2026-03-02 10:00",
    )
    assert review == Review(
        id=review.id,
        channel="应用商店",
        text="闪退\n一打开就退",
        kind=ReviewKind.REVIEW,
        created_at=shanghai(2026, 3, 1, 9, 5),
        version="3.2",
        region="中国大陆",
        author_id="小林",
        rating=1.0,
        replies=(Reply("已修复", shanghai(2026, 3, 2, 10)),),
        extras=(("设备", "Mate 60"),),
    )


def test_google_play_headers_are_known(read: Read) -> None:
    (review,) = read(
        "app_store",
        "Package Name|App Version Name|Review Submit Date and Time|Star Rating|Review Text",
        "cn.demo|3.2|2026-03-01T09:05:00Z|2|太卡了",
    )
    assert (review.text, review.product, review.version, review.rating) == (
        "太卡了",
        "cn.demo",
        "3.2",
        2.0,
    )


def test_reply_time_that_cannot_be_read_names_its_column(read: Read) -> None:
    (rejected,) = read("app_store", "评论内容|评分|回复时间", "好|5|2026-02-30")
    assert rejected.reason.startswith("“回复时间”列：时间“2026-02-30”不存在")


HEAD = "订单编号|商品名称|规格|评价等级|初评内容|初评时间|追评内容|追评时间|买家昵称|商家回复|晒图"


def test_words_appended_later_are_a_review_of_their_own_time(read: Read) -> None:
    first, later = read(
        "ecommerce",
        HEAD,
        "T1|台灯|白色|差评|灯会闪|2026-03-01|换了还闪|2026-03-09 08:00|j***n|抱歉|是",
    )
    assert first == Review(
        id=first.id,
        channel="电商",
        text="灯会闪",
        external_id="T1/台灯/白色",
        created_at=shanghai(2026, 3, 1),
        product="台灯",
        author_id="j***n",
        rating=1.0,
        replies=(Reply("抱歉"),),
        extras=(("规格", "白色"), ("晒图", "是")),
    )
    assert later == Review(
        id=later.id,
        channel="电商",
        text="换了还闪",
        external_id="T1/台灯/白色#追评",
        created_at=shanghai(2026, 3, 9, 8),
        product="台灯",
        author_id="j***n",
        extras=(("初评", first.id),),
    )


def test_words_appended_at_an_unknown_time_follow_the_first_ones(read: Read) -> None:
    (review,) = read("ecommerce", "商品名称|初评内容|追评内容", "台灯|灯会闪|换了还闪")
    assert review.text == "灯会闪\n换了还闪"


def test_only_appended_words_keep_their_own_time(read: Read) -> None:
    (review,) = read("ecommerce", HEAD, "T1|台灯|白|中评||2026-03-01|换了还闪|2026-03-09|j***n||")
    assert (review.text, review.created_at, review.rating) == (
        "换了还闪",
        shanghai(2026, 3, 9),
        3.0,
    )


def test_one_order_may_hold_several_reviews_but_not_twice_the_same(read: Read) -> None:
    rows = read(
        "ecommerce",
        "订单编号|商品名称|规格|评价内容|追评内容|追评时间",
        "T1|台灯|白|好||",
        "T1|台灯|黑|坏||",
        "T1|台灯|白|改主意了|真坏|2026-03-09",
    )
    assert [row.external_id for row in rows[:2]] == ["T1/台灯/白", "T1/台灯/黑"]
    assert isinstance(rows[2], Rejected)
    assert rows[2].reason == "编号 T1/台灯/白 在本文件第 2 行已出现，内容不同；请改用唯一的编号"


def test_review_id_of_the_shop_wins_over_the_order(read: Read) -> None:
    (review,) = read("ecommerce", "评价ID|订单编号|商品名称|评价内容", "R9|T1|台灯|好")
    assert review.external_id == "R9"


@pytest.mark.parametrize(
    ("grade", "stars"), [("好评", 5.0), ("中评", 3.0), ("差评", 1.0), ("4星", 4.0)]
)
def test_grades_are_stars(read: Read, grade: str, stars: float) -> None:
    (review,) = read("ecommerce", "商品名称|评价内容|评价等级", f"台灯|好|{grade}")
    assert review.rating == stars


def test_order_number_is_no_identity_of_a_review_in_a_plain_table(read: Read) -> None:
    rows = read("table", "订单号|内容", "T1|好", "T1|坏")
    assert [(row.external_id, row.extras) for row in rows] == [(None, (("订单号", "T1"),))] * 2
