from itertools import cycle, islice, pairwise

import emoji
import pytest
from opencc import OpenCC

from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.offsets import Edit, apply_edits
from feedback_nlp.text.rewrites import REWRITES
from feedback_nlp.text.script import align, simplify
from feedback_nlp.text.tokens import ATOM


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="empty stays empty"),
        pytest.param(" \u3000\n\t", "", id="blank becomes empty"),
        pytest.param("ＡＰＰ不能用，差评！", "APP不能用，差评！", id="keeps Chinese punctuation"),
        pytest.param("𝓖𝓸𝓸𝓭 𝟙𝟘 app", "Good 10 app", id="folds letters styled as fonts"),
        pytest.param("ｉＯＳ８：９．９％", "iOS8：9．9％", id="folds only letters and digits"),
        pytest.param("太太太太太慢", "太太太慢", id="squeezes long repeats to three"),
        pytest.param("哈哈哈哈 好好好好", "哈哈哈 好好好", id="squeezes every repeat"),
        pytest.param("好评好评好评好评！", "好评好评好评！", id="squeezes repeated words"),
        pytest.param("差！！！！！！！", "差！！！", id="squeezes repeated marks"),
        pytest.param("不行？！？！？！？！", "不行？！？！？！", id="squeezes alternating marks"),
        pytest.param("太太太慢", "太太太慢", id="three copies stay"),
        pytest.param("花了100000元", "花了100000元", id="digits are no repeats"),
        pytest.param("看https://a.cn/x，打不开", "看<url>，打不开", id="url stops at ，"),
        pytest.param("见http://a.cn/x?b=1打不开", "见<url>打不开", id="url stops at Han"),
        pytest.param("WWW.shop.example/a 假货", "<url> 假货", id="url without scheme"),
        pytest.param("点t.cn/Ab3领红包", "点<url>领红包", id="short link"),
        pytest.param("ht\u200btp://a.cn", "<url>", id="zero-width inside a url"),
        pytest.param("去淘宝.com看iOS8.1", "去淘宝.com看iOS8.1", id="a bare name is no url"),
        pytest.param("\ufeff打\u200b不\u00ad开\ue123\x07", "打不开", id="drops what nobody sees"),
        pytest.param("坏\ud800了", "坏了", id="drops lone surrogates"),
        pytest.param("很  好\t用\r\n\r\n赞", "很 好 用\n赞", id="newline stays a break"),
        pytest.param("軟體更新後閃退", "软体更新后闪退", id="traditional to simplified"),
        pytest.param("乾隆皇帝用乾淨的頭髮", "乾隆皇帝用干净的头发", id="phrases decide"),
        pytest.param("手机打坏了", "手机打坏了", id="simplified text is left alone"),
        pytest.param("好👍🏻👨‍👩‍👧‍👦1️⃣❤️", "好👍🏻👨‍👩‍👧‍👦1️⃣❤️", id="emoji keep their joiners"),
        pytest.param("👍🏻" * 6, "👍🏻" * 3, id="emoji are squeezed whole"),
        pytest.param("[微笑]" * 5, "[微笑]" * 3, id="stickers are squeezed whole"),
        pytest.param("好\u200d用\ufe0f", "好用", id="joiners outside emoji go"),
        pytest.param("GOOD App", "GOOD App", id="case stays"),
        pytest.param("太&hellip;&hellip;卡<br>", "太……卡", id="HTML"),
        pytest.param("好" + "(hǎo)" * 3, "好", id="noise behind noise"),
        pytest.param("好" + "(" * 9 + "hǎo)" * 9, "好", id="noise in noise"),
    ],
)
def test_normalize(text: str, expected: str) -> None:
    assert normalize(text).text == expected


def test_normalize_names_what_it_did_in_table_order() -> None:
    result = normalize(
        "å¾ˆæ…¢\u200b&nbsp;<b>ＡＰＰ</b>太太太太慢(màn)，見http://a.cn，灰常卡\n发自我的iPhone"
    )
    assert result.applied == tuple(rewrite.name for rewrite in REWRITES)


