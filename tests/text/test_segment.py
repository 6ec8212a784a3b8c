import pytest
import rjieba

from feedback_nlp.text.segment import (
    LEXICON_VERSION,
    content_words,
    product_words,
    segment,
    stop_words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("支付宝刷脸支付闪退", ["支付宝", "刷脸支付", "闪退"], id="product words"),
        pytest.param("快递柜 不上门", ["快递柜", "不上门"], id="white space is no word"),
        pytest.param(
            "好👍🏻[微笑]<url>", ["好", "👍🏻", "[微笑]", "<url>"], id="tokens stay whole"
        ),
        pytest.param(
            "iOS8升级到3.5.1，卡", ["iOS8", "升级", "到", "3.5.1", "，", "卡"], id="versions"
        ),
        pytest.param("大众会员自动续费", ["大众会员", "自动续费"], id="longest product word"),
    ],
)
def test_segment(text: str, expected: list[str]) -> None:
    assert list(segment(text)) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("更新完小额免密码不能用", "密码", id="小额免密 would tear 密码"),
        pytest.param("必须绑定手机号码", "手机号码", id="绑定手机 would tear 手机号码"),
        pytest.param("找到卡bug的办法", "bug", id="卡bug would tear nothing"),
        pytest.param("账号被盗刷了", "盗刷", id="jieba's own 被盗 no longer tears 盗刷"),
        pytest.param("这游戏要凉了", "凉", id="凉了 would tear 要凉"),
        pytest.param("服务态度很好", "服务态度", id="态度差 leaves 服务态度"),
        pytest.param("不支持退货", "退货", id="不支持 leaves 退货"),
    ],
)
def test_product_words_do_not_tear_their_neighbours(text: str, word: str) -> None:
    assert word in "|".join(segment(text))


def test_every_product_word_is_one_word_that_jieba_lacks() -> None:
    plain = rjieba.Jieba()
    assert [word for word in product_words() if segment(word) != (word,)] == []
    assert [word for word in product_words() if plain.has_word(word)] == []
    assert len(product_words()) == len(set(product_words())) > 300


def test_our_dictionary_leaves_the_global_one_alone() -> None:
    assert segment("大众会员") == ("大众会员",)
    assert not rjieba.has_word("大众会员")


def test_stop_words_hold_no_negation() -> None:
    assert stop_words() > {"的", "我们", "因为", "非常"}
    assert stop_words().isdisjoint(["不", "没", "没有", "无", "无法", "未", "别", "不能"])


def test_content_words_can_name_a_theme() -> None:
    text = "我们的APP更新以后一直闪退，3次都不能登录！[微笑]👍<url>"
    assert content_words(text) == ("APP", "更新", "闪退", "不能", "登录")


def test_lexicon_version_names_every_file() -> None:
    assert LEXICON_VERSION == (
        "product_words@2026-11-22+stopwords@2026-11-22+slang@2026-11-22+watermarks@2026-11-22"
        "+sharp_words@2026-11-22"
    )
