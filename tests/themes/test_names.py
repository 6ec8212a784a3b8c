from dataclasses import replace
from itertools import permutations

import pytest
from builders import TAXONOMY, make_labels, make_voices
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Intent, Labels, Polarity, Probabilities, Taxonomy, Topic
from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.names import name, name_key, names
from feedback_nlp.themes.phrases import NAME_CHARACTERS
from feedback_nlp.themes.sayings import Saying, distinct

PRAISE = make_labels(
    polarity=Polarity.POS, probabilities=Probabilities(0.03, 0.07, 0.9), intent=Intent.PRAISE
)
TOPIC_NAMES = {topic.name for topic in TAXONOMY.topics}


def cluster(*texts: str, topic: str = "performance.crash", labels: Labels | None = None) -> Cluster:
    """A cluster of one saying for each text, the first the most central."""
    voices = make_voices(texts, topic)
    if labels is not None:
        voices = [replace(voice, labels=labels) for voice in voices]
    return Cluster(tuple(Saying(v.text.lower(), normalize(v.text).text, (v,)) for v in voices))


def together(*clusters: Cluster) -> Cluster:
    return Cluster(tuple(saying for each in clusters for saying in each.sayings))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["一打开就闪退"], "一打开就闪退", id="a clause"),
        pytest.param(["但是一打开就闪退了啊"], "一打开就闪退", id="no but before, no 了 behind"),
        pytest.param(["！！一打开就闪退。。。"], "一打开就闪退", id="no marks at the ends"),
        pytest.param(["[怒]一打开就闪退😡😡"], "一打开就闪退", id="no stickers at the ends"),
        pytest.param(["点进去就闪退https://a.cn/b"], "点进去就闪退", id="no half URL"),
        pytest.param(["“订单已签收”骗人"], "订单已签收", id="no half quotation"),
        pytest.param(["ＡＰＰ一打開就閃退"], "APP一打开就闪退", id="in analysis form"),
        pytest.param(["升级iOS 8后就闪退"], "升级iOS 8后就闪退", id="a version stays whole"),
        pytest.param(["4.0.1版本打不开"], "4.0.1版本打不开", id="numbers with dots stay whole"),
        pytest.param(["一打开就闪退\n气人"], "一打开就闪退", id="one line"),
        pytest.param(["闪退", "一打开就闪退"], "一打开就闪退", id="too short says little"),
        pytest.param(["闪退", "崩了"], "闪退", id="all too short: the first words of all"),
        pytest.param(["。。"], "闪退故障", id="no words: the topic"),
        pytest.param(
            ["汤都洒出来了", "汤洒了一袋子", "汤都洒出来，没法吃"], "汤都洒出来", id="two ways"
        ),
        pytest.param(
            ["昨天付款的时候用优惠券就闪退", "用优惠券就闪退", "今天用优惠券就闪退，气人"],
            "用优惠券就闪退",
            id="what most of them say",
        ),
    ],
)
def test_name(texts: list[str], expected: str) -> None:
    assert name(cluster(*texts), TAXONOMY) == expected


def test_name_prefers_the_telling_words() -> None:
    both = cluster("点一下就退出去", "用优惠券付款就闪退")
    assert name(both, TAXONOMY, telling=["优惠券", "付款"]) == "用优惠券付款就闪退"


def test_name_tells_a_cluster_from_the_others() -> None:
    coupon = cluster("打开软件就闪退", "打开软件就闪退啊", "用优惠券就闪退", "选优惠券就闪退")
    others = [cluster("打开软件就闪退", "软件打开就闪退", f"{what}就闪退") for what in "甲乙"]
    first, *_ = names([coupon, *others], TAXONOMY)
    assert "优惠券" in first


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(PRAISE, id="praise"),
        pytest.param(make_labels(uncertain=True), id="what the classifier is not sure of"),
    ],
)
def test_name_of_complaints_is_a_sure_complaint(other: Labels) -> None:
    mixed = together(
        cluster("送货速度特别快", "送货速度特别快呀", labels=other),
        cluster("送货等了两个小时", "送货等了三个小时", "送货慢得离谱"),
    )
    assert "特别快" not in name(mixed, TAXONOMY)


def test_name_of_praise_is_praise() -> None:
    assert name(cluster("送货速度特别快", labels=PRAISE), TAXONOMY) == "送货速度特别快"


def test_names_are_never_the_same() -> None:
    same = [cluster("一打开就闪退", "点开就闪退") for _ in range(5)]
    found = names(same, TAXONOMY)
    assert found[:2] == ["一打开就闪退", "点开就闪退"]
    assert len({name_key(each) for each in found}) == 5


def test_name_that_differs_in_case_only_is_taken() -> None:
    assert name(cluster("App打不开了"), TAXONOMY, taken=frozenset({"APP 打不开"})) == "闪退故障"


def test_topics_are_numbered_when_nothing_else_is_left() -> None:
    taken = frozenset({"一打开就闪退", "闪退故障", "闪退故障 2"})
    assert name(cluster("一打开就闪退"), TAXONOMY, taken=taken) == "闪退故障 3"


def test_a_long_topic_is_cut_to_fit_its_number() -> None:
    topic = Topic("x.y", "很" * 30, "", "x", "x", "研发", "weekly", 1)
    taxonomy = Taxonomy("t", (topic,))
    first = name(cluster("。", topic="x.y"), taxonomy)
    second = name(cluster("。", topic="x.y"), taxonomy, taken=frozenset({first}))
    assert (first, second) == ("很" * 16, f"{'很' * 14} 2")


def test_names_ignore_the_order_of_voices() -> None:
    voices = make_voices(["用券就闪退", "用券就闪退！", "一用券就闪退", "付款就闪退"])
    found = {name(Cluster(tuple(distinct(order))), TAXONOMY) for order in permutations(voices)}
    assert len(found) == 1


def test_spelling_is_the_one_most_people_use() -> None:
    many = cluster("IOS8用不了", "iOS8用不了", "iOS8用不了啊", "iOS 8用不了")
    assert name(many, TAXONOMY) == "iOS8用不了"


TEXTS = st.lists(
    st.text(min_size=1) | st.text("闪退 打开就了的还，不Ａ1.8\n😡<>url[怒]（”"),
    min_size=1,
    max_size=5,
)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_names_are_short_different_and_the_users_own_words(groups: list[list[str]]) -> None:
    found = names([cluster(*texts) for texts in groups], TAXONOMY)
    assert len({name_key(each) for each in found}) == len(found)
    for each, texts in zip(found, groups, strict=True):
        assert 0 < len(each) <= NAME_CHARACTERS
        assert "\n" not in each
        said = [normalize(text).text for text in texts]
        is_said = any(each in text for text in said)
        assert is_said or each.split(" ")[0] in TOPIC_NAMES
