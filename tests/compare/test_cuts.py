"""Counting users by what they complain of: each once, blind to order, with words to show."""

from datetime import timedelta

import numpy as np
import pytest
from builders import MONDAY
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.compare.cuts import (
    MOST_VALUES,
    Account,
    Group,
    against_the_rest,
    compared,
    count,
)
from feedback_nlp.compare.gaps import LEAST_USERS, Table, judge
from feedback_nlp.records import Quote

CRASH, SLOW = "performance.crash", "performance.speed"


def account(key: str, *codes: str, author: str | None = None, hours: int = 0) -> Account:
    words = tuple((code, Quote(key, place, place + 2, code)) for place, code in enumerate(codes))
    return Account(
        key,
        "应用商店",
        author_id=author,
        created_at=MONDAY + timedelta(hours=hours),
        complaints=words,
    )


def test_a_user_counts_once_for_a_topic_however_often_they_write() -> None:
    heard = [account(f"r{n}", CRASH, CRASH, author="u1") for n in range(5)]
    group = count(("A", each) for each in heard)["A"]
    assert (group.users, group.reviews, group.complaining) == (1, 5, {CRASH: 1})


def test_reviews_without_an_author_are_a_user_each() -> None:
    group = count(("A", account(f"r{n}", CRASH)) for n in range(3))["A"]
    assert (group.users, group.complaining) == (3, {CRASH: 3})


def test_the_same_author_id_in_two_channels_is_two_users() -> None:
    there = Account("r2", "微博", author_id="u1")
    assert count([("A", account("r1", author="u1")), ("A", there)])["A"].users == 2


def test_a_user_of_two_values_is_one_of_each_with_what_they_said_there() -> None:
    groups = count(
        [("A", account("r1", CRASH, author="u1")), ("B", account("r2", SLOW, author="u1"))]
    )
    assert {value: group.users for value, group in groups.items()} == {"A": 1, "B": 1}
    assert groups["A"].complaining == {CRASH: 1}
    assert groups["B"].complaining == {SLOW: 1}


def test_users_without_complaints_count_in_the_denominator() -> None:
    group = count([("A", account("r1", CRASH)), ("A", account("r2"))])["A"]
    assert (group.users, group.complaining) == (2, {CRASH: 1})


def test_examples_are_the_newest_words_of_three_users() -> None:
    heard = [account(f"r{n}", CRASH, author=f"u{n % 4}", hours=n) for n in range(8)]
    quotes = count(("A", each) for each in heard)["A"].quotes[CRASH]
    assert [quote.review_id for quote in quotes] == ["r7", "r6", "r5"]


def test_the_first_words_of_a_review_are_its_example() -> None:
    (quote,) = count([("A", account("r1", CRASH, CRASH))])["A"].quotes[CRASH]
    assert quote.start == 0


def test_undated_reviews_count_and_are_shown_last() -> None:
    undated = Account("r0", "应用商店", complaints=((CRASH, Quote("r0", 0, 2, "闪退")),))
    group = count([("A", undated), ("A", account("r1", CRASH))])["A"]
    assert [quote.review_id for quote in group.quotes[CRASH]] == ["r1", "r0"]


accounts = st.builds(
    account,
    st.sampled_from([f"r{n}" for n in range(9)]),
    st.sampled_from([CRASH, SLOW]),
    author=st.none() | st.sampled_from(["u1", "u2"]),
    hours=st.integers(0, 3),
)


@given(st.lists(st.tuples(st.sampled_from("AB"), accounts), unique_by=lambda e: e[1].review_id))
def test_order_does_not_matter(entries: list[tuple[str, Account]]) -> None:
    assert count(entries) == count(reversed(entries))


@given(st.lists(st.tuples(st.sampled_from("AB"), accounts), unique_by=lambda e: e[1].review_id))
def test_nobody_complains_more_than_there_are_users(entries: list[tuple[str, Account]]) -> None:
    for group in count(entries).values():
        assert group.users <= group.reviews
        assert all(0 < said <= group.users for said in group.complaining.values())
        assert group.quotes.keys() == group.complaining.keys()


def group(users: int, name: str = "", **complaining: int) -> Group:
    """Users with names of their own, the first of them complaining."""
    who = [f"{name}-{n}" for n in range(users)]
    said = {key: frozenset(who[:number]) for key, number in complaining.items()}
    return Group(frozenset(who), users, said)


def test_each_value_is_set_beside_all_the_others() -> None:
    groups = {
        "A": group(40, "a", crash=4),
        "B": group(50, "b", crash=5, slow=6),
        "C": group(3, "c", slow=1),
    }
    cells = against_the_rest(groups)
    assert {(cell.value, cell.key): cell.table for cell in cells} == {
        ("A", "crash"): Table(4, 40, 5, 53),
        ("A", "slow"): Table(0, 40, 7, 53),
        ("B", "crash"): Table(5, 50, 4, 43),
        ("B", "slow"): Table(6, 50, 1, 43),
    }


def test_one_user_of_many_values_is_one_of_the_others() -> None:
    heard = [("A", account(f"a{n}", author=f"u{n}")) for n in range(LEAST_USERS)]
    heard += [(f"v{n}", account(f"b{n}", CRASH, author="甲")) for n in range(60)]
    (cell,) = against_the_rest(count(heard))
    assert cell.table == Table(0, LEAST_USERS, 1, 1)


def test_nobody_is_on_both_sides() -> None:
    heard = [("A", account(f"a{n}", author=f"u{n}")) for n in range(LEAST_USERS)]
    heard += [("B", account(f"b{n}", CRASH, author=f"u{n}")) for n in range(3)]
    heard += [("B", account("c", CRASH, author="乙"))]
    (cell,) = against_the_rest(count(heard))
    assert cell.table == Table(0, LEAST_USERS, 1, 1)


@pytest.mark.parametrize(("users", "is_compared"), [(LEAST_USERS - 1, False), (LEAST_USERS, True)])
def test_values_need_enough_users(users: int, is_compared: bool) -> None:  # noqa: FBT001 (a table)
    assert ("A" in compared({"A": group(users)})) is is_compared


def test_only_the_values_with_most_users_are_compared() -> None:
    groups = {f"v{n:03}": group(LEAST_USERS + n) for n in range(MOST_VALUES + 5)}
    assert compared(groups) == {f"v{n:03}" for n in range(5, MOST_VALUES + 5)}


def test_without_any_difference_few_runs_find_one() -> None:
    """Values of very different size, all with the same shares; each is part of the others' rest."""
    rng = np.random.default_rng(20261125)
    sizes = [40, 60, 100, 200, 400, 1_000, 2_000]
    shares = rng.uniform(0.005, 0.2, 20)
    found = []
    for _ in range(200):
        groups = {
            f"v{users}": group(
                users,
                f"v{users}",
                **{f"t{n}": int(rng.binomial(users, share)) for n, share in enumerate(shares)},
            )
            for users in sizes
        }
        found.append(judge([cell.table for cell in against_the_rest(groups)]).found > 0)
    assert np.mean(found) <= 0.06
