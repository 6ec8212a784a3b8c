from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.reports.wording import chinese_span, clip, number, percent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("短句", "短句", id="short stays"),
        pytest.param("一二三四五六七八九十百", "一二三四五六七八九…", id="long is cut"),
        pytest.param("两\n 行\t字", "两 行 字", id="one line"),
        pytest.param("a\u202ebc\u2067d", "abcd", id="direction marks go"),
        pytest.param("12345678👨\u200d👩", "12345678👨…", id="no dangling joiner"),
    ],
)
def test_clip(text: str, expected: str) -> None:
    assert clip(text, 10) == expected


@given(st.text(), st.integers(1, 50))
def test_clip_keeps_to_its_length_on_one_line(text: str, length: int) -> None:
    clipped = clip(text, length)
    assert len(clipped) <= length
    assert "\n" not in clipped


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1116.5, "1,116.5", id="thousands"),
        pytest.param(20, "20", id="whole number keeps its zero"),
        pytest.param(0, "0", id="zero"),
        pytest.param(0.46, "0.46", id="two decimals"),
    ],
)
def test_number(value: float, expected: str) -> None:
    assert number(value) == expected


def test_percent_has_one_decimal_at_most() -> None:
    assert [percent(share) for share in (0, 0.123, 0.5, 1)] == ["0%", "12.3%", "50%", "100%"]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param(date(2026, 9, 1), "2026年9月1日", id="one day"),
        pytest.param(date(2026, 9, 14), "2026年9月1日—14日", id="one month"),
        pytest.param(date(2026, 11, 6), "2026年9月1日—11月6日", id="one year"),
        pytest.param(date(2027, 1, 3), "2026年9月1日—2027年1月3日", id="two years"),
    ],
)
def test_chinese_span(last: date, expected: str) -> None:
    assert chinese_span(date(2026, 9, 1), last) == expected
