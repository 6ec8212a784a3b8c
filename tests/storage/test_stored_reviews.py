from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from storage_samples import (
    BEIJING,
    HOME,
    MODEL,
    NOW,
    OTHER_MODEL,
    REVIEWS,
    annotation,
    review,
)

from feedback_nlp.errors import InputError
from feedback_nlp.records import Reply, Review, ReviewKind
from feedback_nlp.storage import annotations, reviews, tables
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.reviews import Added

LAW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LATER = NOW + timedelta(days=1)


def _add(engine: Engine, *many: Review, now: datetime = NOW) -> Added:
    with transaction(engine) as session:
        return reviews.add(session, HOME, many, now=now)


@LAW
@given(many=st.lists(REVIEWS, max_size=4, unique_by=lambda one: one.id))
def test_a_saved_review_comes_back_unchanged(engine: Engine, many: list[Review]) -> None:
    with transaction(engine) as session:
        assert reviews.add(session, HOME, many, now=NOW).added == len(many)
        assert reviews.add(session, HOME, many, now=LATER) == Added(unchanged=len(many))
        assert [reviews.get(session, HOME, one.id) for one in many] == many
        assert sorted(reviews.every(session, HOME, batch=2), key=lambda one: one.id) == sorted(
            many, key=lambda one: one.id
        )
        session.rollback()


def test_times_come_back_in_utc(engine: Engine) -> None:
    _add(engine, review(created_at=datetime(2026, 1, 1, 7, 59, 59, 999_999, tzinfo=BEIJING)))
    with reading(engine) as session:
        found = reviews.get(session, HOME, "r1")
    assert found is not None
    assert found.created_at is not None
    assert found.created_at.isoformat() == "2025-12-31T23:59:59.999999+00:00"


def test_an_unknown_review_is_none(engine: Engine) -> None:
    with reading(engine) as session:
        assert reviews.get(session, HOME, "nobody") is None


def test_adding_counts_new_revised_and_unchanged(engine: Engine) -> None:
    _add(engine, review("a"), review("b"))
    assert _add(engine, review("a"), review("b", text="好了"), review("c")) == Added(1, 1, 1)


def test_nothing_to_add_changes_nothing(engine: Engine) -> None:
    assert _add(engine) == Added()


def test_another_text_keeps_the_earlier_one_as_revision(engine: Engine) -> None:
    first, second, third = (review(text=text) for text in ("一", "二", "三"))
    for day, version in enumerate((first, second, third)):
        _add(engine, version, now=NOW + timedelta(days=day))
    with reading(engine) as session:
        assert reviews.get(session, HOME, "r1") == third
        assert reviews.revisions(session, HOME, "r1") == [first, second]
        old = tables.review_revisions.c
        imported = session.execute(select(old.revision, old.imported_at).order_by(old.revision))
        assert [tuple(row) for row in imported] == [(1, NOW), (2, LATER)]


def test_other_fields_make_a_revision_that_stays_annotated(engine: Engine) -> None:
    _add(engine, review())
    with transaction(engine) as session:
        annotations.add(session, HOME, [annotation(review())])
    assert _add(engine, review(likes=3)).revised == 1
    with reading(engine) as session:
        assert reviews.revisions(session, HOME, "r1") == [review()]
        assert reviews.pending(session, HOME, model=MODEL, limit=9) == []


def test_the_same_id_twice_in_one_import_makes_a_revision(engine: Engine) -> None:
    found = _add(engine, review(text="一"), review(text="一"), review(text="二"))
    assert found == Added(added=1, revised=1, unchanged=1)
    with reading(engine) as session:
        assert reviews.revisions(session, HOME, "r1") == [review(text="一")]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        pytest.param(review(text="闪退\x00了"), "text", id="NUL in the text"),
        pytest.param(review(text="闪退\ud83d"), "text", id="half of an emoji"),
        pytest.param(review(version="\x00"), "version", id="NUL in another field"),
        pytest.param(review(key="\udfff"), "id", id="broken id"),
        pytest.param(review(author_tier="A\x00"), "author_tier", id="NUL in the tier"),
        pytest.param(review(replies=(Reply("\x00"),)), "replies", id="NUL in a reply"),
        pytest.param(review(extras=(("颜色", "红\ud83d"),)), "extras", id="broken extra value"),
        pytest.param(review(extras=(("\x00", "红"),)), "extras", id="NUL in a header"),
        pytest.param(review(masked=("\x00",)), "masked", id="NUL in a kind"),
    ],
)
def test_text_that_postgres_cannot_hold_is_refused_everywhere(
    engine: Engine, bad: Review, field: str
) -> None:
    with pytest.raises(InputError, match=f"的 .*{field}.* 含有"):
        _add(engine, review("good"), bad)
    with reading(engine) as session:
        assert list(reviews.every(session, HOME)) == []


