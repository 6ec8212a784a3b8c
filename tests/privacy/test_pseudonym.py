import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.privacy import pseudonym


@pytest.mark.parametrize(
    "author_id",
    [
        pytest.param("13812345678", id="mobile number"),
        pytest.param("+86 138 1234 5678", id="mobile number with country code"),
        pytest.param(" １３８１２３４５６７８ ", id="full-width mobile number with spaces"),
        pytest.param("zhang.san@example.com", id="e-mail"),
        pytest.param("110105199003072311", id="identity card"),
        pytest.param("6222021000112233449", id="bank card"),
        pytest.param("0571-88886666", id="landline"),
        pytest.param("E12345678", id="passport"),
    ],
)
def test_pseudonym_replaces_an_id_that_is_personal_data(author_id: str) -> None:
    replaced = pseudonym(author_id, key="secret")
    assert re.fullmatch(r"U-[0-9a-f]{16}", replaced)
    assert replaced == pseudonym(author_id, key="secret")
    assert replaced != pseudonym(author_id, key="another")
    assert pseudonym(replaced, key="secret") == replaced


@pytest.mark.parametrize(
    "author_id",
    [
        pytest.param("u_10293847", id="account number"),
        pytest.param("小明同学", id="nickname"),
        pytest.param("138****5678", id="number that is masked already"),
        pytest.param("12345678", id="short number"),
        pytest.param("20261122000123456", id="long number without a check digit"),
        pytest.param("电话13812345678", id="more than a number"),
        pytest.param("", id="empty"),
    ],
)
def test_pseudonym_leaves_any_other_id_alone(author_id: str) -> None:
    assert pseudonym(author_id, key="secret") == author_id


def test_pseudonym_is_the_documented_hmac() -> None:
    # printf 13812345678 | openssl dgst -sha256 -hmac secret
    assert pseudonym("13812345678", key="secret") == "U-ccc5113e23aa6fe4"


@given(st.text(), st.text())
def test_pseudonym_never_raises(author_id: str, key: str) -> None:
    assert pseudonym(author_id, key=key) == pseudonym(author_id, key=key)
