import pytest

from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.pinyin_brackets import drop_pinyin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("物流運(yùn)輸很慢", "物流运输很慢", id="traditional"),
        pytest.param("质量(liàng)很差（chà）", "质量很差", id="simplified, both widths"),
        pytest.param("银行(háng)行(xíng)长(zhǎng)", "银行行长", id="every reading of a character"),
        pytest.param("绿(lǜ)色女(nǚ)装", "绿色女装", id="ü with tone"),
        pytest.param("绿(lv4)色女(nü3)装", "绿色女装", id="v and tone numbers"),
        pytest.param("慢(ma\u0300n)死", "慢死", id="a combining tone mark"),
        pytest.param("不(bú)行，一(yí)样", "不行，一样", id="tones change in speech"),
        pytest.param("好(hao)用", "好用", id="no tone at all"),
        pytest.param("（我）的(de)手机", "（我）的手机", id="a neutral tone"),
        pytest.param("北(Běi)京(Jīng)", "北京", id="a capital letter"),
        pytest.param("安溪(ān xī)茶", "安溪茶", id="a reading of two characters"),
        pytest.param("行(háng)(xíng)情", "行情", id="two readings of one character"),
        pytest.param("满R(xiàn)≥3次", "满R≥3次", id="the character was lost with its reading"),
        pytest.param("(chǎn)品不行", "品不行", id="lost at the beginning"),
    ],
)
def test_a_reading_goes(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "满意度(CSAT)和净推荐值（NPS）",
        "响应时限(SLA)达标，成本(ROI)和价值(LTV)，指标(KPI)，卖点(USP)",
        "这个软件(app)很(ok)，送我(me)一个",
        "A级(a)和B级(b)",
        "手机(de)壳",
        "小美(má)真好",
        "吧(Ba)里说的",
        "啊(a)好难过",
        "安溪(xī ān)茶",
        "溪(ān xī)茶",
        "Café (né) 1990",
        "价格(¥20)，三(3)个，好()好( )",
        "(été)很热",
        "R(xian)≥3次",
    ],
)
def test_anything_else_in_brackets_stays(text: str) -> None:
    assert drop_pinyin(text) == []


def test_what_was_dropped_belongs_to_the_character_before_it() -> None:
    text = "產(chǎn)品很差"
    result = normalize(text)
    start, end = result.span(0, 1)
    assert text[start:end] == "產(chǎn)"
