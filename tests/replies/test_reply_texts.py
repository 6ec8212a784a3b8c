"""What is written: never another user's words, never too long, never what must not be said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reply_samples import heard, only

from feedback_nlp.errors import InputError
from feedback_nlp.records import ReviewKind, TemplateKind
from feedback_nlp.replies.drafts import Style, draft, template_of
from feedback_nlp.replies.problems import SHARED_BY, own_words, public_name
from feedback_nlp.replies.render import Facts, fill, fill_list, shorten
from feedback_nlp.replies.templates import EARLY, Blank, Template, built_in, limit_of, read

K = TemplateKind
FACTS = Facts("K-0001", "鲸鱼买菜", "8.2", date(2026, 11, 20))
MESSAGES = [kind for kind in K if kind is not K.RELEASE_NOTE]


@pytest.mark.parametrize("kind", K)
def test_the_programs_own_wordings_pass_their_own_checks(kind: TemplateKind) -> None:
    own = built_in(kind)
    assert (own.kind, own.limit) == (kind, limit_of(kind))
    assert Blank.PROBLEM in own.parts
    assert ("解决" in own.text) <= (kind not in EARLY)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        pytest.param(
            K.SERVICE, "您好{name}", r"没有占位符 \{name\}，可用：\{product\}", id="unknown"
        ),
        pytest.param(K.SERVICE, "{problem.__class__}", r"\{problem\.__class__\}", id="attribute"),
        pytest.param(K.SERVICE, "{}", r"没有占位符 \{\}", id="no name"),
        pytest.param(K.SERVICE, "{{problem}}", "不成对的花括号", id="braces in braces"),
        pytest.param(K.SERVICE, "好的{problem", "不成对的花括号", id="open brace"),
        pytest.param(K.SERVICE, " \n ", "是空的", id="nothing"),
        pytest.param(K.SERVICE, "a\x07b", "控制字符", id="a bell"),
        pytest.param(K.SERVICE, "a\ud800b", "控制字符", id="half a character"),
        pytest.param(K.SERVICE, "请打13912345678", "手机号", id="a mobile number"),
        pytest.param(K.APP_STORE, "我们保 证修好{problem}", "“保证”", id="a promise"),
        pytest.param(K.RELEASE_NOTE, "{problem}\n送优惠券", "“优惠券”", id="a gift"),
        pytest.param(K.SERVICE_EARLY, "{problem}已解决", "不能说“已解决”", id="a claim too early"),
        pytest.param(K.RELEASE_NOTE, "修了一些问题", r"\{problem\}", id="a note about nothing"),
        pytest.param(
            K.APP_STORE, "字" * 343 + "{problem}", "最多 350 个；请缩短 1 个字", id="long"
        ),
    ],
)
def test_a_wording_that_cannot_be_used_says_why(
    kind: TemplateKind, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(kind, text)


def test_a_service_wording_may_speak_of_money_and_name_a_hotline() -> None:
    assert read(K.SERVICE, "“{problem}”的补偿请拨 400-810-1234").limit == 1_000


MINE, OTHERS = "甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"
"""Letters that only the user, and only the other users, write."""
wild = st.text(st.sampled_from([*MINE, *"{}%$\n*~ 😀\u200d👩\u0301"]), max_size=90)
blanks = st.sampled_from([f"{{{blank}}}" for blank in Blank])
pieces = st.lists(blanks | st.text(st.sampled_from("春夏秋冬，。\n"), max_size=60), max_size=12)
words = st.text(st.sampled_from(OTHERS), min_size=2, max_size=16)


def perhaps(kind: TemplateKind, text: str) -> Template:
    """What a person wrote, or what counts instead when it is refused."""
    try:
        return read(kind, text)
    except InputError:
        return built_in(kind)


@given(st.sampled_from(MESSAGES), pieces, wild, st.lists(words, min_size=1, max_size=4), wild, wild)
def test_a_reply_never_holds_anothers_words_and_never_exceeds_the_limit(
    kind: TemplateKind, parts: list[str], mine: str, others: list[str], product: str, version: str
) -> None:
    template = perhaps(kind, "".join(parts))
    said = {"U-1": [mine]} | {f"other {n}": [text] for n, text in enumerate(others)}
    assert len(others) < 2 * SHARED_BY
    name = others[0]
    shared = sum(name in text for text in others) >= SHARED_BY
    fallback = public_name("闪退故障", name, said, by_hand=False)
    to = only(heard("R-1", mine or "。", "U-1", product=product or None))
    for style in Style:
        facts = Facts("K-0001", version=version or None)
        for early in (True, False):
            made = draft(to, facts, {kind: template}, fallback=fallback, early=early, style=style)
            assert len(made.text) <= limit_of(made.kind)
            assert shared or not set(made.text) & set(OTHERS)
            made.text.encode()
    text = fill(template, Facts("K-0001", product, version), fallback)
    assert len(text) <= template.limit
    assert shared or not set(text) & set(OTHERS)


@given(told=st.lists(st.tuples(words, st.integers(1, 5)), max_size=6), by_hand=st.booleans())
def test_a_release_note_holds_what_three_users_say_or_nobodys_words(
    told: list[tuple[str, int]], *, by_hand: bool
) -> None:
    said = {
        f"U-{n}-{i}": [f"我觉得{text}！"]
        for n, (text, users) in enumerate(told)
        for i in range(users)
    }
    for text, _ in told:
        users = sum(any(text in each for each in texts) for texts in said.values())
        name = public_name("配送时效", text, said, by_hand=by_hand)
        note = fill_list(built_in(K.RELEASE_NOTE), [(name, "K-0001")], FACTS)
        assert (text in note) is (users >= SHARED_BY)
        assert users >= SHARED_BY or not set(note) & set(OTHERS)


def test_a_name_that_the_team_chose_is_told_unless_few_users_say_a_part_of_it() -> None:
    said = {"U-1": ["红烧肉馊了还不给退"], "U-2": ["送来是坏的"]}
    assert public_name("品质", "到货变质", said, by_hand=True) == "品质：到货变质"
    assert public_name("品质", "到货变质", said, by_hand=False) == "品质"
    assert public_name("品质", "红烧肉馊了", said, by_hand=True) == "品质"


def test_a_note_lists_each_problem_and_counts_those_without_room() -> None:
    items = [(f"问题{n}", f"K-{n:04}") for n in range(1, 4)]
    note = fill_list(
        read(K.RELEASE_NOTE, "{product} {version}\n{ticket} {problem}\n完"), items, FACTS
    )
    assert note.splitlines() == [
        "鲸鱼买菜 8.2版本",
        "K-0001 问题1",
        "K-0002 问题2",
        "K-0003 问题3",
        "完",
    ]
    many = [("很长的问题" * 8, f"K-{n:04}") for n in range(120)]
    note = fill_list(built_in(K.RELEASE_NOTE), many, FACTS)
    assert len(note) <= limit_of(K.RELEASE_NOTE)
    assert "以及其他 2" in note.splitlines()[-2]


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        pytest.param("一打开就闪退", 6, "一打开就闪退", id="fits"),
        pytest.param("一打开就闪退", 5, "一打开就…", id="cut"),
        pytest.param("好👩\u200d💻好", 4, "好…", id="a joined emoji stays whole"),
        pytest.param("cafe\u0301s", 5, "caf…", id="an accent stays with its letter"),
        pytest.param("一二", 0, "", id="no room"),
    ],
)
def test_a_text_is_cut_between_characters(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


def test_only_the_problem_is_shortened() -> None:
    text = fill(read(K.APP_STORE, "字" * 330 + "“{problem}”"), FACTS, "甲" * 40)
    assert text == "字" * 330 + "“" + "甲" * 17 + "…”"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("  一打开\n就闪退！！", "一打开 就闪退"),
        ("我的号码是13912345678", ""),
        ("我叫***，退款没到", ""),
        ("！！", ""),
    ],
)
def test_own_words_are_quoted_plainly_or_not_at_all(text: str, quote: str) -> None:
    assert own_words(text) == quote


@pytest.mark.parametrize(
    ("kind", "rating", "severity", "early", "expected"),
    [
        (ReviewKind.REVIEW, 5.0, 3, False, K.APP_STORE),
        (ReviewKind.REVIEW, 2.0, 1, False, K.APP_STORE_SORRY),
        (ReviewKind.REVIEW, None, 3, True, K.APP_STORE_EARLY_SORRY),
        (ReviewKind.CHAT, None, 1, False, K.SERVICE),
        (ReviewKind.SURVEY, 1.0, 1, True, K.SERVICE_EARLY_SORRY),
    ],
)
def test_channel_and_mood_choose_the_wording(
    kind: ReviewKind, rating: float | None, severity: int, *, early: bool, expected: TemplateKind
) -> None:
    to = only(heard("R-1", kind=kind, rating=rating, severity=severity))
    made = draft(to, FACTS, {}, fallback="闪退故障", early=early)
    assert made.kind is expected
    assert ("抱歉" in made.text) is expected.value.endswith("sorry")
    assert "一打开就闪退" in made.text
    assert template_of(expected, {}).text != made.text
