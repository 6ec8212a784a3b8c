import numpy as np
import pytest
from builders import make_voices
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from feedback_nlp.themes.reasons import why
from feedback_nlp.themes.sayings import Saying


def saying(text: str, count: int = 1, prefix: str = "R") -> Saying:
    return Saying(text, text, tuple(make_voices([text] * count, prefix=prefix)))


def rows(*vectors: tuple[float, ...]) -> csr_matrix:
    made = np.array(vectors, dtype=float)
    return csr_matrix(made / np.linalg.norm(made, axis=1, keepdims=True))


THEME = (saying("一登录就卡死", prefix="A"), saying("页面打不开", prefix="B"))
VECTORS = rows((1, 0), (0, 1))


def test_why_names_the_nearest_and_the_words_they_share() -> None:
    reason = why(saying("登录页面卡死"), rows((1, 0.5)), THEME, VECTORS, keywords=["卡死", "闪退"])
    assert reason.nearest is not None
    assert (reason.nearest.review_id, reason.nearest.text) == ("A-001", "一登录就卡死")
    assert reason.nearest_similarity == pytest.approx(0.8944)
    assert reason.similarity == pytest.approx(0.9487)
    assert reason.words == ("卡死", "登录")
    assert reason.sentence == "与「一登录就卡死」相近（0.89）；同样说到：卡死、登录"


def test_why_of_a_member_never_names_itself() -> None:
    reason = why(THEME[0], rows((1, 0)), THEME, VECTORS)
    assert reason.nearest is not None
    assert reason.nearest.text == "页面打不开"
    assert reason.sentence == "与「页面打不开」相近（0.00）"


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        pytest.param(1, "这个主题目前只有这一条观点", id="alone"),
        pytest.param(3, "另有 2 条说法相同", id="others say exactly the same"),
    ],
)
def test_why_of_a_theme_of_one_wording(count: int, sentence: str) -> None:
    only = saying("一登录就卡死", count)
    reason = why(only, rows((1, 0)), [only], rows((1, 0)))
    assert reason.sentence == sentence
    assert (reason.nearest, reason.nearest_similarity, reason.similarity) == (None, 1.0, 1.0)


def test_why_cuts_a_long_quote_in_the_sentence_only() -> None:
    long = saying("页面\n" + "打不开" * 20, prefix="B")
    reason = why(saying("卡"), rows((1, 0)), [long], rows((1, 0)))
    assert reason.nearest is not None
    assert reason.nearest.text == long.text
    assert reason.sentence == f"与「页面 {('打不开' * 20)[:20]}…」相近（1.00）"


def test_why_writes_words_as_the_opinion_does() -> None:
    reason = why(
        saying("升级iOS 8登录不了"),
        rows((1, 0)),
        [saying("ios8登录不了", prefix="B")],
        rows((1, 0)),
        keywords=["iOS8"],
    )
    assert reason.words == ("iOS 8", "登录不了")


def test_why_counts_half_words_and_negations_as_nothing() -> None:
    theme = [saying("没有红包，付不了", prefix="B")]
    assert why(saying("没有彩票，付不了"), rows((1, 0)), theme, rows((1, 0))).words == ()


def test_of_equally_near_ones_the_first_counts() -> None:
    reason = why(saying("卡"), rows((1, 1)), THEME, VECTORS)
    assert reason.nearest is not None
    assert reason.nearest.text == "一登录就卡死"


def test_a_theme_has_members() -> None:
    with pytest.raises(ValueError, match="sayings are empty"):
        why(saying("卡"), rows((1, 0)), [], csr_matrix((0, 2)))


@given(
    st.lists(
        st.tuples(st.integers(-9, 9), st.integers(-9, 9)).filter(any),
        min_size=2,
        max_size=6,
    )
)
def test_similarities_are_shares(vectors: list[tuple[int, int]]) -> None:
    sayings = [saying(f"第{place}条", prefix=f"P{place}") for place in range(1, len(vectors))]
    made = rows(*vectors)
    reason = why(saying("第零条"), made[0], sayings, made[1:])
    assert 0 <= reason.similarity <= 1
    assert 0 <= reason.nearest_similarity <= 1
