from datetime import date, timedelta

import pytest
from builders import MONDAY, TODAY, make_labels, make_voice
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import AlertKind, Polarity, Quote, Voice
from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.segment import SHARP_WORDS
from feedback_nlp.themes.sharp import SharpWord, find_sharp, sharp_alerts, sharp_words

SAFETY, MINORS, LEGAL = AlertKind.SAFETY, AlertKind.MINORS, AlertKind.LEGAL
PRAISE = make_labels(polarity=Polarity.POS, severity=0)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("充电的时候突然冒烟了", {SAFETY}, id="smoke"),
        pytest.param("没用几天就起火了", {SAFETY}, id="没 that denies something else"),
        pytest.param("这个插座特别漏电", {SAFETY}, id="特别 denies nothing"),
        pytest.param("不但漏电，声音还大", {SAFETY}, id="不但 denies nothing"),
        pytest.param("用完脸上过敏，又红又痒", {SAFETY}, id="allergy"),
        pytest.param("不小心触电了", {SAFETY}, id="by accident"),
        pytest.param("吃完食物中毒进了医院", {SAFETY}, id="poisoned"),
        pytest.param("孩子偷偷充值了两千块", {MINORS}, id="a child pays"),
        pytest.param("未成年人也能注册，没人管", {MINORS}, id="minors let in"),
        pytest.param("再不退款就打12315", {LEGAL}, id="hotline"),
        pytest.param("黑猫投诉见", {LEGAL}, id="complaint site"),
        pytest.param("已经发律师函了，等着被起诉吧", {LEGAL}, id="lawyer"),
        pytest.param("不处理我就曝光你们", {LEGAL}, id="threat after a condition"),
        pytest.param("不得不报警", {LEGAL}, id="不得不 is a yes"),
        pytest.param("向市场监管局反映了", {LEGAL}, id="authority"),
        pytest.param("楼下发生一起火灾", {SAFETY}, id="一起 that counts fires"),
        pytest.param("热水器漏电，我要起诉", {SAFETY, LEGAL}, id="two kinds"),
        pytest.param("熱水器漏電", {SAFETY}, id="traditional script"),
        pytest.param("没有起火", set(), id="denied"),
        pytest.param("用了一年从来没有漏电过", set(), id="denied with a filler"),
        pytest.param("漏电的情况都没有", set(), id="denied afterwards"),
        pytest.param("敏感肌用了也不会过敏", set(), id="will not"),
        pytest.param("会不会过敏啊", set(), id="asks whether"),
        pytest.param("这次就不用曝光了", set(), id="no need to"),
        pytest.param("店里生意火爆", set(), id="火爆 is another word"),
        pytest.param("好吃到爆炸", set(), id="idiom of taste"),
        pytest.param("爆炸好吃", set(), id="idiom before taste"),
        pytest.param("晚上拍照曝光过度", set(), id="exposure of a photo"),
        pytest.param("辣得嗓子冒烟", set(), id="throat on fire"),
        pytest.param("我们一起火锅去", set(), id="across two words"),
        pytest.param("买了火灾险没人理", set(), id="insurance"),
        pytest.param("订单号8812315007", set(), id="digits inside a number"),
        pytest.param("工商银行的卡绑不了", set(), id="a bank"),
        pytest.param("烟雾报警器老是响", set(), id="a device that alarms"),
        pytest.param("支付宝闪退", set(), id="nothing sharp"),
        pytest.param("", set(), id="empty"),
    ],
)
def test_sharp_words_of_a_complaint(text: str, kinds: set[AlertKind]) -> None:
    assert set(find_sharp(make_voice(text))) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("质量真好，才用两天就起火", {SAFETY}, id="irony about a fire counts"),
        pytest.param("画面真是爆炸", set(), id="a word with a harmless sense does not"),
    ],
)
def test_praise_is_believed_only_for_words_with_a_harmless_sense(
    text: str, kinds: set[AlertKind]
) -> None:
    assert set(find_sharp(make_voice(text, labels=PRAISE))) == kinds


def test_review_raises_one_alert_per_kind_with_its_quotes() -> None:
    voices = [
        make_voice("插头漏电", review_id="R-2", start=0, end=4),
        make_voice("后来还冒烟", review_id="R-2", start=5, end=10),
        make_voice("我打12315了", review_id="R-2", start=11, end=19),
        make_voice("打不开", review_id="R-1"),
    ]
    legal, safety = sharp_alerts(voices, as_of=TODAY)
    assert (legal.key, safety.key) == ("legal/R-2/2026-03-02", "safety/R-2/2026-03-02")
    assert safety.quotes == (Quote("R-2", 0, 4, "插头漏电"), Quote("R-2", 5, 10, "后来还冒烟"))
    assert safety.reason == "安全：评论提到“漏电”“冒烟”"


def test_voices_of_later_days_do_not_count_and_those_without_time_do() -> None:
    later = make_voice("起火了", review_id="R-1", created_at=MONDAY + timedelta(days=1))
    undated = make_voice("起火了", review_id="R-2", created_at=None)
    assert [alert.subject for alert in sharp_alerts([later, undated], as_of=TODAY)] == ["R-2"]


def test_lexicon_is_dated_and_has_no_line_twice() -> None:
    dated = SHARP_WORDS.removesuffix(".txt").split("@")[1]
    assert date.fromisoformat(dated).isoformat() == dated
    patterns = [(word.kind, word.pattern.pattern) for word in sharp_words()]
    assert len(set(patterns)) == len(patterns) >= 80
    assert {kind for kind, _ in patterns} == {SAFETY, MINORS, LEGAL}


def test_lexicon_strengths_are_known() -> None:
    assert {line.split("\t")[1] for line in lexicon(SHARP_WORDS)} == {"strong", "weak"}


@pytest.mark.parametrize("word", sharp_words(), ids=lambda word: word.pattern.pattern)
def test_no_word_matches_empty_text(word: SharpWord) -> None:
    assert not any(pattern.search("") for pattern in (word.pattern, *word.harmless))


texts = st.sampled_from(["起火了", "没有起火", "找律师", "孩子充值了", "闪退", "曝光"])
voices = st.lists(
    st.builds(make_voice, texts, review_id=st.sampled_from(["R-1", "R-2"]), start=st.integers(0, 9))
)


@given(voices)
def test_order_of_voices_does_not_matter(said: list[Voice]) -> None:
    assert sharp_alerts(said, as_of=TODAY) == sharp_alerts(said[::-1], as_of=TODAY)
