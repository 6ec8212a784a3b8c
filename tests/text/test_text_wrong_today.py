"""Known faults: what we want beside what we get. A mended fault fails here: move it then."""

import pytest

from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.segment import segment
from feedback_nlp.text.split import split_clauses


@pytest.mark.parametrize(
    ("text", "desired", "actual"),
    [
        pytest.param("乾源小区停电", "乾源小区停电", "干源小区停电", id="乾 in a name"),
        pytest.param("陳昇的歌", "陈昇的歌", "陈升的歌", id="昇 in a singer's name"),
        pytest.param("滑鼠不靈", "鼠标不灵", "滑鼠不灵", id="Taiwan's own words stay"),
        pytest.param("没有回覆", "没有回复", "没有回覆", id="one old character in new text"),
        pytest.param("打開後打坏了", "打开后打坏了", "打开后打坯了", id="mixed script"),
        pytest.param(
            "海外??缇畴娚虖", "海外跨境电商从", "海外??缇畴娚虖", id="GBK shifted by a byte"
        ),
        pytest.param(
            "鐢ㄦ埛鐢ㄣ\ufffd傛帹鑽愬", "用户用。推荐", "用户用\ufffd傛帹钻愬", id="a 。 lost 0x80"
        ),
        pytest.param("a<b>c", "a<b>c", "ac", id="a comparison that looks like a tag"),
        pytest.param("高高高高中", "高高高高中", "高高高中", id="a word's own repeat"),
    ],
)
def test_normalize_wrong_today(text: str, desired: str, actual: str) -> None:
    assert normalize(text).text == actual != desired


@pytest.mark.parametrize(
    ("text", "desired", "actual"),
    [
        pytest.param(
            "质量好，物流慢", ["质量好", "物流慢"], ["质量好，物流慢"], id="pieces under four join"
        ),
        pytest.param(
            "价格便宜可是质量太差",
            ["价格便宜", "可是质量太差"],
            ["价格便宜可是质量太差"],
            id="可是 without comma",
        ),
        pytest.param(
            "我真的超级❤️这个牌子",
            ["我真的超级❤️这个牌子"],
            ["我真的超级❤️", "这个牌子"],
            id="emoji used as a verb",
        ),
        pytest.param(
            "质量很好，物流太慢",
            ["质量很好", "物流太慢"],
            ["质量很好，物流太慢"],
            id="two short opinions",
        ),
    ],
)
def test_split_wrong_today(text: str, desired: list[str], actual: list[str]) -> None:
    found = [clause.text for clause in split_clauses(text)]
    assert found == actual
    assert found != desired


@pytest.mark.parametrize(
    ("text", "desired", "actual"),
    [
        pytest.param(
            "登不上去了", ["登不上去", "了"], ["登不上", "去", "了"], id="登不上 takes 登不上去"
        ),
        pytest.param(
            "3天里坏了",
            ["3", "天", "里", "坏", "了"],
            ["3", "天里", "坏", "了"],
            id="天里 is no word",
        ),
        pytest.param("太太太慢", ["太", "太", "太", "慢"], ["太太", "太慢"], id="太太 is a lady"),
    ],
)
def test_segment_wrong_today(text: str, desired: list[str], actual: list[str]) -> None:
    assert list(segment(text)) == actual != desired
