import pytest

from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.script import simplify
from feedback_nlp.text.segment import product_words, segment, stop_words
from feedback_nlp.text.slang import slang, spell_out_slang


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("蚌埠住了，灰常酱紫", "绷不住了，非常这样子", id="谐音"),
        pytest.param("東西木有了", "东西没有了", id="traditional"),
        pytest.param("性能弓虽，亻尔好", "性能强，你好", id="拆字"),
        pytest.param("TMD太慢了，YYDS", "他妈的太慢了，永远的神", id="abbreviations, any case"),
        pytest.param("垃ji，la ji，laji软件", "垃圾，垃圾，垃圾软件", id="half in pinyin"),
        pytest.param("加v信返xian，差平", "加微信返现，差评", id="evasive"),
        pytest.param("拼夕夕买的，某宝也有", "拼多多买的，淘宝也有", id="platforms"),
        pytest.param("伱好，冇用", "你好，没有用", id="one character"),
        pytest.param("真辣鸡", "真垃圾", id="chicken in a phrase"),
    ],
)
def test_variants_are_spelled_as_usual(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "麻辣鸡翅好吃，变态辣鸡",
        "大神马上来，平煤神马",
        "原木有味道，实木有裂痕",
        "喝稀饭，威信很高，表不准，女子",
        "自己经历过，开森林人",
        "快乐色彩，娱乐色情",
        "蒙牛13年，USB接口，SB/T标准，usbc",
        "vx车型，100rmb2000",
        "[木有]",
        "这样的差苹果",
        "5分好评",
        "种草，踩雷，智商税，啥都没有",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert spell_out_slang(text) == []


def test_entries_are_whole_inert_and_in_simplified_script() -> None:
    entries = slang()
    assert len(entries) == len({entry.variant for entry in entries}) > 500
    for entry in entries:
        (edit,) = spell_out_slang(entry.variant)
        assert edit.replacement == entry.usual != entry.variant
        assert entry.variant == entry.variant.lower() == simplify(entry.variant)
        assert spell_out_slang(entry.usual) == []
        assert simplify(entry.usual) == entry.usual


def test_exceptions_hold_their_variant_and_stay() -> None:
    for entry in slang():
        for word in entry.unless:
            assert entry.variant in word != entry.variant
            assert spell_out_slang(word) == []


def test_no_word_of_the_other_lexicons_is_rewritten() -> None:
    words = (*product_words(), *stop_words())
    assert [word for word in words if spell_out_slang(word)] == []


def test_usual_spellings_are_found_as_words() -> None:
    assert segment(normalize("v信退kuan").text) == ("微信", "退款")
