"""Customers who complained before a release, and what they did after it."""

from datetime import date

import pytest
from builders import NOW
from rollouts import DAY, HOME, MODEL, RELEASED, buy, noon, release, store, written
from sqlalchemy import Engine

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Segment, UsageEvent
from feedback_nlp.storage import releases, usage
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.verification.loyalty import Lack, Windows
from feedback_nlp.workflows.follow_customers import Loyalty, follow_customers
from feedback_nlp.workflows.import_sheet import Target

LATER = RELEASED + DAY * 90
BEFORE, AFTER = RELEASED - DAY * 20, RELEASED + DAY * 20
MINE = [f"u-{n:02}" for n in range(30)]
OTHERS = [f"v-{n:02}" for n in range(40)]


@pytest.fixture
def engine(target: Target) -> Engine:
    """30 complained 10 days before, all ordered before; 20 of them order again, 10 of 40 others."""
    store(target.engine, [written(f"x{who}", RELEASED - DAY * 10, author_id=who) for who in MINE])
    buy(target.engine, [(who, BEFORE) for who in (*MINE, *OTHERS)])
    buy(target.engine, [(who, AFTER) for who in (*MINE[:20], *OTHERS[:10])])
    return target.engine


def follow(engine: Engine, as_of: date = LATER) -> Loyalty:
    with reading(engine) as session:
        return follow_customers(session, HOME, "K-0001", model=MODEL, as_of=as_of)


def test_those_who_complained_are_set_beside_all_other_customers(engine: Engine) -> None:
    release(engine, None)
    found = follow(engine)
    assert (found.release, found.released, found.complained) == (1, RELEASED, 30)
    assert found.windows == Windows(RELEASED, 20)
    assert (found.lack, found.with_usage) == (None, False)
    assert found.total is not None
    assert (found.total.affected, found.total.others) == (30, 40)
    effect = found.total.repurchase
    assert effect is not None
    assert (effect.affected.before, effect.others.before) == (1, 1)
    assert effect.affected.after == pytest.approx(2 / 3)
    assert effect.others.after == pytest.approx(1 / 4)
    assert effect.value == pytest.approx(5 / 12)
    assert effect.low > 0
    assert [row.segment for row in found.segments] == [Segment.NEW]


def test_only_orders_that_were_kept_are_repurchases_and_any_sign_is_staying(
    engine: Engine,
) -> None:
    buy(engine, [(who, AFTER) for who in OTHERS[10:20]], refunded=True)
    again = [written(f"x2{who}", AFTER, author_id=who) for who in MINE]
    praise = [written(f"o{who}", AFTER, author_id=who) for who in MINE[20:25]]
    store(
        engine,
        [
            *[written(f"x{who}", RELEASED - DAY * 10, author_id=who) for who in MINE],
            *again,
            *praise,
        ],
    )
    release(engine, None)
    total = follow(engine).total
    assert total is not None
    assert total.repurchase is not None
    assert total.retention is not None
    assert total.repurchase.others.after == pytest.approx(10 / 40)
    assert total.retention.others.after == pytest.approx(20 / 40)
    assert total.retention.affected.after == pytest.approx(25 / 30)


def test_use_counts_where_it_is_known_of_both_windows(engine: Engine) -> None:
    release(engine, None)
    events = [UsageEvent(f"e-{who}", who, "open", noon(AFTER)) for who in OTHERS]
    with transaction(engine) as session:
        usage.add(session, HOME, events, now=NOW)
    assert not follow(engine).with_usage
    with transaction(engine) as session:
        usage.add(session, HOME, [UsageEvent("e", "w", "open", noon(BEFORE))], now=NOW)
    found = follow(engine)
    assert found.with_usage
    assert found.total is not None
    assert found.total.retention is not None
    assert found.total.retention.others.after == 1


def test_who_complained_long_before_is_on_neither_side(engine: Engine) -> None:
    old = [written(f"x{who}", RELEASED - DAY * 85, author_id=who) for who in OTHERS[:15]]
    new = [written(f"x{who}", RELEASED - DAY * 84, author_id=who) for who in MINE]
    late = [written(f"x{who}", RELEASED, author_id=who) for who in OTHERS[15:20]]
    store(engine, [*old, *new, *late])
    release(engine, None)
    found = follow(engine).total
    assert found is not None
    assert (found.affected, found.others) == (30, 25)


def test_what_is_lacking_is_said(engine: Engine) -> None:
    release(engine, None)
    short = follow(engine, RELEASED + DAY * 13)
    assert (short.lack, short.windows, short.total) == (Lack.SHORT, None, None)
    assert short.complained == 30
    store(engine, [written(f"x{who}", BEFORE, author_id=who) for who in MINE[:19]])
    few = follow(engine)
    assert few.lack is Lack.FEW
    assert few.total is not None
    assert (few.total.affected, few.total.repurchase) == (19, None)


def test_without_orders_or_a_full_release_there_is_nothing_to_follow(target: Target) -> None:
    store(target.engine, [written("x1", BEFORE, author_id="u-1")])
    release(target.engine)
    with pytest.raises(ConflictError, match="没有登记全量发布"):
        follow(target.engine)
    full = release(target.engine, None)
    assert follow(target.engine).lack is Lack.NO_ORDERS
    with transaction(target.engine) as session:
        releases.withdraw(session, HOME, full.number, by="小李", now=NOW)
        with pytest.raises(NotFoundError, match="K-0099"):
            follow_customers(session, HOME, "K-0099", model=MODEL, as_of=LATER)
    with pytest.raises(ConflictError, match="没有登记全量发布"):
        follow(target.engine)
