import pytest
from growth import grows_linearly

from feedback_nlp.text.lengths import LONGEST_CLAUSE
from feedback_nlp.text.split import split_clauses, whole_clause


def clauses_of(text: str) -> list[str]:
    return [clause.text for clause in split_clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("……！！，，", [], id="only marks"),
        pytest.param("闪退！怎么用？\n差评；", ["闪退", "怎么用", "差评"], id="sentence ends"),
        pytest.param(
            "这件衣服的质量很好，物流送得也特别快",
            ["这件衣服的质量很好", "物流送得也特别快"],
            id="commas between strong pieces",
        ),
        pytest.param("很好，不错，赞", ["很好，不错，赞"], id="weak pieces join"),
        pytest.param("快递、包装、质量都很好", ["快递、包装、质量都很好"], id="、 does not cut"),
        pytest.param("屏幕不错.电池太差", ["屏幕不错", "电池太差"], id="Latin full stop after Han"),
        pytest.param(
            "等了3~5天才到~太慢了", ["等了3~5天才到", "太慢了"], id="~ ends but not in 3~5"
        ),
        pytest.param(
            "升级后登录不了 赶快解决", ["升级后登录不了", "赶快解决"], id="title and body"
        ),
        pytest.param("登录不 了", ["登录不 了"], id="a torn word stays whole"),
        pytest.param(
            "总是提示没有 网络可以连接", ["总是提示没有 网络可以连接"], id="no cut after a negation"
        ),
        pytest.param("我的 iPhone 用不了", ["我的 iPhone 用不了"], id="spaces around Latin"),
        pytest.param("更新到iOS8 一直打不开", ["更新到iOS8", "一直打不开"], id="space after iOS8"),
        pytest.param("登录总是失败 iOS8闪退", ["登录总是失败", "iOS8闪退"], id="space before iOS8"),
        pytest.param("升级到iOS8 后登录不了", ["升级到iOS8 后登录不了"], id="iOS8 后 stays whole"),
    ],
)
def test_split_cuts_between_opinions(text: str, expected: list[str]) -> None:
    assert clauses_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("很好看，但贵", ["很好看", "但贵"], id="但 cuts before a weak piece"),
        pytest.param("手机不错，就是费电", ["手机不错", "就是费电"], id="就是 after praise"),
        pytest.param("便宜，不过，做工太差", ["便宜", "不过，做工太差"], id="a bare 不过 leads"),
        pytest.param("价格便宜但是质量太差", ["价格便宜", "但是质量太差"], id="但是 without comma"),
        pytest.param("不但是新款，而且便宜", ["不但是新款，而且便宜"], id="不但是 is no 但是"),
        pytest.param(
            "虽然便宜，但是没电。", ["虽然便宜", "但是没电"], id="虽然 has its own clause"
        ),
        pytest.param(
            "如果能加夜间模式，就更好了", ["如果能加夜间模式，就更好了"], id="如果 and 就 together"
        ),
        pytest.param(
            "用了一个月以后，屏幕坏了", ["用了一个月以后，屏幕坏了"], id="a time leans on"
        ),
        pytest.param("因为没有货，商家退款了", ["因为没有货，商家退款了"], id="a reason leans on"),
        pytest.param(
            "系统老是卡住，所以卸载了", ["系统老是卡住，所以卸载了"], id="a result leans back"
        ),
        pytest.param(
            "这手机拍照非常清楚，另外，客服说话也很耐心",
            ["这手机拍照非常清楚", "另外，客服说话也很耐心"],
            id="另外 leads",
        ),
    ],
)
def test_split_respects_connectives(text: str, expected: list[str]) -> None:
    assert clauses_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.很卡 2.很慢", ["1.很卡", "2.很慢"], id="1. 2."),
        pytest.param("1、很卡，2、很慢", ["1、很卡", "2、很慢"], id="1、 2、"),
        pytest.param("1.房间小2、服务差", ["1.房间小", "2、服务差"], id="glued number continues"),
        pytest.param("①很卡②很慢", ["①很卡", "②很慢"], id="circled"),
        pytest.param("（1）很卡（2）很慢", ["（1）很卡", "（2）很慢"], id="in brackets"),
        pytest.param("一、很卡。二、很慢", ["一、很卡", "二、很慢"], id="Han numerals"),
        pytest.param("一、二线城市才有", ["一、二线城市才有"], id="一、二线 is no list"),
        pytest.param("买了2、3个都坏了", ["买了2、3个都坏了"], id="2、3个 is no list"),
        pytest.param("第2、电池太差", ["第2、电池太差"], id="第2、 keeps its 第"),
        pytest.param("房间3、楼道都有烟味", ["房间3、楼道都有烟味"], id="a number out of order"),
    ],
)
def test_split_starts_a_clause_at_list_numbers(text: str, expected: list[str]) -> None:
    assert clauses_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("升级到3.5.1版还是1,000元", id="versions and numbers"),
        pytest.param("看https://a.cn/x.html?y=1!", id="urls"),
        pytest.param("真的很👨‍👩‍👧‍👦温馨", id="emoji sequences"),
        pytest.param("客服回复[微笑][再见]", id="stickers"),
        pytest.param("手机（黑色，国行版本）收到", id="brackets"),
        pytest.param("客服说“亲，我们帮不了您”", id="quotes"),
        pytest.param("it isn't ok", id="Latin words"),
    ],
)
def test_split_never_cuts_inside(text: str) -> None:
    assert clauses_of(text) == [text.rstrip("!")]


