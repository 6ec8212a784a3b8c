"""What holds for every workspace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.quarantine.recipes import DEFAULT
from feedback_nlp.quarantine.screen import screen
from feedback_nlp.records import Polarity

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LONG = "更新以后每次打开都要重新登录，验证码等十分钟也收不到，影响正常使用"
TEXTS = [
    "很好",
    "闪退",
    "闪退！",
    "",
    LONG,
    LONG.replace("登录", "登陆"),
    LONG.replace("登录", "登陆").replace("影响", "妨碍"),
    f"{LONG}，版本3",
    "系统默认好评",
    "凑字数",
    "兼职日结，加微信 ab123456",
    "面料柔软舒服，做工精细没有线头，穿上很显瘦，卖家发货也快，下次还会回购推荐",
    "面料柔软舒服，做工精细没有线头，穿上很显瘦，店家发货也快，下次还会回购推荐",
]
CANDIDATES = st.builds(
    Candidate,
    review_id=st.integers(0, 999).map("R-{:03d}".format),
    channel=st.sampled_from(["应用商店", "京东"]),
    text=st.sampled_from(TEXTS) | st.text("闪退很好更新登录 ，!1", max_size=8),
    author_id=st.sampled_from([None, "甲", "乙", "丙", "丁"]),
    created_at=st.none()
    | st.integers(0, 60 * 48).map(lambda hour: NOON + timedelta(hours=hour))
    | st.integers(0, 40).map(lambda minute: NOON + timedelta(minutes=minute)),
    polarity=st.sampled_from([None, *Polarity]),
    severity=st.integers(0, 3),
    rating=st.sampled_from([None, 1.0, 3.0, 5.0]),
)
WORKSPACES = st.lists(CANDIDATES, max_size=40, unique_by=lambda one: one.review_id)
NO_FLOODS = replace(DEFAULT, flood_reviews=1000)
"""A flood spares the original of a copy, and only as long as there is the copy."""
UNRELATED = Candidate(
    "Z-1", "论坛", "窗外下着小雨，邻居家的猫又跑到屋顶上去了，谁来把它抱下来呢", "外人"
)


@given(WORKSPACES, st.randoms(use_true_random=False))
def test_input_order_never_matters(workspace: list[Candidate], dice: object) -> None:
    shuffled = list(workspace)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert screen(shuffled) == screen(workspace)


@given(WORKSPACES)
def test_severity_3_is_never_held(workspace: list[Candidate]) -> None:
    grave = {one.review_id for one in workspace if one.severity == 3}
    assert grave.isdisjoint(each.review_id for each in screen(workspace))


@given(WORKSPACES)
def test_every_original_stays_and_nothing_is_held_twice(workspace: list[Candidate]) -> None:
    held = screen(workspace)
    ids = [each.review_id for each in held]
    assert ids == sorted(set(ids))
    assert {each.original for each in held if each.original} <= {
        one.review_id for one in workspace
    } - set(ids)


@given(WORKSPACES)
def test_an_unrelated_review_changes_nothing(workspace: list[Candidate]) -> None:
    assert screen([*workspace, UNRELATED]) == screen(workspace)


@given(WORKSPACES)
@settings(max_examples=50)
def test_what_stays_still_stays_when_the_held_ones_are_gone(workspace: list[Candidate]) -> None:
    gone = {each.review_id for each in screen(workspace, recipe=NO_FLOODS)}
    assert screen([one for one in workspace if one.review_id not in gone], recipe=NO_FLOODS) == []
