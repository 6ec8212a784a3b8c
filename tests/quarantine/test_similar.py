"""MinHash only proposes; the exact comparison decides, and neither depends on the company."""

from dataclasses import replace

import pytest

from feedback_nlp.quarantine.recipes import DEFAULT, RECIPES
from feedback_nlp.quarantine.similar import Lookalikes, Row, ngrams

WORDS = "更新以后每次打开都要重新登录验证码等十分钟也收不到影响正常使用"
CLOSE = WORDS.replace("登录", "登陆")


def found(rows: list[Row], row: int, standing: list[int]) -> list[int]:
    lookalikes = Lookalikes(rows, DEFAULT)
    for other in standing:
        lookalikes.add(other)
    return [other for other, _ in lookalikes.copied(row)]


def test_recipes_are_dated_and_the_newest_is_the_default() -> None:
    names = [recipe.name for recipe in RECIPES]
    assert names == sorted(set(names))
    assert RECIPES[-1] is DEFAULT


def test_ngrams_hold_both_ends() -> None:
    assert ngrams("好", 2) == {"\x00好", "好\x00"}
    assert len(ngrams("很好用", 3)) == 5


def test_jaccard_is_exact() -> None:
    lookalikes = Lookalikes([Row(WORDS, ""), Row(CLOSE, "")], DEFAULT)
    lookalikes.add(0)
    ((row, similarity),) = lookalikes.copied(1)
    mine, theirs = ngrams(CLOSE, 3), ngrams(WORDS, 3)
    assert (row, similarity) == (0, len(mine & theirs) / len(mine | theirs))


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param(("甲", "甲"), [0], id="one block"),
        pytest.param(("甲", "乙"), [], id="two blocks"),
        pytest.param((None, None), [], id="no block"),
    ],
)
def test_only_one_block_is_compared(blocks: tuple[str, str], expected: list[int]) -> None:
    rows = [Row(WORDS, blocks[0]), Row(CLOSE, blocks[1])]
    assert found(rows, 1, [0]) == expected


def test_nothing_is_found_before_something_stands() -> None:
    assert found([Row(WORDS, ""), Row(CLOSE, "")], 1, []) == []


def test_a_bucket_stops_growing_at_its_limit() -> None:
    """The bound on time: with a bucket of one only the first of a band is compared."""
    rows = [Row(WORDS, ""), Row(CLOSE, ""), Row(f"{CLOSE}了", "")]
    wide, narrow = (Lookalikes(rows, recipe) for recipe in (DEFAULT, replace(DEFAULT, bucket=1)))
    for lookalikes in (wide, narrow):
        lookalikes.add(0)
        lookalikes.add(1)
    assert len(list(wide.copied(2))) >= len(list(narrow.copied(2))) >= 1


def test_a_few_words_more_are_no_copy_however_alike_the_rest_is() -> None:
    long = f"{WORDS}{WORDS[::-1]}"
    more = f"{long}还多扣了钱"
    rows = [Row(long, ""), Row(more, ""), Row(f"{long}了", "")]
    mine, theirs = ngrams(more, 3), ngrams(long, 3)
    assert len(mine & theirs) / len(mine | theirs) > DEFAULT.min_similarity
    assert found(rows, 1, [0]) == []
    assert found(rows, 2, [0]) == [0]
    assert found(rows, 0, [1]) == [1]


def test_a_row_alone_has_no_copies() -> None:
    assert found([Row(WORDS, "")], 0, [0]) == []