def test_split_cuts_between_brackets() -> None:
    assert clauses_of("耳机（黑色，新款）收到，手机（白色，旧款）没货") == [
        "耳机（黑色，新款）收到",
        "手机（白色，旧款）没货",
    ]


def test_split_cuts_after_pictures_between_strong_pieces() -> None:
    assert clauses_of("真的非常好用👍👍下次还会再来[微笑]") == [
        "真的非常好用👍👍",
        "下次还会再来[微笑]",
    ]


def test_split_cuts_at_marks_that_were_entities() -> None:
    assert clauses_of("太卡了&hellip;想换") == ["太卡了", "想换"]


def test_split_gives_spans_of_the_original_and_the_analysis_form() -> None:
    text = "  ＡＰＰ閃退閃退閃退閃退！！！！  客服\u200b不理人 "
    first, second = split_clauses(text)
    assert (first.start, first.end, first.text) == (2, 13, "ＡＰＰ閃退閃退閃退閃退")
    assert first.normalized == "APP闪退闪退闪退"
    assert text[second.start : second.end] == second.text == "客服\u200b不理人"
    assert second.normalized == "客服不理人"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("这家店的服务态度一直都非常糟糕而且从来没有人愿意出来处理问题" * 9, id="Han"),
        pytest.param("a" * 50 + "b" * 500, id="one Latin word"),
        pytest.param("苹果、香蕉、葡萄、西瓜、橙子、" * 20 + "都坏了", id="、"),
        pytest.param("👨‍👩‍👧‍👦👍🏻" * 3 + "😀😡🥹🙄" * 60, id="emoji"),
        pytest.param("快，好，赞，值，" * 3 + "美，棒，香，甜，" * 30, id="weak pieces"),
    ],
)
def test_split_keeps_clauses_short_and_drops_nothing(text: str) -> None:
    clauses = split_clauses(text)
    assert max(len(clause.normalized) for clause in clauses) <= LONGEST_CLAUSE
    assert (
        sum(len(clause.text.strip("，、")) for clause in clauses)
        >= len(text.replace("，", "")) * 0.8
    )


def test_split_cuts_long_text_between_words() -> None:
    text = "这个软件自从上一次系统更新以后每一次打开都会自动退出" * 3
    words = {clause.text[-2:] for clause in split_clauses(text)}
    assert words <= {"退出", "更新", "打开", "系统", "以后", "自动", "软件", "一次", "都会", "自从"}


@pytest.mark.parametrize(
    "unit",
    [
        "好",
        "好 ",
        "ab ",
        "，",
        "👍😭",
        "http://",
        "（",
        "1.",
        "a-",
        "但是",
        "\ud800",
        "太太太太太慢",
        "。好\n",
    ],
)
def test_very_long_texts_take_time_in_proportion(unit: str) -> None:
    assert grows_linearly(split_clauses, (unit * 60_000)[:60_000])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  很好，快递也快！ ", "很好，快递也快！", id="marks stay"),
        pytest.param("\u200b 好\u200b", "好\u200b", id="spans the content"),
        pytest.param("👍！", "👍！", id="a picture says something"),
    ],
)
def test_whole_clause_is_the_whole_review(text: str, expected: str) -> None:
    clause = whole_clause(text)
    assert clause is not None
    assert clause.text == text[clause.start : clause.end] == expected


@pytest.mark.parametrize("text", ["", " \n", "\u200b\ud800"])
def test_whole_clause_is_none_when_nothing_is_left(text: str) -> None:
    assert whole_clause(text) is None