@pytest.mark.parametrize(
    ("depth", "left"), [pytest.param(30, 0, id="peeled"), pytest.param(100, 36, id="given up")]
)
def test_normalize_peels_tags_in_tags_up_to_a_limit(depth: int, left: int) -> None:
    names = list(islice(cycle(["b", "i", "em", "tt", "q", "sup", "u", "a", "kbd"]), depth))
    opened = "".join(f"<{name[0]}" for name in names)
    closed = "".join(f"{name[1:]}>" for name in reversed(names))
    result = normalize(f"卡{opened}{closed}顿")
    assert result.text.count("<") == left
    assert result.offsets[-1] == len(opened + closed) + 2


def test_every_rewrite_has_its_own_name() -> None:
    assert len({rewrite.name for rewrite in REWRITES}) == len(REWRITES)


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        pytest.param("Ａ\u200bＰＰ 坏了", "APP", "Ａ\u200bＰＰ", id="folded and dropped"),
        pytest.param("真的太太太太太慢", "太太太", "太太太太太", id="squeezed copies belong"),
        pytest.param("看https://a.cn/x，打不开", "<url>", "https://a.cn/x", id="the whole url"),
        pytest.param("  軟體閃退 ", "闪退", "閃退 ", id="white space stripped at the end"),
    ],
)
def test_spans_lead_back_to_the_original(text: str, part: str, original: str) -> None:
    result = normalize(text)
    at = result.text.index(part)
    start, end = result.span(at, at + len(part))
    assert text[start:end] == original


@pytest.mark.parametrize(
    "text",
    [
        "這個軟體更新之後一直閃退，客服也沒有回覆，真的很讓人失望！",
        "快遞員態度惡劣，包裹裡面的東西都壞掉了，申請退款還被拒絕。",
        "拍照畫質不錯，電池續航也夠用，就是螢幕邊緣會發熱。",
        "麵條只剩下湯，乾得沒辦法吃，著實噁心。",
        "瞭解了一下，於是藉口說系統維護，甚麼時候才能登入？",
        "於丹講的書裡面，后來居上的故事最有意思",
    ],
)
def test_simplify_agrees_with_opencc(text: str) -> None:
    converter = OpenCC("t2s")
    once = converter.convert(text)
    assert simplify(text) == converter.convert(once)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("一樣", "一样", id="same length"),
        pytest.param("這個滑鼠墊很好", "这个鼠标垫子很好", id="grows"),
        pytest.param("這個計程車司機很好", "这个的士司机很好", id="shrinks"),
        pytest.param("好的", "好的", id="unchanged"),
    ],
)
def test_align_gives_edits_that_lead_from_one_to_the_other(before: str, after: str) -> None:
    text, offsets = apply_edits(before, range(len(before) + 1), align(before, after))
    assert text == after
    assert len(offsets) == len(after) + 1
    assert all(first <= second for first, second in pairwise(offsets))
    assert offsets[-1] == len(before)


def test_unequal_replacement_maps_to_where_it_began() -> None:
    text, offsets = apply_edits("看http://a好", tuple(range(11)), [Edit(1, 9, "<url>")])
    assert (text, offsets) == ("看<url>好", (0, 1, 1, 1, 1, 1, 9, 10))


def test_every_emoji_of_unicode_is_one_token() -> None:
    whole = [sign for sign, facts in emoji.EMOJI_DATA.items() if facts["status"] <= 3]
    assert len(whole) > 3000
    assert [sign for sign in whole if not ATOM.fullmatch(sign)] == []


def test_every_emoji_of_unicode_survives() -> None:
    whole = [sign for sign, facts in emoji.EMOJI_DATA.items() if facts["status"] <= 3]
    assert [sign for sign in whole if normalize(sign).text != sign] == []