def test_a_rating_that_is_no_number_is_refused(engine: Engine) -> None:
    with pytest.raises(InputError, match="rating 是 nan"):
        _add(engine, review(rating=float("nan")))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"csat": 4}, id="csat"),
        pytest.param({"resolved_at": LATER}, id="resolved"),
        pytest.param({"masked": ("phone",)}, id="kinds of masked data"),
        pytest.param({"replies": (Reply("您好", NOW),)}, id="another reply"),
        pytest.param({"replies": (Reply("亲", LATER),)}, id="another time of a reply"),
        pytest.param({"replies": (Reply("亲"),)}, id="a reply without its time"),
        pytest.param({"extras": (("尺码", "L"), ("颜色", "红"))}, id="order of the extras"),
        pytest.param({"kind": ReviewKind.TICKET}, id="kind"),
        pytest.param({"created_at": LATER}, id="time"),
        pytest.param({"nps": 0}, id="a zero instead of nothing"),
        pytest.param({"author_id": ""}, id="an empty text instead of nothing"),
    ],
)
def test_a_difference_in_any_field_is_a_revision(engine: Engine, changed: dict[str, Any]) -> None:
    first = review(
        replies=(Reply("亲", NOW),), extras=(("颜色", "红"), ("尺码", "L")), created_at=NOW
    )
    second = replace(first, **changed)
    _add(engine, first)
    assert _add(engine, second) == Added(revised=1)
    assert _add(engine, second) == Added(unchanged=1)
    with reading(engine) as session:
        assert reviews.get(session, HOME, "r1") == second
        assert reviews.revisions(session, HOME, "r1") == [first]


def test_the_same_moment_in_another_zone_is_no_revision(engine: Engine) -> None:
    there = NOW.astimezone(BEIJING)
    _add(engine, review(created_at=NOW, resolved_at=NOW, replies=(Reply("亲", NOW),)))
    again = review(created_at=there, resolved_at=there, replies=(Reply("亲", there),))
    assert _add(engine, again) == Added(unchanged=1)


@pytest.mark.parametrize(
    "naive",
    [
        pytest.param(review(created_at=NOW.replace(tzinfo=None)), id="of the review"),
        pytest.param(review(replies=(Reply("亲", NOW.replace(tzinfo=None)),)), id="of a reply"),
    ],
)
def test_a_time_without_a_zone_is_a_bug(engine: Engine, naive: Review) -> None:
    with pytest.raises(Exception, match="without a zone"):
        _add(engine, naive)


def test_two_imports_of_the_same_file_at_once_store_each_review_once(engine: Engine) -> None:
    many = [review(f"r{number}", replies=(Reply("亲"),)) for number in range(600)]
    batches = list(chunks(many, 100))

    def run(_: int) -> int:
        return sum(_add(engine, *batch).added for batch in batches)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 600
    with reading(engine) as session:
        assert len(list(reviews.every(session, HOME))) == 600
        assert reviews.revisions(session, HOME, "r0") == []


def test_a_number_too_large_for_the_database_is_an_input_error(engine: Engine) -> None:
    with pytest.raises(InputError, match="数字过大"):
        _add(engine, review(likes=2**63))


def test_reviews_without_a_time_come_last_then_the_id_decides(engine: Engine) -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    _add(
        engine,
        review("z", created_at=day),
        review("评论", created_at=day),
        review("B"),
        review("a"),
        review("_", created_at=day),
        review("old", created_at=day - timedelta(days=1)),
    )
    with reading(engine) as session:
        for batch in (1, 2, 1_000_000):
            found = [one.id for one in reviews.every(session, HOME, batch=batch)]
            assert found == ["old", "_", "z", "评论", "B", "a"]


def test_pending_goes_on_behind_any_review(engine: Engine) -> None:
    _add(engine, review("a", created_at=NOW), review("b", created_at=NOW), review("c"), review("d"))
    with reading(engine) as session:
        order = reviews.pending(session, HOME, model=MODEL, limit=9)
        assert [one.id for one in order] == ["a", "b", "c", "d"]
        for position, one in enumerate(order):
            rest = reviews.pending(session, HOME, model=MODEL, limit=9, after=one)
            assert rest == order[position + 1 :]


def test_pending_means_not_annotated_by_this_model(engine: Engine) -> None:
    first, second = review("a"), review("b")
    _add(engine, first, second)
    with transaction(engine) as session:
        annotations.add(session, HOME, [annotation(first)])
    with reading(engine) as session:
        assert reviews.pending(session, HOME, model=MODEL, limit=9) == [second]
        assert reviews.pending(session, HOME, model=OTHER_MODEL, limit=1) == [first]
        assert reviews.pending(session, HOME, model=OTHER_MODEL, limit=0) == []


def test_a_new_text_is_pending_again(engine: Engine) -> None:
    _add(engine, review())
    with transaction(engine) as session:
        annotations.add(session, HOME, [annotation(review())])
    _add(engine, review(text="好了"))
    with reading(engine) as session:
        assert reviews.pending(session, HOME, model=MODEL, limit=9) == [review(text="好了")]


def test_the_time_span_ignores_reviews_without_a_time(engine: Engine) -> None:
    with reading(engine) as session:
        assert reviews.time_span(session, HOME) == (None, None)
    _add(engine, review("a", created_at=NOW), review("b", created_at=LATER), review("c"))
    with reading(engine) as session:
        oldest, newest = reviews.time_span(session, HOME)
    assert (oldest, newest) == (NOW, LATER)
    assert newest is not None
    assert newest.tzinfo is UTC


def test_pending_reviews_are_counted_for_each_model(engine: Engine) -> None:
    _add(engine, review("a"), review("b"))
    with transaction(engine) as session:
        annotations.add(session, HOME, [annotation(review("a"))])
        assert reviews.count_pending(session, HOME, model=MODEL) == 1
        assert reviews.count_pending(session, HOME, model="new") == 2


def test_more_reviews_than_one_statement_can_name(engine: Engine) -> None:
    many = [review(f"r{number}") for number in range(2_500)]
    assert _add(engine, *many).added == 2_500
    assert _add(engine, *many).unchanged == 2_500
    with transaction(engine) as session:
        annotations.add(session, HOME, [annotation(one) for one in many])
        assert len(list(annotations.every(session, HOME, model=MODEL, batch=10_000))) == 2_500
