"""Ours beside a competitor's: shares of users on the same days, with words of both sides."""

from datetime import date, timedelta

import pytest
from builders import NOW, TAXONOMY
from comparing import CRASH, HOME, MODEL, SLOW, THEIRS, crowd, many, mark, said, store
from sqlalchemy import Engine

from feedback_nlp.compare.gaps import Contrast
from feedback_nlp.errors import NotFoundError
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.compare_products import (
    Asked,
    Basis,
    Comparison,
    Rivalry,
    Window,
    compare_products,
)
from feedback_nlp.workflows.import_sheet import Target

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def engine(target: Target) -> Engine:
    mark(target.engine)
    return target.engine


def compared(engine: Engine, product: str | None = None, days: int | None = None) -> Comparison:
    with reading(engine) as session:
        return compare_products(session, HOME, TAXONOMY, Asked(product, days), model=MODEL)


def only(engine: Engine, days: int | None = None) -> Rivalry:
    (found,) = compared(engine, days=days).rivals
    return found


def verdicts(found: Rivalry) -> dict[str, Contrast]:
    return {row.code: row.gap.contrast for row in found.topics}


def test_a_topic_that_more_of_our_users_complain_of_is_found(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 200), product="我家"))
    store(engine, crowd("x", many(CRASH, 10, 200), product=THEIRS))
    found = only(engine)
    (row,) = found.topics
    assert (row.code, row.name, row.gap.contrast) == (CRASH, "闪退故障", Contrast.HIGHER)
    assert (row.ours.count, row.ours.of) == (60, 200)
    assert (row.theirs.count, row.theirs.of) == (10, 200)
    assert row.gap.gap == pytest.approx(0.25)
    assert (found.ours.users, found.theirs.users) == (200, 200)


def test_each_side_shows_three_of_its_own_reviews(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 200)))
    store(engine, crowd("x", many(CRASH, 2, 200), product=THEIRS))
    (row,) = only(engine).topics
    assert [(q.review_id[0], q.text) for q in row.ours.quotes] == [("a", "又闪退了")] * 3
    assert [(q.review_id[0], q.text) for q in row.theirs.quotes] == [("x", "又闪退了")] * 2


def test_where_we_are_worse_comes_first_and_what_nobody_complains_of_is_left_out(
    engine: Engine,
) -> None:
    ours = [*many(CRASH, 60, 150), *many(SLOW, 5, 50)]
    theirs = [*many(CRASH, 10, 100), *many(SLOW, 50, 100)]
    store(engine, crowd("a", ours))
    store(engine, crowd("x", theirs, product=THEIRS))
    found = verdicts(only(engine))
    assert list(found.items()) == [(CRASH, Contrast.HIGHER), (SLOW, Contrast.LOWER)]


def test_a_user_who_writes_every_day_counts_once(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 3, 100)))
    again = [said(f"b{n:03}", CRASH, created_at=NOW, author_id="u-a0000") for n in range(80)]
    store(engine, again)
    store(engine, crowd("x", many(CRASH, 3, 100), product=THEIRS))
    found = only(engine)
    (row,) = found.topics
    assert (row.ours.count, row.ours.of, row.gap.contrast) == (3, 100, Contrast.UNCLEAR)
    assert found.ours.reviews == 180


def test_few_users_get_no_verdict(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 20, 20)))
    store(engine, crowd("x", many(CRASH, 0, 200), product=THEIRS))
    found = compared(engine)
    assert verdicts(found.rivals[0]) == {CRASH: Contrast.TOO_FEW}
    assert found.tests == 0


def test_only_days_that_both_have_are_compared(engine: Engine) -> None:
    """Our old crashes, from before the competitor has any review, say nothing about them."""
    store(engine, crowd("old", many(CRASH, 100, 100), NOW - 90 * DAY))
    store(engine, crowd("a", many(CRASH, 5, 100), NOW - DAY))
    store(engine, crowd("x", many(CRASH, 5, 50), NOW - 2 * DAY, product=THEIRS))
    store(engine, crowd("y", many(CRASH, 0, 50), NOW + DAY, product=THEIRS))
    found = only(engine)
    assert found.window == Window(Basis.OVERLAP, TODAY - 2 * DAY, TODAY - DAY)
    assert (found.ours.users, found.theirs.users) == (100, 50)


@pytest.mark.parametrize(("days", "users"), [(1, 100), (2, 200), (900, 200)])
def test_the_last_of_these_days_can_be_asked_for(engine: Engine, days: int, users: int) -> None:
    for prefix, product in (("a", "我家"), ("x", THEIRS)):
        store(engine, crowd(prefix, many(CRASH, 5, 100), NOW, product=product))
        store(engine, crowd(f"{prefix}-", many(CRASH, 5, 100), NOW - DAY, product=product))
    found = only(engine, days)
    assert (found.ours.users, found.theirs.users) == (users, users)
    assert found.window.last == TODAY


def test_undated_reviews_are_left_out_where_days_are_compared(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 5, 100)))
    store(engine, crowd("b", many(CRASH, 90, 100), None))
    store(engine, crowd("x", many(CRASH, 5, 100), product=THEIRS))
    assert only(engine).ours.users == 100


def test_a_side_without_dates_is_compared_as_a_whole(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 5, 100)))
    store(engine, crowd("x", many(CRASH, 5, 80), None, product=THEIRS))
    found = only(engine, days=1)
    assert found.window == Window(Basis.UNDATED)
    assert (found.ours.users, found.theirs.users) == (100, 80)


def test_products_that_never_met_are_not_compared(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 100), NOW.replace(year=2024)))
    store(engine, crowd("x", many(CRASH, 0, 100), product=THEIRS))
    found = only(engine)
    assert found.window == Window(Basis.APART)
    assert (found.ours.users, found.theirs.users, found.topics) == (0, 0, ())


def test_several_competitors_are_corrected_together(engine: Engine) -> None:
    mark(engine, "第三家")
    store(engine, crowd("a", many(CRASH, 30, 200)))
    store(engine, crowd("x", many(CRASH, 15, 200), product=THEIRS))
    store(engine, crowd("z", many(CRASH, 30, 200), product="第三家"))
    alone, both = compared(engine, THEIRS), compared(engine)
    assert [each.product for each in both.rivals] == [THEIRS, "第三家"]
    assert (alone.tests, both.tests) == (1, 2)
    assert both.rivals[0].ours.users == both.rivals[1].ours.users == 200
    assert verdicts(alone.rivals[0]) == {CRASH: Contrast.HIGHER}
    assert verdicts(both.rivals[0]) == {CRASH: Contrast.UNCLEAR}


def test_a_product_that_is_not_marked_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="“我家”没有标记为竞品"):
        compared(engine, "我家")


def test_a_competitor_without_reviews_has_nothing_to_show(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 100)))
    found = only(engine)
    assert (found.ours.users, found.theirs.users) == (100, 0)
    (row,) = found.topics
    assert (row.gap.gap, row.gap.contrast) == (None, Contrast.TOO_FEW)


def test_without_competitors_nothing_is_compared(engine: Engine) -> None:
    mark(engine, active=False)
    assert compared(engine).rivals == ()


def test_window_holds_days() -> None:
    window = Window(Basis.OVERLAP, date(2026, 3, 1), date(2026, 3, 2))
    asked = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), None)
    assert [window.holds(day) for day in asked] == [False, True, True, False, False]
