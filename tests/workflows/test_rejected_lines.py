"""What a rejected line holds, and how it is masked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Rejected
from feedback_nlp.workflows import rejected_lines
from feedback_nlp.workflows.rejected_lines import DEEPEST, cells_of, object_of, protect_rejected

PHONE = "13812345678"


def masked(raw: str) -> str:
    return protect_rejected(Rejected(3, "坏", raw)).raw


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param('{"收货人": "欧阳晓岚"}', '{"收货人": "****"}', id="by its header"),
        pytest.param(f'{{"内容": "打{PHONE}"}}', f'{{"内容": "打{"*" * 11}"}}', id="by its form"),
        pytest.param(f'{{"手机号": {PHONE}}}', f'{{"手机号": "{"*" * 11}"}}', id="number"),
        pytest.param('{"评分": 5, "有图": true, "备注": null}', None, id="nothing to hide"),
        pytest.param(
            '{"联系人": {"姓名": "欧阳晓岚"}}', '{"联系人": {"姓名": "****"}}', id="inside"
        ),
        pytest.param(f'{{"手机": ["{PHONE}", 1]}}', f'{{"手机": ["{"*" * 11}", "*"]}}', id="list"),
        pytest.param(f'{{"a": 1, "a": "{PHONE}"}}', f'{{"a": 1, "a": "{"*" * 11}"}}', id="twice"),
        pytest.param(f'3,"{PHONE}', f'3,"{"*" * 11}', id="a line never cut"),
        pytest.param(f'["{PHONE}"]', f'["{"*" * 11}"]', id="a list"),
        pytest.param(r'{"内容": "好\ud83d"}', None, id="half a character stays an escape"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_line_is_masked(raw: str, expected: str | None) -> None:
    assert masked(raw) == (raw if expected is None else expected)
    masked(raw).encode()


def test_a_reason_is_masked_too() -> None:
    assert protect_rejected(Rejected(3, f"时间“{PHONE}”看不懂")).reason == f"时间“{'*' * 11}”看不懂"


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 50])
def test_what_is_nested_deep_is_masked(depth: int) -> None:
    raw = '{"a": ' * depth + f'"{PHONE}"' + "}" * depth
    assert PHONE not in masked(raw)


@pytest.mark.parametrize("task", [masked, cells_of], ids=["masked", "cells"])
def test_a_stack_that_runs_out_is_no_crash(task: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(_raw: str) -> dict[str, object]:
        value: list[object] = []
        for _ in range(100_000):
            value = [value]
        return {"深": value}

    monkeypatch.setattr(rejected_lines, "object_of", deep)
    assert callable(task)
    assert task(f'{{"深": "{PHONE}"}}') in ({}, f'{{"深": "{"*" * 11}"}}')


def test_cells_are_those_a_reader_would_give() -> None:
    raw = '{"a": null, "b": NaN, "c": 1.50, "d": {"e": "f"}, "g": "", "h": false}'
    assert cells_of(raw) == {
        "a": "",
        "b": "",
        "c": "1.5",
        "d": '{"e": "f"}',
        "g": "",
        "h": "false",
    }
    assert cells_of("[1]") == cells_of("a,b") == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


@given(st.dictionaries(st.text(max_size=9), JSON, max_size=4))
def test_masking_a_line_is_idempotent_and_keeps_its_headers(value: dict[str, object]) -> None:
    once = masked(json.dumps(value))
    assert masked(once) == once
    found = object_of(once)
    assert found is not None
    assert list(found) == list(value)


@given(st.text())
def test_no_line_is_a_crash(raw: str) -> None:
    protect_rejected(Rejected(1, raw, raw))
    cells_of(raw)
