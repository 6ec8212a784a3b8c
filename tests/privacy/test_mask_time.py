"""Masking must grow with the length of a text, not with its square, whatever the text."""

import pytest
from growth import grows_linearly

from feedback_nlp.privacy import mask

CHARACTERS = 200_000
THE_LONGEST = 1_000_000


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("1", id="one digit"),
        pytest.param("13812345678", id="mobile numbers run together"),
        pytest.param("1-", id="digits and dashes"),
        pytest.param("110105199001011 ", id="beginnings of identity cards"),
        pytest.param("路19号枫叶新都市", id="streets and estates"),
        pytest.param("好", id="Han"),
        pytest.param("一", id="Han digits"),
        pytest.param("王", id="surnames"),
        pytest.param("中关村路", id="streets without numbers"),
        pytest.param("3号", id="numbers without streets"),
        pytest.param("a@", id="half e-mail addresses"),
        pytest.param("a.", id="labels of a domain"),
        pytest.param("https://", id="beginnings of URLs"),
        pytest.param("?token=", id="parameters without values"),
        pytest.param("订单号", id="cues without values"),
        pytest.param("联系人", id="name cues without names"),
        pytest.param("微信a", id="WeChat cues"),
        pytest.param("地址：", id="address cues"),
        pytest.param("电话13812345678，", id="mobile numbers throughout"),
        pytest.param("我叫王小明，找李女士，", id="names throughout"),
        pytest.param("学院路3号2单元501，", id="addresses throughout"),
        pytest.param("订单号12345678和", id="lists of order numbers"),
        pytest.param("a1@b.com", id="e-mail addresses run together"),
    ],
)
def test_mask_takes_linear_time(unit: str) -> None:
    assert grows_linearly(mask, (unit * CHARACTERS)[:CHARACTERS])


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("1", id="digits"),
        pytest.param("好", id="Han"),
        pytest.param("a@", id="half e-mail addresses"),
    ],
)
def test_mask_takes_linear_time_for_a_million_characters(unit: str) -> None:
    assert grows_linearly(mask, (unit * THE_LONGEST)[:THE_LONGEST])
