import pytest
from growth import grows_linearly

from feedback_nlp.text.mojibake import repair_mojibake
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.split import split_clauses

SENTENCE = "用户体验很差，界面也不好看！"


def test_utf8_read_as_latin_is_repaired() -> None:
    raw = SENTENCE.encode()
    assert normalize(raw.decode("latin-1")).text == SENTENCE
    browsers = "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in raw)
    assert normalize(browsers).text == SENTENCE


@pytest.mark.parametrize("times", [1, 2, 3])
def test_utf8_read_as_latin_is_repaired_again_and_again(times: int) -> None:
    text = SENTENCE
    for _ in range(times):
        text = text.encode().decode("latin-1")
    assert normalize(text).text == SENTENCE


def test_gbk_read_as_latin_is_repaired() -> None:
    assert normalize(SENTENCE.encode("gbk").decode("latin-1")).text == SENTENCE


def test_utf8_read_as_gbk_is_repaired() -> None:
    assert normalize(SENTENCE.encode().decode("gb18030")).text == SENTENCE
    twice = "今天天气".encode().decode("gb18030").encode().decode("gb18030")
    assert normalize(twice).text == "今天天气"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("这个ä¸\xadæ–‡好用", "这个中文好用", id="a part of the text"),
        pytest.param("非常ðŸ˜€", "非常😀", id="emoji"),
        pytest.param("很å¥½ï¼Œã€‚", "很好，。", id="marks"),
        pytest.param("APPºÃÓÃ£¬2´Î", "APP好用，2次", id="a single character beside a run"),
        pytest.param("鐢ㄦ埛说", "用户说", id="two characters"),
        pytest.param("鐢ㄦ埛瀛?，好", "用户\ufffd，好", id="the last byte is lost"),
        pytest.param("ä½¿ç”¨é«”é©—", "使用体验", id="traditional"),
    ],
)
def test_the_garbled_part_is_repaired(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "××××公司，±0.5°，¥¥¥¥",
        "café…”很好，Ñandú，ÄÖÜäöü",
        "Điện thoại tốt",
        "张婕妤电话打不通",
        "濮阳浏览器，缤纷，玷污",
        "º",
        "次´Î",
        "ÿþÿþ",
        "ï¿½ï¿½",
        "锟斤拷锟斤拷",
        "ÃÂÃÂ",
        "Ã©",
        "é…”",
        "浠娴浣娴",
    ],
)
def test_what_is_no_better_chinese_stays(text: str) -> None:
    assert repair_mojibake(text) == []


@pytest.mark.parametrize("garbled", ["utf-8 as latin-1", "utf-8 as gb18030"])
def test_bytes_that_are_another_script_stay(garbled: str) -> None:
    written, read = garbled.split(" as ")
    text = "한국어로쓴글".encode(written).decode(read, "ignore")
    assert repair_mojibake(text) == []


def test_a_long_garbled_text_is_repaired_in_linear_time() -> None:
    garbled = "鐗╂祦" * 50_000
    assert repair_mojibake(garbled)
    assert grows_linearly(repair_mojibake, garbled)


def test_repaired_characters_lead_back_to_their_own_bytes() -> None:
    text = "很慢，打不开".encode().decode("latin-1")
    result = normalize(text)
    start, end = result.span(3, 6)
    assert text[start:end].encode("latin-1").decode() == "打不开"
    first, second = split_clauses("物流实在是太慢了，客服也从来不回复".encode().decode("latin-1"))
    assert first.end <= second.start
    assert second.text.encode("latin-1").decode() == "客服也从来不回复"
