"""Laws of the text room, tried on alphabets that provoke them."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedback_nlp.records import NormalizedText
from feedback_nlp.text.lengths import LONGEST_CLAUSE
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.segment import segment
from feedback_nlp.text.split import split_clauses, whole_clause
from feedback_nlp.text.tokens import CONTENT

FRAGMENTS = (
    *"，,、。！？；…~.：:（）()“”[]<>*-_#/ 　\n\r\t\u2028\x00\x1f",
    *"\u200b\u200d\ufe0f\u20e3\ufeff\ue000\ud800\udfff\U0001f3fb\U000e0067\U000e007f",
    *"太好坏不没了但却就一二三12ＡＺａ１Ax",
    *"👍❤😭🏴🇨🇳陳昇乾麼覆壞",
    *(
        "但是",
        "就是",
        "如果",
        "所以",
        "不过",
        "另外",
        "[微笑]",
        "<url>",
        "http://",
        "https://a.cn/x",
    ),
    *("www.", "a.cn/b", "闪退", "打不开", "质量很好", "1.", "2、", "①", "3.5.1", "1,000", "iOS8"),
    *(
        "👨\u200d👩\u200d👧",
        "👍🏻",
        "1\ufe0f\u20e3",
        "軟體更新後閃退",
        "沒有回覆",
        "好评" * 5,
        "哈" * 9,
    ),
)
NOISE = (
    *"&;?￥äÖ涓鐢ㄦ埛锟斤拷�\ue15f\xad\x96艹冇",
    *(
        "(",
        ")",
        "(hǎo)",
        "（xiàn）",
        "(hao3)",
        "(me)",
        "(CSAT)",
        "產(chǎn)品",
        "F(xiàn)",
        "不(bù",
        "hǎo)",
    ),
    *(
        "&amp;",
        "&lt;",
        "br&gt;",
        "&nbsp",
        "&hellip;",
        "&#x4e2d;",
        "&#55357;&#56832;",
        "&#0;",
        "amp;",
    ),
    *(
        "<br>",
        "</p>",
        "<b",
        "<li>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<a href='x'>",
        ">",
        "<3",
    ),
    *("ä¸\xadæ–‡", "ÖÐÎÄ", "涓\ue15f枃", "鐢ㄦ埛", "鐢ㄦ埛浣撻獙", "娴犲﹤銇", "瀛?", "Ã¤Â¸Â\xad"),
    *(
        "下载本文档",
        "发自我的iPhone",
        "第1页",
        "收起",
        "\n",
        "...",
        "展开全部",
        "来自华为手机客户端",
    ),
    *(
        "木有",
        "蚌埠住了",
        "tmd",
        "la ji",
        "弓虽",
        "有木",
        "差平",
        "v信",
        "sb",
        "yyds",
        "伱",
        "红bao",
    ),
)
noisy = st.lists(st.sampled_from((*NOISE, *FRAGMENTS)), max_size=60).map("".join)
law = settings(deadline=None)  # the lexicons load on first use
COPIES_ONLY = {"fold_width", "fold_script", "name_urls", "tidy_space", "squeeze_repeats"}
clean = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join),
    st.text(st.characters(), max_size=80),
)
reviews = st.one_of(noisy, clean)


def kept_content_places(text: str) -> set[int]:
    """Where the content began that normalisation kept."""
    result = normalize(text)
    return {result.offsets[match.start()] for match in CONTENT.finditer(result.text)}


@law
@given(reviews)
@example("wwwwww.a.cn好")
@example("陳昇" * 5)
@example("👩\u200b\u200d👩👩")
@example("好" + "(" * 20 + "hǎo)" * 20)
@example("<<b>b>太太太太" + "&amp;" * 9 + "lt;br&gt;")
def test_normalize_is_idempotent(text: str) -> None:
    once = normalize(text).text
    assert normalize(once) == NormalizedText(once, (), tuple(range(len(once) + 1)))


@law
@given(reviews)
def test_offsets_never_fall_and_stay_inside_the_original(text: str) -> None:
    result = normalize(text)
    assert len(result.offsets) == len(result.text) + 1
    assert list(result.offsets) == sorted(result.offsets)
    assert result.offsets[0] >= 0
    assert result.offsets[-1] == len(text)


@law
@given(reviews, st.data())
def test_every_span_maps_inside_the_original(text: str, data: st.DataObject) -> None:
    result = normalize(text)
    end = data.draw(st.integers(0, len(result.text)))
    start = data.draw(st.integers(0, end))
    first, last = result.span(start, end)
    assert 0 <= first <= last <= len(text)


@law
@given(reviews)
def test_normalized_text_can_be_encoded_and_is_tidy(text: str) -> None:
    result = normalize(text).text
    assert result.encode().decode() == result == result.strip()
    assert not re.search(r"[\t\r\u3000\u200b]|\s{2}|[Ａ-Ｚａ-ｚ０-９]", result)


@law
@given(reviews)
@example("好！" * 9)
@example("，1。2。" * 5)
def test_all_content_lies_in_exactly_one_clause(text: str) -> None:
    clauses = split_clauses(text)
    covered = [place for clause in clauses for place in range(clause.start, clause.end)]
    assert len(covered) == len(set(covered))
    assert kept_content_places(text) <= set(covered)


@law
@given(clean)
@example("好！" * 9)
@example("，1。2。" * 5)
@example("好！" * 9 + "\n发自我的iPhone")
def test_copies_that_were_squeezed_lie_in_a_clause(text: str) -> None:
    result = normalize(text)
    if set(result.applied) <= COPIES_ONLY:
        covered = {place for c in split_clauses(text) for place in range(c.start, c.end)}
        assert {match.start() for match in CONTENT.finditer(text)} <= covered


@law
@given(reviews)
def test_clauses_are_ordered_trimmed_and_cut_from_the_review(text: str) -> None:
    position = 0
    for clause in split_clauses(text):
        assert position <= clause.start < clause.end <= len(text)
        assert clause.text == text[clause.start : clause.end]
        assert clause.text == clause.text.strip(" \t\n，,")
        assert clause.normalized == clause.normalized.strip(" \n，,")
        assert CONTENT.search(clause.normalized)
        assert len(clause.normalized) <= LONGEST_CLAUSE
        position = clause.end


@law
@given(
    st.lists(st.sampled_from([*"的一是在不了有和人这软件打开", "iOS8", "👍🏻", "，", " "])).map(
        "".join
    )
)
def test_long_runs_are_cut_but_never_dropped(text: str) -> None:
    text *= 20
    together = "".join(clause.normalized for clause in split_clauses(text))
    assert re.sub(r"[，\s]", "", together) == re.sub(r"[，\s]", "", normalize(text).text)


@law
@given(reviews)
def test_the_whole_clause_is_the_normalised_review(text: str) -> None:
    clause = whole_clause(text)
    result = normalize(text).text
    assert (clause is None) == (CONTENT.search(result) is None)
    if clause:
        assert clause.normalized == result
        assert clause.text == text[clause.start : clause.end]


@law
@given(reviews)
def test_words_joined_give_the_text_without_white_space(text: str) -> None:
    result = normalize(text).text
    assert "".join(segment(result)) == re.sub(r"\s", "", result)
