"""Settings of a policy: reading, refusing, setting back, telling what differs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.priority.policy import (
    MOST_TIERS,
    Changed,
    changed,
    changed_all,
    differences,
    rows,
)
from feedback_nlp.records import (
    Criterion,
    Lane,
    Policy,
    RfmRule,
    Segment,
    SlaRule,
    Taxonomy,
    Topic,
)

LOGIN = Topic("account.login", "登录注册", "", "account", "账号", "研发", "weekly", 2.0)
PRICE = Topic("price.value", "性价比", "", "price", "价格", "运营", "quarterly", 2.0)
TAXONOMY = Taxonomy("1", (LOGIN, PRICE))
OWN = replace(Policy(), tiers=(*Policy().tiers, ("VIP", 3.0)), strategy=(("account", 2.0),))


def set_one(key: str, value: str, policy: Policy = OWN) -> Policy:
    return changed(policy, key, value, taxonomy=TAXONOMY)


def shown(policy: Policy) -> dict[str, str]:
    return {row.key: row.value for row in rows(policy)}


@pytest.mark.parametrize(
    ("key", "value", "field", "expected"),
    [
        pytest.param("tiers.A", "2", "tiers", ("A", 2.0), id="a tier"),
        pytest.param("tiers.黑金", "4.5", "tiers", ("黑金", 4.5), id="a tier of one's own"),
        pytest.param("tiers.v1.2", "2", "tiers", ("v1.2", 2.0), id="a tier with a dot"),
        pytest.param("segments.lost", "0", "segments", (Segment.LOST, 0.0), id="a segment"),
        pytest.param("strategy.price", "1.5", "strategy", ("price", 1.5), id="a group"),
        pytest.param(
            "strategy.account.login", "3", "strategy", ("account.login", 3.0), id="a topic"
        ),
        pytest.param(
            "capacities.weekly", "1e2", "capacities", (Lane.WEEKLY, 100.0), id="a capacity"
        ),
        pytest.param(
            "board", "50%、30%、20%", "board", (Criterion.NOVELTY, 0.3), id="weights as percents"
        ),
        pytest.param(
            "board", "0.5, 0.25, 0.25", "board", (Criterion.FEASIBILITY, 0.5), id="weights"
        ),
    ],
)
def test_a_named_number_can_be_set(
    key: str, value: str, field: str, expected: tuple[str, float]
) -> None:
    assert expected in getattr(set_one(key, value), field)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("reserve", "0.9", replace(OWN, reserve=0.9), id="the largest reserve"),
        pytest.param("reserve", "25%", replace(OWN, reserve=0.25), id="a reserve in percent"),
        pytest.param(" cheap_weeks ", " .5 ", replace(OWN, cheap_weeks=0.5), id="blanks around"),
        pytest.param("rfm.high_days", "7", replace(OWN, rfm=RfmRule(high_days=7)), id="days"),
        pytest.param(
            "rfm.high_amount", "99.5", replace(OWN, rfm=RfmRule(high_amount=99.5)), id="an amount"
        ),
        pytest.param(
            "sla.negative_hours", "1d", replace(OWN, sla=SlaRule(negative_hours=24)), id="a day"
        ),
        pytest.param(
            "sla.remind_share", "50%", replace(OWN, sla=SlaRule(remind_share=0.5)), id="a share"
        ),
        pytest.param("sla.opens", "9:30", replace(OWN, sla=SlaRule(opens=9.5)), id="half past"),
        pytest.param(
            "sla.window_days", "30", replace(OWN, sla=SlaRule(window_days=30)), id="a window"
        ),
    ],
)
def test_a_number_can_be_set(key: str, value: str, expected: Policy) -> None:
    assert set_one(key, value) == expected


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        pytest.param("tiers.A", "-1", "0 到 100", id="a negative weight"),
        pytest.param("tiers.A", "100.1", "0 到 100", id="too heavy"),
        pytest.param("tiers.A", "nan", "“nan”", id="not a number"),
        pytest.param("tiers.A", "inf", "“inf”", id="endless"),
        pytest.param("tiers.A", "1e999", "“1e999”", id="beyond every float"),
        pytest.param("tiers.A", "", "“”", id="nothing"),
        pytest.param("tiers.A", "1_0", "“1_0”", id="Python's own digits"),
        pytest.param("tiers.A", "50%", "“50%”", id="a percent where there is none"),
        pytest.param("tiers.", "2", "没有“tiers.”", id="a tier without a name"),
        pytest.param("tiers. ", "2", "没有“tiers.”", id="a blank tier"),
        pytest.param(f"tiers.{'长' * 65}", "2", "等级名", id="a long tier"),
        pytest.param("tiers.a\nb", "2", "等级名", id="a tier on two lines"),
        pytest.param("segments.rich", "2", "segments.", id="no such segment"),
        pytest.param("capacities.emergency", "2", "没有“capacities.emergency”", id="the reserve"),
        pytest.param("capacities.weekly", "10001", "0 到 10000", id="too large a team"),
        pytest.param("strategy.登录", "2", "account.login（登录注册）", id="a name of a topic"),
        pytest.param("strategy.login", "2", "account.login（登录注册）", id="half a code"),
        pytest.param("strategy.acount", "2", "account（账号）", id="a slip of the pen"),
        pytest.param("strategy.zzz", "2", "account、price", id="nothing near"),
        pytest.param("reserve", "0.91", "0 到 0.9", id="too much in reserve"),
        pytest.param("reserve", "91%", "0 到 0.9", id="too many percent"),
        pytest.param("resrve", "0.3", "相近的有 reserve", id="a key with a slip"),
        pytest.param("完全不同", "0.3", "policy show", id="no key at all"),
        pytest.param("x" * 100_000, "0.3", "policy show", id="an endless key"),
        pytest.param(f"strategy.{'x' * 100_000}", "3", "没有话题", id="an endless topic"),
        pytest.param("tiers.A", "9" * 100_000, "0 到 100", id="an endless number"),
        pytest.param("rfm.high_days", f"1.{'1' * 9_999}", "整数", id="an endless fraction"),
        pytest.param("board", "50,30,30", "40,30,30", id="weights above a hundred"),
        pytest.param("board", "50,50", "40,30,30", id="two weights"),
        pytest.param("board", "150,-50,0", "board", id="a negative weight of the board"),
        pytest.param("board", "甲,乙,丙", "board", id="no weights"),
        pytest.param("rfm.high_days", "0", "1 到 3650", id="no day"),
        pytest.param("rfm.high_days", "3651", "1 到 3650", id="too many days"),
        pytest.param("rfm.high_days", "1.5", "整数", id="half a day"),
        pytest.param("sla.nothing", "1", "没有“sla.nothing”", id="no such limit"),
        pytest.param("sla.negative_hours", "0", "30s", id="no time to answer"),
        pytest.param("sla.tiers.A", "8761", "8760", id="more than a year"),
        pytest.param("sla.tiers.A", "2 weeks", "1 秒到 8760 小时", id="an unknown unit"),
        pytest.param("sla.opens", "17:30", "早一小时", id="half an hour of business"),
        pytest.param("sla.opens", "9:60", "0 到 24", id="no clock"),
        pytest.param("sla.window_days", "1.5", "整数", id="a window of half a day"),
        pytest.param("sla.scenarios.登录", "2", "account.login（登录注册）", id="a topic's name"),
        pytest.param("sla.scenarios.kind:fax", "2", "kind:chat（会话）", id="no such kind"),
        pytest.param("sla.scenarios.channel: ", "2", "1 到 64", id="a channel without a name"),
        pytest.param("rfm.nothing", "1", "没有“rfm.nothing”", id="no such threshold"),
        pytest.param("rfm.lost_days", "90", "rfm.risk_days", id="lost before being at risk"),
    ],
)
def test_what_cannot_be_set_is_named(key: str, value: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        set_one(key, value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tiers.A", "9"),
        ("tiers.新等级", "9"),
        ("segments.new", "9"),
        ("strategy.price.value", "9"),
        ("capacities.yearly", "9"),
        ("board", "1,0,0"),
        ("reserve", "0.5"),
        ("cheap_weeks", "9"),
        ("rfm.new_orders", "9"),
        ("sla.closes", "20"),
        ("sla.tiers.A", "9"),
        ("sla.tiers.黑金", "9"),
        ("sla.scenarios.account", "9"),
    ],
)
def test_default_sets_back(key: str, value: str) -> None:
    there = set_one(key, value, Policy())
    assert there != Policy()
    assert set_one(key, "default", there) == Policy()


def test_a_weight_of_a_topic_that_is_gone_can_be_set_back() -> None:
    old = replace(Policy(), strategy=(("old.topic", 2.0),))
    assert set_one("strategy.old.topic", "default", old) == Policy()


def test_settings_that_need_each_other_can_be_set_together() -> None:
    wishes = [("rfm.risk_days", "200"), ("rfm.lost_days", "300")]
    found = changed_all(Policy(), wishes, taxonomy=TAXONOMY)
    assert (found.rfm.risk_days, found.rfm.lost_days) == (200, 300)


def test_the_order_of_setting_does_not_matter() -> None:
    wishes = [("tiers.乙", "2"), ("tiers.甲", "3"), ("strategy.price", "2")]
    forth = changed_all(OWN, wishes, taxonomy=TAXONOMY)
    assert changed_all(OWN, wishes[::-1], taxonomy=TAXONOMY) == forth


def test_tiers_have_a_largest_number() -> None:
    some = MOST_TIERS - len(Policy().tiers)
    wishes = [(f"tiers.t{number}", "2") for number in range(some)]
    full = changed_all(Policy(), wishes, taxonomy=TAXONOMY)
    with pytest.raises(InputError, match="100 个等级"):
        set_one("tiers.one more", "2", full)


def test_every_row_says_what_it_means_and_what_its_default_is() -> None:
    found = rows(OWN)
    assert len({row.key for row in found}) == len(found)
    assert all(row.meaning and row.value and row.default for row in found)
    by_key = {row.key: (row.value, row.default) for row in found}
    assert by_key["tiers.VIP"] == ("3", "1")
    assert by_key["strategy.account"] == ("2", "1")
    assert by_key["board"] == ("0.4,0.3,0.3", "0.4,0.3,0.3")


def test_rows_keep_their_places_when_values_change() -> None:
    keys = list(shown(OWN))
    assert list(shown(set_one("tiers.VIP", "9", set_one("rfm.new_days", "9")))) == keys


def test_a_name_that_the_policy_leaves_out_counts_once() -> None:
    bare = shown(replace(Policy(), tiers=(), capacities=()))
    assert (bare["tiers.A"], bare["capacities.weekly"]) == ("1", "0")


FIGURES = st.floats(0, 100)
POLICIES = st.builds(
    Policy,
    tiers=st.dictionaries(st.sampled_from(["A", "B", "VIP"]), FIGURES).map(
        lambda found: tuple((dict(Policy().tiers) | found).items())
    ),
    strategy=st.just(()) | st.tuples(st.tuples(st.just("account"), FIGURES)),
    reserve=st.floats(0, 0.9),
    cheap_weeks=FIGURES,
    rfm=st.builds(RfmRule, st.integers(1, 3_650), high_amount=FIGURES),
)


@given(POLICIES)
def test_what_is_shown_can_be_read_back(policy: Policy) -> None:
    wishes = [(row.key, row.value) for row in rows(policy)]
    assert changed_all(policy, wishes, taxonomy=TAXONOMY) == policy
    assert changed_all(Policy(), wishes, taxonomy=TAXONOMY) == policy


@given(POLICIES, POLICIES)
def test_differences_lead_from_one_policy_to_the_other(before: Policy, after: Policy) -> None:
    told = differences(before, after)
    assert (told == ()) is (shown(before) == shown(after))
    for each in told:
        assert shown(before).get(each.key, "1") == each.before
        assert shown(after).get(each.key, "1") == each.after


def test_differences_name_what_went_and_what_came() -> None:
    assert differences(OWN, replace(Policy(), reserve=0.3)) == (
        Changed("tiers.VIP", "3", "1"),
        Changed("strategy.account", "2", "1"),
        Changed("reserve", "0.2", "0.3"),
    )


@pytest.mark.parametrize(
    ("value", "hours", "written"),
    [
        pytest.param("30s", 30 / 3600, "30s", id="seconds"),
        pytest.param("0.0084", 0.0084, "0.0084", id="a fraction"),
        pytest.param("15 分钟", 0.25, "15m", id="minutes"),
        pytest.param("2H", 2.0, "2", id="hours"),
        pytest.param("1.5d", 36.0, "36", id="days"),
    ],
)
def test_a_limit_is_written_with_or_without_its_unit(
    value: str, hours: float, written: str
) -> None:
    for name in ("scenarios.kind:chat", "scenarios.channel:店.铺", "scenarios.price", "tiers.A"):
        there = set_one(f"sla.{name}", value)
        group, _, member = name.partition(".")
        assert dict(getattr(there.sla, group))[member] == hours
        assert shown(there)[f"sla.{name}"] == written
        assert set_one(f"sla.{name}", written, there) == there


def test_a_tier_can_be_without_a_limit() -> None:
    there = set_one("sla.tiers.C", "无")
    assert (dict(there.sla.tiers), shown(there)["sla.tiers.C"]) == ({"A": 2.0, "B": 24.0}, "无")
    assert set_one("sla.tiers.C", "default", there) == OWN
    assert differences(OWN, there) == (Changed("sla.tiers.C", "48", "无"),)


def test_too_many_limits_are_refused() -> None:
    wishes = [(f"sla.tiers.t{number}", "1") for number in range(98)]
    with pytest.raises(InputError, match="最多写 100 项"):
        changed_all(OWN, wishes, taxonomy=TAXONOMY)
