"""Some users beside all others: by version, region, tier, RFM segment and channel."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import NOW, TAXONOMY
from comparing import CRASH, HOME, MODEL, SLOW, THEIRS, crowd, many, mark, said, store
from sqlalchemy import Engine
from storage_samples import theme

from feedback_nlp.compare.cuts import Dimension
from feedback_nlp.compare.gaps import Contrast
from feedback_nlp.records import Customer, Order
from feedback_nlp.storage import customers, orders, themes
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.compare_segments import Cut, Part, Question, compare_segments
from feedback_nlp.workflows.import_sheet import Target

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def engine(target: Target) -> Engine:
    return target.engine


def cut(engine: Engine, by: Dimension = Dimension.VERSION, **asked: object) -> Cut:
    question = replace(Question(by), **asked)  # type: ignore[arg-type]
    with reading(engine) as session:
        return compare_segments(
            session, HOME, TAXONOMY, question, model=MODEL, today=date(2030, 1, 1)
        )


def verdicts(found: Cut) -> dict[tuple[str, str], Contrast]:
    return {(row.value, row.key): row.gap.contrast for row in found.rows}


@pytest.fixture
def versions(engine: Engine) -> Engine:
    """Version 3.1 crashes for many, 3.0 for few; some users name no version."""
    store(engine, crowd("a", many(CRASH, 60, 150), version="3.1"))
    store(engine, crowd("b", many(CRASH, 10, 200), version="3.0"))
    store(engine, crowd("c", many(CRASH, 50, 50)))
    return engine


def test_a_version_that_crashes_more_than_the_others_is_found(versions: Engine) -> None:
    found = cut(versions)
    assert list(verdicts(found).items()) == [
        (("3.1", CRASH), Contrast.HIGHER),
        (("3.0", CRASH), Contrast.LOWER),
    ]
    first = found.rows[0]
    assert (first.count, first.of, first.rest, first.rest_of) == (60, 150, 10, 200)
    assert (first.name, first.is_theme) == ("闪退故障", False)
    assert first.gap.gap == pytest.approx(0.35)
    assert [quote.review_id[0] for quote in first.quotes] == ["a"] * 3


def test_reviews_without_a_value_are_on_neither_side_but_counted(versions: Engine) -> None:
    found = cut(versions)
    assert found.unknown == 50
    assert [part.value for part in found.parts] == ["3.0", "3.1"]


def test_values_with_few_users_are_listed_and_count_for_the_others(versions: Engine) -> None:
    store(versions, crowd("d", many(CRASH, 9, 9), version="2.0"))
    found = cut(versions)
    assert found.parts[-1] == Part("2.0", 9, 9, is_compared=False)
    assert {row.value for row in found.rows} == {"3.0", "3.1"}
    assert found.rows[0].rest_of == 209


def test_a_single_value_has_nobody_to_be_compared_with(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 150), version="3.1"))
    found = cut(engine)
    assert (found.tests, verdicts(found)) == (0, {("3.1", CRASH): Contrast.TOO_FEW})


def test_competitors_are_left_out(versions: Engine) -> None:
    store(versions, crowd("x", many(CRASH, 0, 90), version="3.1", product=THEIRS))
    mark(versions)
    assert cut(versions).rows[0].of == 150


def test_the_last_days_can_be_asked_for(versions: Engine) -> None:
    store(versions, crowd("old", many(CRASH, 90, 90), NOW - 9 * DAY, version="3.0"))
    store(versions, crowd("un", many(CRASH, 90, 90), None, version="3.0"))
    everything, late = cut(versions), cut(versions, days=9)
    assert (everything.first, everything.last) == (TODAY - 9 * DAY, TODAY)
    assert (late.first, late.last) == (TODAY - 8 * DAY, TODAY)
    assert everything.parts[0] == Part("3.0", 380, 380, is_compared=True)
    assert late.parts[0] == Part("3.0", 200, 200, is_compared=True)


@pytest.mark.parametrize(
    ("by", "fields"),
    [
        pytest.param(Dimension.REGION, ({"region": "广东"}, {"region": "四川"}), id="region"),
        pytest.param(Dimension.TIER, ({"author_tier": "A"}, {"author_tier": "C"}), id="tier"),
    ],
)
def test_other_dimensions_work_alike(
    engine: Engine, by: Dimension, fields: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    store(engine, crowd("a", many(CRASH, 60, 150), **fields[0]))
    store(engine, crowd("b", many(CRASH, 10, 200), **fields[1]))
    (value,) = fields[0].values()
    assert verdicts(cut(engine, by))[value, CRASH] is Contrast.HIGHER


def test_channels_are_compared(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 150)))
    there = [(replace(one, channel="微博"), made) for one, made in crowd("b", many(CRASH, 10, 200))]
    store(engine, there)
    assert verdicts(cut(engine, Dimension.CHANNEL))["appstore", CRASH] is Contrast.HIGHER


def test_the_tier_of_the_customer_counts_where_the_review_names_none(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 60, 100)))
    store(engine, crowd("b", many(CRASH, 5, 100), author_tier="C"))
    known = [Customer(f"u-{prefix}{n:04}", "A") for prefix in "ab" for n in range(100)]
    with transaction(engine) as session:
        customers.add(session, HOME, known, now=NOW)
    found = cut(engine, Dimension.TIER)
    assert {part.value: part.users for part in found.parts} == {"A": 100, "C": 100}
    assert verdicts(found)["A", CRASH] is Contrast.HIGHER


def test_rfm_segments_are_those_of_the_day_of_the_newest_review(engine: Engine) -> None:
    """Bought three times: 10 days ago, potential; 200 days ago, lost."""
    store(engine, crowd("a", many(CRASH, 60, 100)))
    store(engine, crowd("b", many(CRASH, 5, 100)))
    store(engine, crowd("c", many(CRASH, 5, 10)))
    ago = {"a": 200, "b": 10}
    bought = [
        Order(f"o-{prefix}{n}-{again}", f"u-{prefix}{n:04}", NOW - days * DAY, 9.0)
        for prefix, days in ago.items()
        for n in range(100)
        for again in range(3)
    ]
    with transaction(engine) as session:
        orders.add(session, HOME, bought, now=NOW)
    found = cut(engine, Dimension.SEGMENT)
    assert {part.value: part.users for part in found.parts} == {"lost": 100, "potential": 100}
    assert found.unknown == 10
    assert verdicts(found)["lost", CRASH] is Contrast.HIGHER


def test_themes_are_compared_when_asked_for(versions: Engine) -> None:
    members = [(f"a{n:04}", 0) for n in range(60)] + [("b0000", 0)]
    with transaction(versions) as session:
        themes.save(session, HOME, [theme("T-0001", *members, name="一更新就闪退")], now=NOW)
    plain, found = cut(versions), cut(versions, with_themes=True)
    assert not any(row.is_theme for row in plain.rows)
    row = next(row for row in found.rows if row.is_theme)
    assert (row.value, row.key, row.name) == ("3.1", "T-0001", "一更新就闪退")
    assert (row.count, row.rest, row.gap.contrast) == (60, 1, Contrast.HIGHER)
    assert {quote.text for quote in row.quotes} == {"又闪退了"}
    assert found.tests == 2 * plain.tests


def test_one_user_of_two_versions_is_one_of_each(engine: Engine) -> None:
    store(engine, crowd("a", many(CRASH, 5, 40), version="3.1"))
    store(engine, crowd("b", many(CRASH, 5, 39), version="3.0"))
    store(engine, [said("z", SLOW, created_at=NOW, author_id="u-a0000", version="3.0")])
    parts = {part.value: part.users for part in cut(engine).parts}
    assert parts == {"3.1": 40, "3.0": 40}


def test_nothing_stored_has_nothing_to_compare(engine: Engine) -> None:
    found = cut(engine)
    assert (found.parts, found.rows, found.first, found.last) == ((), (), None, None)
