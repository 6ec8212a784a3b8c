from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import TAXONOMY, SpotClassifier, complaints, make_labels, make_voice, make_voices
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Quote, TopicProbability, Voice
from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes import label
from feedback_nlp.themes.cluster import Cluster, gather
from feedback_nlp.themes.recipes import DEFAULT
from feedback_nlp.themes.sayings import Saying


def cluster(*texts: str, topic: str = "performance.crash") -> Cluster:
    """A cluster of one saying for each text, the first the most central."""
    voices = make_voices(texts, topic)
    return Cluster(
        tuple(Saying(voice.text, normalize(voice.text).text, (voice,)) for voice in voices)
    )


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["一打开就闪退"], "闪退故障：一打开就闪退", id="topic and the central clause"),
        pytest.param(
            ["闪退", "一打开就闪退"], "闪退故障：一打开就闪退", id="too short says little"
        ),
        pytest.param(["闪退", "崩了"], "闪退故障", id="all too short: the topic alone"),
        pytest.param(
            ["！！一打开就闪退。。。"], "闪退故障：一打开就闪退", id="no marks at the ends"
        ),
        pytest.param(
            ["[怒]一打开就闪退😡😡"], "闪退故障：一打开就闪退", id="no stickers at the ends"
        ),
        pytest.param(["点进去就闪退https://a.cn/b"], "闪退故障：点进去就闪退", id="no half URL"),
        pytest.param(["一打开\n就闪退"], "闪退故障：一打开 就闪退", id="one line"),
        pytest.param(["ＡＰＰ一打開就閃退"], "闪退故障：APP一打开就闪退", id="in analysis form"),
        pytest.param(
            ["从昨天晚上更新到最新版本以后手机一打开就闪退", "一打开就闪退"],
            "闪退故障：一打开就闪退",
            id="a clause that fits goes before a shortened one",
        ),
        pytest.param(
            ["从昨天晚上更新到最新版本以后手机一打开就闪退"],
            "闪退故障：从昨天晚上更新到最新版本以后手机一…",
            id="cut between words",
        ),
        pytest.param(
            ["iPhone 6 更新 iOS 8 以后一打开这个软件就闪退"],
            "闪退故障：iPhone 6 更新 iOS 8…",
            id="words of Latin letters keep their spaces",
        ),
        pytest.param(
            ["我abcdefghijklmnopqrstuvwxyz"], "闪退故障：我abcdefghijklmnopq…", id="one long word"
        ),
    ],
)
def test_name(texts: list[str], expected: str) -> None:
    assert label.name(cluster(*texts), TAXONOMY) == expected


def test_name_prefers_the_central_clause_with_the_telling_words() -> None:
    both = cluster("点一下就退出去了", "用优惠券付款就闪退", "不过优惠券付款还是闪退")
    assert label.name(both, TAXONOMY, telling=["优惠券", "付款"]) == "闪退故障：用优惠券付款就闪退"


def test_name_that_is_taken_gives_way_to_the_next_clause() -> None:
    both = cluster("一打开就闪退", "点开就闪退")
    taken = frozenset({"闪退故障：一打开就闪退"})
    assert label.name(both, TAXONOMY, taken=taken) == "闪退故障：点开就闪退"


def test_name_is_repeated_only_when_nothing_else_is_left() -> None:
    taken = frozenset({"闪退故障：一打开就闪退"})
    assert label.name(cluster("一打开就闪退"), TAXONOMY, taken=taken) in taken


def clause_of(name: str) -> str:
    return name.partition("：")[2].removesuffix("…")


@given(
    st.lists(st.text(min_size=1) | st.text("闪退 打开，Ａ1\n😡<>url[怒]"), min_size=1, max_size=5)
)
def test_name_is_the_users_own_words(texts: list[str]) -> None:
    name = label.name(cluster(*texts), TAXONOMY)
    said = [normalize(text).text.replace("\n", " ") for text in texts]
    assert any(clause_of(name) in text for text in said)
    assert len(clause_of(name)) <= label.NAME_CHARACTERS
    assert "\n" not in name


def test_names_of_the_sample_differ() -> None:
    names: list[str] = []
    for each in gather(complaints(), SpotClassifier(), DEFAULT):
        names.append(label.name(each, TAXONOMY, taken=frozenset(names)))
    assert len(set(names)) == len(names) == 4


# --- topic -------------------------------------------------------------------------------------


def with_topics(*topics: tuple[str, float]) -> Voice:
    labels = make_labels(topics=tuple(TopicProbability(code, share) for code, share in topics))
    return make_voice("闪退", labels=labels)


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        pytest.param(
            [
                with_topics(("performance.crash", 0.9)),
                with_topics(("account.login", 0.6), ("performance.crash", 0.5)),
            ],
            "performance.crash",
            id="probabilities add up",
        ),
        pytest.param(
            [with_topics(("performance.speed", 0.3)), with_topics(("account.login", 0.1 + 0.2))],
            "account.login",
            id="a tie goes to the first code, also after rounding",
        ),
    ],
)
def test_main_topic(voices: list[Voice], expected: str) -> None:
    assert label.main_topic(Cluster((Saying("闪退", "闪退", tuple(voices)),))) == expected


# --- keywords ----------------------------------------------------------------------------------


def test_keywords_set_a_cluster_apart() -> None:
    crash = cluster("打开订单就闪退", "打开订单闪退", "订单页面闪退")
    slow = cluster("打开首页卡顿", "首页卡顿", topic="performance.speed")
    first, second = label.keywords([crash, slow])
    assert first[:2] == ("订单", "闪退")
    assert set(second[:2]) == {"首页", "卡顿"}


def test_keywords_are_words_and_at_most_five() -> None:
    text = "我 的 了 123 闪退 https://a.cn/b [怒] 😡 订单 页面 版本 首页 更新 手机"
    (words,) = label.keywords([cluster(text)])
    assert len(words) == 5
    assert set(words) <= {"闪退", "订单", "页面", "版本", "首页", "更新", "手机"}


def test_no_clusters_have_no_keywords() -> None:
    assert label.keywords([]) == []


# --- quotes ------------------------------------------------------------------------------------


def saying(text: str, *reviews: str) -> Saying:
    voices = make_voices([text] * len(reviews))
    return Saying(
        text, text, tuple(replace(v, review_id=r) for v, r in zip(voices, reviews, strict=True))
    )


def quoted(sayings: Sequence[Saying]) -> list[tuple[str, str]]:
    return [(quote.review_id, quote.text) for quote in label.quotes(Cluster(tuple(sayings)))]


def test_quotes_are_the_original_words_with_their_place() -> None:
    voice = make_voice("一打開就閃退！", start=4, end=11)
    assert label.quotes(Cluster((Saying("一打开就闪退", "一打开就闪退！", (voice,)),))) == (
        Quote("R-1", 4, 11, "一打開就閃退！"),
    )


def test_quotes_come_from_different_reviews() -> None:
    assert quoted([saying("甲", "R-1"), saying("乙", "R-1", "R-2"), saying("丙", "R-1")]) == [
        ("R-1", "甲"),
        ("R-2", "乙"),
    ]


def test_at_most_five_quotes_most_central_first() -> None:
    found = quoted([saying(f"第{n}句", f"R-{n}") for n in range(9)])
    assert found == [(f"R-{n}", f"第{n}句") for n in range(5)]
