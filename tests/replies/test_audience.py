"""Whom to tell: each user once, the right review, and nobody who should not be told."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, make_labels
from hypothesis import given
from hypothesis import strategies as st
from reply_samples import heard

from feedback_nlp.records import Intent, Polarity
from feedback_nlp.replies.audience import Heard, Known, LeftOut, audience
from feedback_nlp.replies.versions import is_older

PRAISE = make_labels(polarity=Polarity.POS, intent=Intent.PRAISE, severity=0)


def test_a_user_is_listed_once_with_their_newest_review() -> None:
    said = [
        heard("R-1", author="U-1", days=3, severity=3),
        heard("R-2", author="U-1", days=1, severity=1),
        heard("R-3", days=2),
        heard("R-4", days=2),
    ]
    found = audience(said, Known()).addressees
    assert [(each.user, each.review.id, each.reviews) for each in found] == [
        ("U-1", "R-2", 2),
        ("review:R-3", "R-3", 1),
        ("review:R-4", "R-4", 1),
    ]
    assert [each.severity for each in found] == [3, 2, 2]


def test_the_order_is_tier_then_severity_then_newest() -> None:
    said = [
        heard("R-1", author="a", author_tier="C", severity=3),
        heard("R-2", author="b", severity=1, days=1),
        heard("R-3", author="c", author_tier="A", severity=1, days=2),
        heard("R-4", author="d", author_tier="C", severity=3, days=None),
        heard("R-5", author="e", severity=1, days=0),
    ]
    known = Known(tiers={"b": "A", "c": "C"}, weights={"A": 1.5, "C": 1.0})
    found = audience(said, known).addressees
    assert [each.review.id for each in found] == ["R-2", "R-3", "R-1", "R-4", "R-5"]
    assert [each.tier for each in found] == ["A", "A", "C", "C", None]


def praising(key: str) -> Heard:
    """A review whose opinion a person found to be praise."""
    each = heard(key)
    return replace(each, opinions=(replace(each.opinions[0], labels=PRAISE),))


RELEASED = Known(released_at=NOW, version="8.2")


@pytest.mark.parametrize(
    ("said", "known", "reason"),
    [
        pytest.param([heard("R-1", theirs=True)], Known(), LeftOut.COMPETITOR, id="a competitor's"),
        pytest.param([heard("R-1", held=True)], Known(), LeftOut.QUARANTINED, id="held back"),
        pytest.param([Heard(heard("R-1").review)], Known(), LeftOut.CHANGED, id="rewritten"),
        pytest.param([praising("R-1")], Known(), LeftOut.CHANGED, id="corrected to praise"),
        pytest.param(
            [heard("R-1", author="U-1")],
            Known(opted_out={"U-1"}, told={"U-1"}),
            LeftOut.OPTED_OUT,
            id="wants nothing",
        ),
        pytest.param(
            [heard("R-1", author="U-1")],
            Known(opted_out={"review:R-1"}),
            LeftOut.OPTED_OUT,
            id="opted out before the source named them",
        ),
        pytest.param([heard("R-1")], Known(told={"review:R-1"}), LeftOut.TOLD, id="told"),
        pytest.param([heard("R-1", days=-1)], RELEASED, LeftOut.SAID_AGAIN, id="after the release"),
        pytest.param(
            [heard("R-1", days=-1, version="8.10")], RELEASED, LeftOut.SAID_AGAIN, id="still there"
        ),
        pytest.param([heard("R-1", days=-1, version="8.1.9")], RELEASED, None, id="did not update"),
        pytest.param([heard("R-1", days=1)], RELEASED, None, id="before the release"),
        pytest.param(
            [heard("R-1", author="U-1", held=True), heard("R-2", author="U-1")],
            Known(),
            None,
            id="one review counts",
        ),
    ],
)
def test_who_is_left_out_says_why(said: list[Heard], known: Known, reason: LeftOut | None) -> None:
    found = audience(said, known)
    assert len(found.addressees) == (reason is None)
    assert found.left_out == (() if reason is None else ((reason, 1),))
    assert set(found.reasons.values()) == ({reason} - {None})


@st.composite
def crowds(draw: st.DrawFn) -> list[Heard]:
    authors = st.sampled_from([None, "a", "b", "c"])
    flags = st.tuples(authors, st.booleans(), st.booleans(), st.integers(0, 3), st.integers(0, 9))
    return [
        heard(f"R-{n}", author=author, held=held, theirs=theirs, severity=severity, days=days)
        for n, (author, held, theirs, severity, days) in enumerate(draw(st.lists(flags)))
    ]


@given(crowds(), st.sets(st.sampled_from(["a", "b", "review:R-0"])), st.randoms())
def test_everybody_is_counted_once_whatever_the_order(
    said: list[Heard], unwanted: set[str], dice: object
) -> None:
    known = Known(opted_out=unwanted, told={"c"}, released_at=NOW - timedelta(days=3))
    found = audience(said, known)
    shuffled = said[:]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert audience(shuffled, known) == found
    listed = Counter(each.user for each in found.addressees)
    assert set(listed.values()) <= {1}
    assert not listed.keys() & (unwanted | {"c"})
    users = {each.user for each in said}
    assert len(users) == len(listed) + sum(count for _, count in found.left_out)


@pytest.mark.parametrize(
    ("version", "other", "older"),
    [
        ("8.9", "8.10", True),
        ("v8.1.9", "8.2", True),
        ("8.2", "8.2.0", False),
        ("9", "8.2", False),
        ("内测版", "8.2", False),
        (None, "8.2", False),
        ("8.1", None, False),
    ],
)
def test_versions_are_compared_as_numbers(
    version: str | None, other: str | None, *, older: bool
) -> None:
    assert is_older(version, other) is older
