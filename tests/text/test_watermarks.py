import re

import pytest

from feedback_nlp.text import watermarks
from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.split import split_clauses


@pytest.mark.parametrize(
    "line",
    [
        "銷售培訓資料_第12頁",
        "第3页 共20页",
        "已阅读3页，还剩40页未读 继续免费阅读",
        "还剩28页未读,继续阅读",
        "下载本文档",
        "立即下载该文档",
        "版權說明：本文檔由用戶提供並上傳，若內容存在侵權，請進行舉報",
        "下(xià)載(zài)本文檔",
        "文档简介",
        "本资源只提供8页预览，全部文档请下载后查看！喜欢就下载吧",
        "优秀文档",
        "发自我的iPhone",
        "发送自我的华为手机",
        "来自小米手机客户端",
        "本文来自知乎，未经作者允许禁止转载",
        "未经授权，禁止转载",
        "版权归原作者所有",
        "以上内容由AI生成，仅供参考",
        "展开全部",
        "收起",
        "查看更多",
    ],
)
def test_a_line_of_boilerplate_goes(line: str) -> None:
    assert normalize(f"质量不错\n{line}\n物流太慢").text == "质量不错\n物流太慢"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("太卡了。发自我的iPhone", "太卡了。", id="behind a sentence"),
        pytest.param("太卡了 来自华为手机客户端", "太卡了", id="behind a space"),
        pytest.param("一直转圈…展开全部", "一直转圈…", id="behind an ellipsis"),
        pytest.param("一直转圈...查看更多", "一直转圈...", id="behind three dots"),
        pytest.param("太卡了\n—— 来自小米14客户端", "太卡了", id="behind dashes"),
        pytest.param("太卡了——来自小米14客户端", "太卡了", id="dashes without a break"),
        pytest.param("下载本文档", "", id="nothing else"),
    ],
)
def test_boilerplate_at_the_end_goes(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "下载",
        "收起",
        "展开全部",
        "查看更多",
        "下载本文档要钱，坑人",
        "下载了三次都失败",
        "内容由AI生成的功能不好用",
        "未经授权就扣我的钱",
        "客服——来自总部的那位——态度差",
        "请把广告收起",
        "第3页有错字",
        "客服说 收起",
        "文档简介写得很差",
        "这是发自我的iPhone上的截图",
        "评论来自客户端，看不到图片",
        "最后一句没有\n展开全部评论也点不动",
    ],
)
def test_a_users_own_words_stay(text: str) -> None:
    assert normalize(text).text == text


def test_every_pattern_has_a_kind_and_a_word_of_the_hint() -> None:
    rows = [line.split("\t") for line in lexicon(watermarks.WATERMARKS)]
    assert {kind for kind, _ in rows} == {"line", "sentence", "tail"}
    for _, pattern in rows:
        assert watermarks.HINT.search(pattern)
        re.compile(pattern)
    assert len(rows) == len({pattern for _, pattern in rows})


def test_a_clause_does_not_reach_into_the_boilerplate_behind_it() -> None:
    first, second = split_clauses("下载本文档\n物流实在太慢了！\n客服也不理人 发自我的iPhone")
    assert (first.text, second.text) == ("物流实在太慢了", "客服也不理人")
