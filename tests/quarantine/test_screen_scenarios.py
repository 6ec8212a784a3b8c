"""Each rule over a whole workspace, and each exception from it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.quarantine.screen import screen, screen_one
from feedback_nlp.records import Polarity

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LONG = "更新以后每次打开都要重新登录，验证码等十分钟也收不到，影响正常使用"
NEAR = "更新以后每次打开都要重新登陆，验证码等十分钟也收不到，影响正常使用"
PRAISE = "面料柔软舒服，做工精细没有线头，穿上很显瘦，卖家发货也快，下次还会回购推荐"
ADVERT = "兼职日结，加微信 ab123456"


def review(number: int, text: str, author: str | None = None, **changes: Any) -> Candidate:  # noqa: ANN401 (any field of Candidate)
    """A review one hour after the one before it."""
    known = {
        "review_id": f"R-{number:03d}",
        "channel": "应用商店",
        "text": text,
        "author_id": author,
        "created_at": NOON + timedelta(hours=number),
    }
    return Candidate(**{**known, **changes})


def verdicts(*candidates: Candidate) -> dict[int, str]:
    """Number of each held review -> reason."""
    return {int(each.review_id[2:]): each.reason.value for each in screen(candidates)}


def originals(*candidates: Candidate) -> dict[str, str | None]:
    return {each.review_id: each.original for each in screen(candidates)}


# --- by its own words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "changes", "held"),
    [
        pytest.param(ADVERT, {}, True, id="advert"),
        pytest.param(ADVERT, {"rating": 1}, True, id="advert with one star"),
        pytest.param(ADVERT, {"polarity": Polarity.NEG, "severity": 1}, True, id="mild"),
        pytest.param(ADVERT, {"polarity": Polarity.NEG, "severity": 2}, False, id="real complaint"),
        pytest.param(ADVERT, {"severity": 3}, False, id="severity 3"),
        pytest.param("系统默认好评", {"rating": 5}, True, id="default praise"),
        pytest.param("系统默认好评", {"rating": 1}, False, id="one star was given by hand"),
        pytest.param("凑字数", {"rating": 4}, True, id="padding"),
        pytest.param("凑字数", {"rating": 3}, False, id="padding under three stars"),
    ],
)
def test_own_words_hold_unless_somebody_really_complains(
    text: str,
    changes: dict[str, Any],
    held: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    one = review(1, text, **changes)
    assert bool(verdicts(one)) is held
    assert ([screen_one(one)] if held else []) == screen([one])
    assert (screen_one(one) is not None) is held


# --- exact copies ------------------------------------------------------------------------------


def test_copy_by_the_same_author_is_held_with_its_original() -> None:
    first, second = review(1, "闪退", "甲"), review(2, "闪退！！", "甲")
    (held,) = screen([second, first])
    assert (held.review_id, held.reason.value, held.original) == ("R-002", "duplicate", "R-001")
    assert held.detail == "同一作者与更早一条逐字相同"


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param((review(1, "闪退", "甲"), review(2, "闪退", "乙")), id="short, two users"),
        pytest.param((review(1, LONG, "甲"), review(2, LONG, "乙")), id="long, two users"),
        pytest.param((review(1, "很好"), review(2, "很好")), id="short, nobody known"),
        pytest.param((review(1, LONG, "甲"), review(2, LONG)), id="long, one known"),
        pytest.param(
            (review(1, LONG, "甲"), review(2, LONG, "甲", channel="京东")), id="other channel"
        ),
        pytest.param(
            (review(1, "很好", "甲", product="A"), review(2, "很好", "甲", product="B")),
            id="other product",
        ),
        pytest.param((review(1, "闪退", "甲"), review(31 * 24, "闪退", "甲")), id="a month later"),
        pytest.param((review(1, "……", "甲"), review(2, "……", "甲")), id="no words"),
        pytest.param(
            (review(1, "版本3.1闪退", "甲"), review(2, "版本31闪退", "甲")), id="point in a number"
        ),
    ],
)
def test_separate_voices_stay(pair: tuple[Candidate, ...]) -> None:
    assert verdicts(*pair) == {}


def test_long_copy_by_nobody_known_is_held_at_any_distance() -> None:
    assert verdicts(review(1, LONG), review(9000, LONG)) == {9000: "duplicate"}


def test_many_known_users_who_copy_a_complaint_all_stay() -> None:
    crowd = [review(n, LONG, f"用户{n}", polarity=Polarity.NEG, severity=2) for n in range(1, 40)]
    assert verdicts(*crowd) == {}


def test_review_without_a_date_copies_a_dated_one() -> None:
    undated = review(1, LONG, created_at=None)
    assert verdicts(undated, review(2, LONG)) == {1: "duplicate"}


def test_repeat_after_a_month_is_the_original_of_later_copies() -> None:
    late = 31 * 24
    three = [review(1, "闪退", "甲"), review(late, "闪退", "甲"), review(late + 1, "闪退", "甲")]
    assert originals(*three) == {f"R-{late + 1}": f"R-{late}"}


def test_severity_3_stays_and_is_an_original() -> None:
    first, second = review(1, LONG, severity=3), review(2, LONG, severity=3)
    assert verdicts(first, second) == {}
    assert originals(first, second, review(3, LONG)) == {"R-003": "R-001"}


# --- near copies -------------------------------------------------------------------------------


@pytest.mark.parametrize("author", [None, "甲"])
def test_near_copy_is_held(author: str | None) -> None:
    (held,) = screen([review(1, LONG, author), review(2, NEAR, author)])
    assert (held.reason.value, held.original) == ("near_duplicate", "R-001")
    assert "相似度 8" in held.detail


BILL = "订单{}一直显示待发货，联系客服三次都说会催仓库，到今天还没有动静，请尽快处理"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param(BILL.format(10231), BILL.format(10232), id="another order"),
        pytest.param(f"{LONG}，版本3.1", f"{LONG}，版本3.2", id="another version"),
        pytest.param(f"手机是mate{LONG}", f"手机是nova{LONG}", id="another model"),
        pytest.param(f"{LONG}，客服有回复", f"{LONG}，客服没回复", id="a negation"),
        pytest.param(LONG, f"{LONG}，还多扣了钱", id="something added"),
        pytest.param(
            LONG, "更新以后挺好的，登录比以前快，验证码也马上收到了，给个好评", id="other words"
        ),
        pytest.param("物流快包装好质量不错", "物流快包装好质量很错", id="short"),
    ],
)
def test_texts_that_differ_in_meaning_stay(text: str, other: str) -> None:
    assert verdicts(review(1, text, "甲"), review(2, other, "甲")) == {}


def test_shortened_copy_is_held() -> None:
    assert verdicts(review(1, f"{LONG}，真是"), review(2, LONG)) == {2: "near_duplicate"}


def test_text_pasted_three_times_is_a_near_copy_of_one_pasted_twice() -> None:
    text = LONG.replace("也收不到", "才能收到")
    (held,) = screen([review(1, text * 2), review(2, text * 3)])
    assert (held.reason.value, held.detail) == (
        "near_duplicate",
        "作者未知，长文与更早一条相似度 100%",
    )


def test_near_copies_by_different_known_users_stay() -> None:
    assert verdicts(review(1, LONG, "甲"), review(2, NEAR, "乙")) == {}


def test_near_copy_a_month_later_stays() -> None:
    assert verdicts(review(1, LONG, "甲"), review(31 * 24, NEAR, "甲")) == {}


def test_drifting_chain_is_not_swallowed() -> None:
    """Each differs from its neighbour in one place, the last from the first in all of them."""
    base = "春风吹过小院墙头花开满树飞鸟轻唱远山如黛溪水流长少年策马踏歌归乡云淡天高月照松岗"
    texts = [base]
    for place in range(2, 38, 5):
        texts.append(texts[-1][:place] + "口" + texts[-1][place + 1 :])
    held = screen([review(n, text) for n, text in enumerate(texts)])
    stay = {f"R-{n:03d}" for n in range(len(texts))} - {each.review_id for each in held}
    assert held
    assert len(stay) > 1
    assert {each.original for each in held} <= stay


# --- copied praise -----------------------------------------------------------------------------


def praise(number: int, author: str | None, text: str = PRAISE, **changes: Any) -> Candidate:  # noqa: ANN401 (any field of Candidate)
    return review(number, text, author, **{"polarity": Polarity.POS, **changes})


def test_long_praise_by_three_known_authors_is_a_template() -> None:
    held = screen([praise(1, "甲"), praise(2, "乙"), praise(3, "丙")])
    assert [(each.review_id, each.reason.value, each.original) for each in held] == [
        ("R-002", "template", "R-001"),
        ("R-003", "template", "R-001"),
    ]
    assert held[0].detail == "3 位作者使用同一段好评"


def test_praise_with_small_changes_is_the_same_template() -> None:
    changed = PRAISE.replace("卖家", "店家")
    found = verdicts(praise(1, "甲"), praise(2, "乙", changed), praise(3, "丙", changed))
    assert found == {2: "template", 3: "template"}


@pytest.mark.parametrize(
    "crowd",
    [
        pytest.param([praise(1, "甲"), praise(2, "乙")], id="two authors"),
        pytest.param([praise(n, f"用户{n}", "很好，喜欢") for n in range(9)], id="short"),
        pytest.param([praise(n, f"用户{n}", severity=3) for n in range(9)], id="severity 3"),
        pytest.param(
            [praise(n, f"用户{n}", polarity=Polarity.NEU) for n in range(9)], id="neutral"
        ),
        pytest.param([praise(n, f"用户{n}", polarity=None) for n in range(9)], id="not scored yet"),
    ],
)
def test_what_is_no_template_stays(crowd: list[Candidate]) -> None:
    assert verdicts(*crowd) == {}


def test_copy_of_a_held_template_leads_to_the_original_of_the_template() -> None:
    crowd = [praise(1, "甲"), praise(2, "乙"), praise(3, "乙"), praise(4, "丙")]
    assert originals(*crowd) == {"R-002": "R-001", "R-003": "R-001", "R-004": "R-001"}
    assert verdicts(*crowd)[3] == "duplicate"


# --- floods ------------------------------------------------------------------------------------

CHATTER = [
    "顶",
    "支持",
    "加油",
    "路过",
    "看看",
    "来了",
    "沙发",
    "占楼",
    "打卡",
    "签到",
    "继续",
    "冒泡",
]
DETAILED = [
    "登录页面的验证码图片太模糊，老人根本看不清",
    "退款三天了还在审核，钱包里查不到记录",
    "搜索结果里混着下架商品，点进去是空白页",
    "配送员把包裹放在楼下淋了雨，纸箱都烂了",
    "会员自动续费没有提前通知，想关找不到入口",
    "字体调大之后按钮被挤出屏幕，点不到提交",
    "地图定位总是偏两条街，司机每次都要打电话",
    "客服机器人绕来绕去，转人工要排半小时",
    "优惠券写着全场通用，结账时又说不参加活动",
    "夜间模式下输入框是黑底黑字，打什么都看不见",
    "发票抬头保存不了，每次下单都得重新填写",
    "视频播放到一半自动跳回开头，进度全丢了",
]


def burst(texts: list[str], author: str | None = "甲", **changes: Any) -> list[Candidate]:  # noqa: ANN401 (any field of Candidate)
    """One review every five minutes."""
    return [
        review(n, text, author, **{"created_at": NOON + timedelta(minutes=5 * n), **changes})
        for n, text in enumerate(texts)
    ]


def test_flood_keeps_the_first_three_and_holds_the_rest() -> None:
    held = screen(burst(CHATTER))
    assert [each.review_id for each in held] == [f"R-{n:03d}" for n in range(3, 12)]
    assert {each.reason.value for each in held} == {"spam"}
    assert held[0].detail == "同一作者 24 小时内 10 条以上（这一波共 12 条），没有新内容"


def test_power_user_with_many_different_complaints_is_no_flood() -> None:
    assert verdicts(*burst(DETAILED)) == {}


def test_flood_holds_what_the_author_said_before() -> None:
    said = [f"{DETAILED[0]}{tail}" for tail in ("", "啊啊", "嗯嗯", "哼哼哼", "唉唉唉", "呢呢呢")]
    held = verdicts(*burst([*DETAILED[1:8], *said]))
    assert {n for n, reason in held.items() if reason == "spam"} >= {9, 10, 11, 12}
    assert 7 not in held


def test_flood_leaves_reviews_with_a_new_number() -> None:
    bills = [f"订单{100 + n}还没有收到，催了也没人理" for n in range(12)]
    assert verdicts(*burst(bills)) == {}


@pytest.mark.parametrize(
    "crowd",
    [
        pytest.param(burst(CHATTER[:9]), id="too few"),
        pytest.param(burst(CHATTER, None), id="nobody known"),
        pytest.param(burst(CHATTER, created_at=None), id="no dates"),
        pytest.param(burst(CHATTER, severity=3), id="severity 3"),
        pytest.param([review(3 * n, text, "甲") for n, text in enumerate(CHATTER)], id="slow"),
        pytest.param(
            [review(n, text, "甲", product=text) for n, text in enumerate(CHATTER)],
            id="a product each",
        ),
    ],
)
def test_what_is_no_flood_stays(crowd: list[Candidate]) -> None:
    assert verdicts(*crowd) == {}


def test_two_floods_of_one_author_are_two() -> None:
    later = [
        review(100 + n, text, "甲", created_at=NOON + timedelta(days=40, minutes=n))
        for n, text in enumerate(CHATTER)
    ]
    held = verdicts(*burst(CHATTER), *later)
    assert {n for n in held if n >= 100} == {103 + n for n in range(9)}


def test_flood_spares_the_original_of_a_copy() -> None:
    crowd = burst([*CHATTER, CHATTER[5]])
    held = screen(crowd)
    assert "R-005" not in {each.review_id for each in held}
    assert {each.original for each in held if each.original} == {"R-005"}


def test_copies_count_towards_the_flood() -> None:
    held = verdicts(*burst([*["顶"] * 9, "支持", "加油", "路过", "看看"]))
    assert held[1] == "duplicate"
    assert {n for n, reason in held.items() if reason == "spam"} == {11, 12}


# --- the agent of a shop -----------------------------------------------------------------------


def test_tickets_of_an_agent_account_are_passed_without_author() -> None:
    """As `Candidate.author_id` asks: the same short words of many customers then stay."""
    tickets = [review(n, "客户要求退款", None, channel="工单") for n in range(30)]
    assert verdicts(*tickets) == {}
