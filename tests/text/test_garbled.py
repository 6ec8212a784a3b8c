import pytest

from feedback_nlp.text.garbled import GARBLED, garbled_spans


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in garbled_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("物流��慢�", ["��", "�"], id="replacement characters"),
        pytest.param("收到锟斤拷锟斤拷了", ["锟斤拷锟斤拷"], id="锟斤拷"),
        pytest.param("屯屯屯屯，烫烫烫烫烫烫烫烫", ["屯屯屯屯", "烫烫烫烫烫烫烫烫"], id="memory"),
        pytest.param("海外??缇畴娚虖臉I者", ["??缇畴娚虖"], id="shifted by one byte"),
        pytest.param("近5年??缃缏名", ["??缃缏"], id="two uncommon characters behind ??"),
        pytest.param("调研获?。?;研究", ["?。?"], id="shifted, marks only"),
        pytest.param("两天?；I备", ["?；I"], id="shifted before a Latin letter"),
        pytest.param("价值:?jiǎn)栴}诊断", ["?jiǎn)"], id="half a reading"),
        pytest.param("物流娚虖鎱慢", ["娚虖鎱"], id="rare characters side by side"),
        pytest.param("慢ä¸ å¤ ä¸ å¤了", ["ä¸ å¤ ä¸ å¤"], id="leftover of Latin mojibake"),
    ],
)
def test_garbled_parts_are_found(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "怎么回事???？？什么？",
        "??今天，？？嘤嘤嘤",
        "手机烫烫烫烫，好烫",
        "囤囤囤，屯屯屯",
        "伱恏，莪囍歡妳",
        "送料込みで発送、とても良い",
        "王喆堃和刘玥，堃堃喆喆",
        "陳先生說龍蝦很鮮",
        "(ง •̀_•́)ง👍🏻(≧▽≦)ヽ(✿ﾟ▽ﾟ)ノ",
        "café Ñandú，Điện thoại",
        "冇得顶嘅，佢哋啲嘢好食",
        "嗞嗞的电流声，啰啰嗦嗦",
        "龘",
    ],
)
def test_unusual_writing_is_not_garbled(text: str) -> None:
    assert parts(text) == []


def test_what_can_be_repaired_is_not_called_garbled() -> None:
    assert parts("用户体验很差".encode().decode("gb18030")) == []


def test_spans_index_the_text_as_it_came() -> None:
    assert parts("產(chǎn)品��，海外??缇畴娚虖臉I(yè)者") == ["��", "??缇畴娚虖"]


def test_the_flag_has_a_chinese_name() -> None:
    assert GARBLED == "疑似乱码"
