import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.phrases import NAME_CHARACTERS, beginnings, phrases, pieces, words


def said(text: str) -> list[str]:
    return [phrase.text for phrase in phrases(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("升级iOS 8后", ["升级", "ios8", "后"], id="a name and its number"),
        pytest.param("iPhone 6 Plus没适配", ["iphone6plus", "没", "适配"], id="three Latin words"),
        pytest.param("4.0.1打不开", ["4.0.1", "打不开"], id="a version"),
        pytest.param("打不开😡[怒]<url>！", ["打不开"], id="no marks, emoji, stickers, URLs"),
        pytest.param(
            "please fix this application 8",
            ["please", "fix", "this", "application", "8"],
            id="a sentence is not one word",
        ),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word.key for word in words(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("打不开，闪退（卡）", ["打不开", "闪退", "卡"], id="a mark parts"),
        pytest.param("打不开 闪退", ["打不开", "闪退"], id="a blank parts Han words"),
        pytest.param("iOS 8 打不开", ["iOS 8 打不开"], id="but not Latin from Han"),
        pytest.param("打不开\niOS", ["打不开", "iOS"], id="a line parts all"),
        pytest.param("。。", [], id="nothing"),
    ],
)
def test_pieces(text: str, expected: list[str]) -> None:
    assert [text[piece[0].start : piece[-1].end] for piece in pieces(text)] == expected


@pytest.mark.parametrize(
    ("text", "never"),
    [
        pytest.param("余额宝不能登录账号", "登录账号", id="no negation is lost in front"),
        pytest.param("余额充值不能用", "余额充值", id="nor behind"),
        pytest.param("等了两个小时才送到", "小时才送到", id="no number is cut"),
        pytest.param("每次付款付不了钱", "每次付款付", id="no word loses its complement"),
        pytest.param("会员被自动扣了钱", "自动扣了钱", id="who does it stays"),
        pytest.param("升级iOS 8打不开", "升级iOS", id="a version stays whole"),
        pytest.param("送货等了快两个小时", "送货等了快", id="no half estimate"),
        pytest.param("一打开就闪退了", "一打开就闪退了", id="no 了 at the end"),
        pytest.param("骑手的态度差", "骑手的", id="no 的 at the end"),
        pytest.param("一打开软件就闪退", "一打开软件就", id="no 就 at the end"),
        pytest.param("退款到现在还没到账", "退款到现在还", id="no 还 at the end"),
        pytest.param("但是付款闪退", "但是付款闪退", id="no but at the beginning"),
        pytest.param("虽然更新还是闪退", "虽然更新还是闪退", id="no half of two statements"),
        pytest.param("（一打开就闪退", "（一打开就闪退", id="no half brackets"),
    ],
)
def test_phrases_never(text: str, never: str) -> None:
    assert never not in said(text)


@pytest.mark.parametrize(
    ("text", "always"),
    [
        pytest.param("但是一打开就闪退了", "一打开就闪退", id="what is left of a clause"),
        pytest.param("催单没人理", "催单没人理", id="a whole clause"),
        pytest.param("验证码收不到，登录不了", "验证码收不到", id="a part before a comma"),
        pytest.param("从昨天起付款页面显示不出来", "付款页面显示不出来", id="a part of it"),
        pytest.param("送货速度特别快", "送货速度特别快", id="快 after a degree"),
        pytest.param("我的优惠券不能用", "优惠券不能用", id="用 after a negation"),
    ],
)
def test_phrases_hold(text: str, always: str) -> None:
    assert always in said(text)


@pytest.mark.parametrize(
    ("text", "wholeness"),
    [
        pytest.param("但是付款一直闪退啊", 1.0, id="a whole statement, less what it may lose"),
        pytest.param("手机付款一直闪退", 0.8, id="without its beginning"),
        pytest.param("付款一直闪退快修复软件", 0.6, id="without its end"),
    ],
)
def test_phrases_say_how_whole_they_are(text: str, wholeness: float) -> None:
    assert {p.text: p.wholeness for p in phrases(text)}["付款一直闪退"] == wholeness


def test_beginnings_end_with_a_whole_word() -> None:
    text = "从昨天晚上更新到最新版本以后手机，崩了"
    assert list(beginnings(text)) == ["从昨天晚上更新到最新版本以后手机", "崩"]


def test_beginnings_leave_out_a_word_longer_than_a_name() -> None:
    assert list(beginnings("abcdefghijklmnopqrstuvwxyz")) == []


@given(st.text() | st.text("闪退打开就了的还不很两个小时，Ａ1.8\n😡<>url[怒]（”"))
def test_phrases_are_parts_of_the_text(text: str) -> None:
    normalized = normalize(text).text
    for phrase in phrases(normalized):
        assert phrase.text in normalized
        assert len(phrase.text) <= NAME_CHARACTERS
        assert phrase.text[0].isalnum()
        assert phrase.text[-1].isalnum() or phrase.text[-1] == "%"
        # Of words, not of characters: two of these in a row can be one word to jieba.
        assert phrase.keys[-1] not in {"的", "就", "还"}
        assert not phrase.text.endswith("了") or phrase.keys[-1] != "了"
