import pytest
from builders import TAXONOMY, SpotClassifier, complaints, make_labels, make_voice

from feedback_nlp.records import TopicProbability, Voice
from feedback_nlp.themes import label
from feedback_nlp.themes.cluster import Cluster, gather
from feedback_nlp.themes.recipes import RECIPES
from feedback_nlp.themes.sayings import Saying


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


FOUR_THEMES = RECIPES[1]


def test_names_of_the_sample_say_what_is_wrong() -> None:
    clusters = gather(complaints(), SpotClassifier(), FOUR_THEMES)
    assert label.names(clusters, TAXONOMY) == [
        "更新以后一打开就闪退",
        "收不到登录验证码",
        "申请退款半个月没到账",
        "配送太慢",
    ]


def test_names_one_at_a_time_differ_too() -> None:
    clusters = gather(complaints(), SpotClassifier(), FOUR_THEMES)
    names: list[str] = []
    for each, telling in zip(clusters, label.keywords(clusters), strict=True):
        names.append(label.name(each, TAXONOMY, telling=telling, taken=frozenset(names)))
    assert len(set(names)) == len(names) == 4
