"""Who has a release and who has not: by version, region, channel and tier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from builders import NOW
from rollouts import (
    AFTER,
    DAY,
    HOME,
    MODEL,
    RELEASED,
    days,
    noon,
    of_versions,
    release,
    some,
    store,
)
from sqlalchemy import Engine
from storage_samples import run

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Advice, Customer, Denominator, Exposure, Group, Review, Rollout
from feedback_nlp.storage import customers, exposure, releases, runs
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.compare_rollout import (
    Watched,
    newest_known_day,
    rollouts_of_release,
    rollouts_of_ticket,
    watch_rollouts,
)
from feedback_nlp.workflows.import_sheet import Target

LAST = RELEASED + DAY * AFTER


@pytest.fixture
def engine(target: Target) -> Engine:
    return target.engine


def watched(engine: Engine, as_of: date = LAST) -> tuple[Watched, ...]:
    with reading(engine) as session:
        return watch_rollouts(session, HOME, model=MODEL, as_of=as_of)


def the_one(engine: Engine, as_of: date = LAST) -> Rollout:
    (found,) = watched(engine, as_of)
    return found.rollout


def counts(found: Rollout) -> tuple[int, int, int, int]:
    return found.count_with, found.base_with, found.count_without, found.base_without


@pytest.fixture
def versions(engine: Engine) -> Engine:
    store(engine, of_versions())
    release(engine)
    return engine


def test_users_of_the_version_stand_beside_the_others_on_the_same_days(versions: Engine) -> None:
    (found,) = watched(versions)
    assert (found.ticket.id, found.release.number) == ("K-0001", 1)
    rollout = found.rollout
    assert counts(rollout) == (0, 60, 40, 80)
    assert (rollout.first, rollout.last) == (RELEASED + DAY, LAST)
    assert (rollout.denominator, rollout.before_count) == (Denominator.REVIEWS, None)
    assert (rollout.advice, rollout.ratio) == (Advice.WIDEN, 0.0)
    early = the_one(versions, RELEASED + DAY * 2)
    assert counts(early) == (0, 6, 4, 8)
    assert early.advice is Advice.WAIT
    assert counts(the_one(versions, RELEASED)) == (0, 0, 0, 0)


def test_newer_versions_are_on_neither_side(engine: Engine) -> None:
    more = [
        each
        for day in days()
        for version in ("3.10", "内测版")
        for each in some(version, day, 1, 2, version=version)
    ]
    store(engine, [*of_versions(), *more])
    release(engine)
    assert counts(the_one(engine)) == (0, 60, 40 + 20, 80 + 40)


def test_who_gets_it_in_a_further_step_leaves_the_others(versions: Engine) -> None:
    release(versions, value="3.1", on=RELEASED + DAY * 5)
    first, second = watched(versions)
    assert counts(first.rollout) == (0, 60, 10, 20)
    assert counts(second.rollout) == (30, 60, 0, 0)
    assert second.rollout.first == RELEASED + DAY * 6


def test_a_full_release_ends_the_comparison(versions: Engine) -> None:
    release(versions, None, on=RELEASED + DAY * 8)
    assert watched(versions) == ()
    with reading(versions) as session:
        (found,) = rollouts_of_ticket(session, HOME, "K-0001", model=MODEL, as_of=LAST)
        again = rollouts_of_release(session, HOME, 1, model=MODEL, as_of=LAST)
    assert found.rollout.last == RELEASED + DAY * 7
    assert counts(found.rollout) == (0, 21, 14, 28)
    assert again == (found,)


def test_exposure_counts_where_it_is_known_of_both_sides_on_all_days(versions: Engine) -> None:
    rows = [
        Exposure(day, version=version, orders=orders)
        for day in days()
        for version, orders in (("3.2", 100), ("3.1", 900))
    ]
    with transaction(versions) as session:
        exposure.add(session, HOME, rows, now=NOW)
    found = the_one(versions)
    assert counts(found) == (0, 2_000, 40, 18_000)
    assert found.denominator is Denominator.EXPOSURE
    later = the_one(versions, LAST + DAY)
    assert (later.denominator, later.base_with) == (Denominator.REVIEWS, 60)


def in_region(each: Review, *, here: bool) -> Review:
    return replace(each, region="广东" if here else "四川")


def in_channel(each: Review, *, here: bool) -> Review:
    return replace(each, channel="广东" if here else "四川")


def of_tier(each: Review, *, here: bool) -> Review:
    """The customer's tier counts where the review names none."""
    return replace(each, author_id="u-1") if here else replace(each, author_tier="C")


@pytest.mark.parametrize(
    ("group", "told"),
    [
        pytest.param(Group.REGION, in_region, id="region"),
        pytest.param(Group.CHANNEL, in_channel, id="channel"),
        pytest.param(Group.TIER, of_tier, id="tier"),
    ],
)
def test_what_a_group_was_before_is_taken_off(
    engine: Engine, group: Group, told: Callable[..., Review]
) -> None:
    """Three times as many as the others before, as many since."""
    found = []
    for day in days(before=15):
        mine = some("a", day, 3 if day < RELEASED else 1, 5)
        found += [told(each, here=True) for each in mine]
        found += [told(each, here=False) for each in some("b", day, 1, 5)]
    store(engine, found)
    with transaction(engine) as session:
        customers.add(session, HOME, [Customer("u-1", "广东")], now=NOW)
    release(engine, group, "广东")
    rollout = the_one(engine)
    assert counts(rollout) == (20, 100, 20, 100)
    assert rollout.before_count == 15 * 4
    assert rollout.before_ratio == pytest.approx(3, rel=1e-3)
    assert rollout.ratio == pytest.approx(1 / 3, rel=0.1)


def test_a_group_of_which_nothing_was_heard_before_has_to_wait(engine: Engine) -> None:
    found = [
        each
        for day in days()
        for each in (*some("a", day, 0, 9, region="广东"), *some("b", day, 9, 9, region="四川"))
    ]
    store(engine, found)
    release(engine, Group.REGION, "广东")
    rollout = the_one(engine)
    assert (rollout.ratio, rollout.before_count, rollout.advice) == (0.0, 0, Advice.WAIT)


def test_what_came_after_the_last_plan_is_not_looked_at(versions: Engine) -> None:
    with transaction(versions) as session:
        assert newest_known_day(session, HOME, now=NOW) == LAST
        planned = replace(run(), as_of=noon(RELEASED + DAY))
        runs.add(session, HOME, planned)
        assert newest_known_day(session, HOME, now=NOW) == RELEASED + DAY


def test_what_cannot_be_compared_is_refused(versions: Engine) -> None:
    full = release(versions, None, on=LAST)
    with transaction(versions) as session:
        releases.withdraw(session, HOME, 1, by="小李", now=NOW)

    with reading(versions) as session:
        for number, error, said in (
            (1, ConflictError, "已由 小李 撤回"),
            (full.number, ConflictError, "分不出谁有新版"),
            (9, NotFoundError, "没有编号为 9 的发布"),
        ):
            with pytest.raises(error, match=said):
                rollouts_of_release(session, HOME, number, model=MODEL, as_of=LAST)
        with pytest.raises(NotFoundError, match="K-0099"):
            rollouts_of_ticket(session, HOME, "K-0099", model=MODEL, as_of=LAST)
    assert watched(versions) == ()
