from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from privacy.marked import Case, read_cases, score

from feedback_nlp.privacy import FILLER, KIND_NAMES, KINDS, Found, Masked, mask

CASES = read_cases("cases.jsonl")
BLIND = read_cases("cases_blind.jsonl")
BLIND_2 = read_cases("cases_blind2.jsonl")
PROVOKING = (
    "0123456789１３８一二三八@＠.-_* :：，()（）/?&=号路街栋单元室村小区"
    "我叫联系人姓名王李明先生女士微信qQ订单号快递SF京AXx"
    "https://token 身份证卡电话地址住在元"
)
TEXTS = st.text() | st.text(PROVOKING) | st.sampled_from([case.text for case in CASES])


def joined(texts: list[str]) -> str:
    return "".join(texts)


@given(st.lists(TEXTS, max_size=4).map(joined))
def test_mask_keeps_the_length_and_all_that_is_not_found(text: str) -> None:
    masked = mask(text)
    spans = [(each.start, each.end) for each in masked.found]
    assert len(masked.text) == len(text)
    inside = {i for start, end in spans for i in range(start, end)}
    assert all(masked.text[i] == (FILLER if i in inside else text[i]) for i in range(len(text)))


@given(st.lists(TEXTS, max_size=4).map(joined))
def test_mask_finds_disjoint_parts_in_order(text: str) -> None:
    found = mask(text).found
    assert all(each.start < each.end for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.lists(TEXTS, max_size=4).map(joined))
def test_mask_is_idempotent(text: str) -> None:
    once = mask(text).text
    assert mask(once) == Masked(once)


@pytest.mark.parametrize("case", [each for each in CASES if each.parts], ids=lambda case: case.text)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("客服你好，", "", id="prefix"),
        pytest.param("", "。谢谢，物流很快", id="suffix"),
        pytest.param("东西不错。", "，请尽快处理", id="both"),
    ],
)
def test_mask_finds_the_same_parts_whatever_stands_around(
    case: Case, before: str, after: str
) -> None:
    alone = mask(case.text).found
    shifted = [Found(f.kind, f.start + len(before), f.end + len(before)) for f in alone]
    assert list(mask(before + case.text + after).found) == shifted


@pytest.mark.parametrize(
    ("text", "expected", "kinds"),
    [
        pytest.param("手机号：13812345678", "手机号：***********", ("mobile",), id="cue stays"),
        pytest.param("王女士很好", "*女士很好", ("name",), id="title stays"),
        pytest.param(
            "北京市海淀区学院路3号", "北京市海淀区*****", ("address",), id="city and district stay"
        ),
        pytest.param("138****5678", "138****5678", (), id="masked before stays"),
        pytest.param(
            "微信13812345678", "微信***********", ("mobile",), id="the first kind wins a tie"
        ),
        pytest.param(
            "https://a.cn/x?phone=13812345678",
            "*" * 32,
            ("url_secret",),
            id="the longest of several finds wins",
        ),
        pytest.param("入住2号楼1102标准间", "入住2号楼1102标准间", (), id="a guest's room"),
        pytest.param("家住在阳光花园", "家住在****", ("address",), id="estate after a verb"),
        pytest.param("住在离海很近的花园", "住在离海很近的花园", (), id="talk after a verb"),
        pytest.param("我姓沈，我姓什么", "我姓*，我姓什么", ("name",), id="family name"),
        pytest.param("我叫夏粲，", "我叫**，", ("name",), id="rare given name after a clear cue"),
        pytest.param("本人古丽米热，", "本人古丽米热，", (), id="loose cue"),
        pytest.param(
            "姓名：陈粲宗粲买三件", "姓名：陈粲宗粲买三件", (), id="no end of a name in sight"
        ),
        pytest.param("姓名：Chen Yiran", "姓名：**********", ("name",), id="Latin name"),
        pytest.param(
            "李先生牛肉面很咸", "李先生牛肉面很咸", (), id="a shop named after its founder"
        ),
        pytest.param(
            "①13812345678②13912345678",
            "①***********②***********",
            ("mobile",),
            id="marks of a list are no digits",
        ),
        pytest.param(
            "账号008613812345678", "账号" + "*" * 15, ("mobile",), id="a mobile as an account"
        ),
        pytest.param(
            "证件610113 199002 145628",
            "证件" + "*" * 20,
            ("id_card",),
            id="identity card in groups of six",
        ),
        pytest.param(
            "科技六路19号枫叶新都市3栋501，不送",
            "*" * 17 + "，不送",
            ("address",),
            id="estate of any name between house and block",
        ),
        pytest.param("", "", (), id="empty"),
    ],
)
def test_mask_result(text: str, expected: str, kinds: tuple[str, ...]) -> None:
    masked = mask(text)
    assert (masked.text, masked.kinds) == (expected, kinds)


def test_mask_joins_overlapping_finds_so_that_nothing_found_stays_readable() -> None:
    masked = mask("地址：学院路3号2单元501 13812345678")
    assert masked.text == "地址：" + "*" * 11 + " " + "*" * 11
    assert masked.kinds == ("address", "mobile")


def test_every_kind_has_a_chinese_name_and_is_found_in_some_case() -> None:
    assert len(KIND_NAMES) == len(KINDS)
    found = {each.kind for case in CASES for each in mask(case.text).found}
    assert found == set(KIND_NAMES)


def test_own_cases_are_many_and_half_of_them_hold_nothing_personal() -> None:
    assert len(CASES) >= 420
    assert sum(not case.parts for case in CASES) >= 200


@pytest.mark.parametrize(
    ("cases", "floor"),
    [
        pytest.param(CASES, 0.99, id="own cases"),
        pytest.param(BLIND, 0.98, id="cases by a second engineer"),
        pytest.param(BLIND_2, 0.985, id="cases by a third engineer"),
    ],
)
def test_mask_precision_and_recall(cases: tuple[Case, ...], floor: float) -> None:
    scores = score(cases)
    print(f"\n{scores.table()}")  # noqa: T201 (`pytest -s` shows the tables for the docs)
    assert scores.precision >= floor
    assert scores.recall >= floor
    assert scores.character_precision >= floor
    assert scores.character_recall >= floor
    for kind, marked in scores.marked.items():
        assert scores.recalled[kind] >= 0.94 * marked, kind
    for kind, found in scores.found.items():
        assert scores.right[kind] >= 0.94 * found, kind
