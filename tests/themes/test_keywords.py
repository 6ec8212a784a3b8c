import pytest
from builders import make_voices

from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.keywords import count_words, keywords, rarity
from feedback_nlp.themes.sayings import Saying


def cluster(*texts: str) -> Cluster:
    voices = make_voices(texts)
    return Cluster(tuple(Saying(v.text, normalize(v.text).text, (v,)) for v in voices))


def test_keywords_set_a_cluster_apart() -> None:
    crash = cluster("打开订单就闪退", "打开订单闪退", "订单页面闪退")
    slow = cluster("打开首页卡顿", "首页卡顿")
    first, second = keywords([crash, slow])
    assert first[:2] == ("订单", "闪退")
    assert set(second[:2]) == {"首页", "卡顿"}


def test_keywords_are_words_and_at_most_five() -> None:
    text = "我 的 了 123 闪退 https://a.cn/b [怒] 😡 订单 页面 版本 首页 更新 手机"
    (words,) = keywords([cluster(text)])
    assert len(words) == 5
    assert set(words) <= {"闪退", "订单", "页面", "版本", "首页", "更新", "手机"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(
            ["客服电话打不通", "客服电话打不通", "客服打不通"],
            {"客服电话", "打不通"},
            id="of two alike words one",
        ),
        pytest.param(["iOS 8闪退", "iOS 8闪退", "ios8闪退"], {"iOS 8", "闪退"}, id="as most write"),
        pytest.param(["付不了钱", "付不了钱"], set(), id="no half words"),
        pytest.param(
            ["优惠券闪退", "优惠券闪退", "优惠券闪退", "订单"],
            {"优惠券", "闪退", "订单"},
            id="a word said once comes last",
        ),
    ],
)
def test_keywords(texts: list[str], expected: set[str]) -> None:
    (words,) = keywords([cluster(*texts)])
    assert set(words) == expected


def test_rarity_falls_with_use() -> None:
    counts = [count_words(cluster("订单闪退", "订单闪退")), count_words(cluster("订单卡顿"))]
    rare = rarity(counts)
    assert rare["卡顿"] > rare["闪退"] > rare["订单"]


def test_no_clusters_have_no_keywords() -> None:
    assert keywords([]) == []
