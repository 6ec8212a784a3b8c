"""Competitors: marked and unmarked, and left out of everything that counts our users' voice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from storage_samples import (
    HOME,
    MODEL,
    NOW,
    annotation,
    correction,
    labels,
    quarantined,
    review,
)

from feedback_nlp.errors import InputError
from feedback_nlp.records import (
    Alert,
    AlertKind,
    Competitor,
    PlainLabels,
    Polarity,
    Review,
)
from feedback_nlp.storage import (
    alerts,
    annotations,
    competitors,
    complaints,
    heard,
    label_corrections,
    quarantine,
    reviews,
    tables,
)
from feedback_nlp.storage.database import reading, transaction

THEIRS = "别家买菜"
TOLD = Competitor(THEIRS, "小李", NOW, "同类产品")
DAY = timedelta(days=1)


def store(engine: Engine, *found: Review) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, found, now=NOW)
        annotations.add(session, HOME, [annotation(each) for each in found])


def mark(engine: Engine, told: Competitor = TOLD, *, active: bool = True) -> None:
    with transaction(engine) as session:
        competitors.mark_product(session, HOME, told, active=active)


@pytest.fixture
def both(engine: Engine) -> Engine:
    """Three reviews of ours, one of them without a product; an older and a newer one of theirs."""
    store(
        engine,
        review("r1", created_at=NOW, product="我家买菜"),
        review("r2", created_at=NOW + DAY),
        review("r3", product="我家买菜"),
        review("x1", created_at=NOW - 9 * DAY, product=THEIRS),
        review("x2", created_at=NOW + 9 * DAY, product=THEIRS),
    )
    return engine


def test_a_marked_product_is_read_back_with_its_signature(engine: Engine) -> None:
    mark(engine)
    with reading(engine) as session:
        assert competitors.every(session, HOME) == [TOLD]
        assert competitors.active(session, HOME) == (THEIRS,)


def test_the_last_mark_counts(engine: Engine) -> None:
    again = replace(TOLD, author="小王", at=NOW + DAY, reason="")
    mark(engine)
    mark(engine, again)
    with reading(engine) as session:
        assert competitors.every(session, HOME) == [again]


def test_unmarked_products_are_ours_and_the_row_says_who_said_so(engine: Engine) -> None:
    mark(engine)
    mark(engine, replace(TOLD, author="小王"), active=False)
    with reading(engine) as session:
        assert competitors.every(session, HOME) == []
        (row,) = session.execute(select(tables.competitors)).all()
    assert (row.active, row.author) == (False, "小王")


def test_the_mark_differs_once_other_products_are_ours(engine: Engine) -> None:
    seen = []
    for active in (True, False, True):
        mark(engine, active=active)
        with reading(engine) as session:
            seen.append(competitors.mark(session, HOME))
    assert seen[0] == seen[2] != seen[1]


@pytest.mark.parametrize("field", ["product", "author", "reason"])
def test_what_no_database_can_keep_is_refused(engine: Engine, field: str) -> None:
    with pytest.raises(InputError, match=field):
        mark(engine, replace(TOLD, **{field: "a\x00b"}))  # type: ignore[arg-type]


def test_products_are_counted_and_their_times_known(both: Engine) -> None:
    with reading(both) as session:
        assert competitors.products(session, HOME) == {THEIRS: 2, "我家买菜": 2}
        assert competitors.spans(session, HOME, [THEIRS, "没有"]) == {
            THEIRS: (NOW - 9 * DAY, NOW + 9 * DAY)
        }


def counted(engine: Engine) -> dict[str, object]:
    """Everything that counts our users' voice."""
    with reading(engine) as session:
        return {
            "span": reviews.time_span(session, HOME),
            "voices": [v.review_id for v in annotations.voices(session, HOME, model=MODEL)],
            "at": [
                v.review_id
                for v in annotations.voices_at(session, HOME, {("x1", 0), ("r1", 0)}, model=MODEL)
            ],
            "opinions": annotations.count_opinions(session, HOME, model=MODEL),
            "days": heard.reviews_per_day(session, HOME, model=MODEL),
            "lately": [
                v.review_id
                for v in heard.lately(session, HOME, model=MODEL, since=NOW.date() - 30 * DAY)
            ],
            "complaints": [a.review_id for a in complaints.every(session, HOME, model=MODEL)],
        }


def test_competitors_reviews_count_nowhere_and_come_back(both: Engine) -> None:
    before = counted(both)
    mark(both)
    assert counted(both) == {
        "span": (NOW, NOW + DAY),
        "voices": ["r1", "r2", "r3"],
        "at": ["r1"],
        "opinions": 3,
        "days": {NOW.date(): 1, (NOW + DAY).date(): 1},
        "lately": ["r1", "r2", "r3"],
        "complaints": ["r1", "r2", "r3"],
    }
    mark(both, active=False)
    assert counted(both) == before
    assert before["voices"] == ["r1", "r2", "r3", "x1", "x2"]


def test_alerts_about_competitors_reviews_are_put_away_and_come_back(both: Engine) -> None:
    told = [Alert(AlertKind.SAFETY, key, NOW.date(), NOW.date(), "起火") for key in ("r1", "x1")]
    with transaction(both) as session:
        alerts.put(session, HOME, told)
    for active, left in ((True, ["r1"]), (False, ["r1", "x1"])):
        mark(both, active=active)
        with reading(both) as session:
            assert [alert.subject for alert in alerts.every(session, HOME)] == left


def test_what_came_last_is_the_last_of_ours(both: Engine) -> None:
    """A late import of theirs must not make ours look old."""
    with transaction(both) as session:
        late = review("x3", created_at=NOW, product=THEIRS)
        reviews.add(session, HOME, [late], now=NOW + 30 * DAY)
    mark(both)
    with reading(both) as session:
        since = NOW.date() + 20 * DAY
        found = heard.lately(session, HOME, model=MODEL, since=since)
        assert [voice.review_id for voice in found] == ["r1", "r2", "r3"]


def test_only_competitors_reviews_are_theirs(both: Engine) -> None:
    mark(both)
    query = select(tables.reviews.c.id).where(competitors.is_theirs(HOME))
    with reading(both) as session:
        assert sorted(session.execute(query).scalars()) == ["x1", "x2"]


def test_complaints_are_negative_opinions_by_topic_with_their_words(engine: Engine) -> None:
    one = review("r1", "闪退了，喜欢", created_at=NOW, author_id="u1", version="1.0", region="广东")
    two = review("r2", "还可以", author_tier="A", product="我家买菜")
    with transaction(engine) as session:
        reviews.add(session, HOME, [one, two], now=NOW)
        parts = ((0, 3, labels()), (4, 6, labels(Polarity.POS)))
        annotations.add(session, HOME, [annotation(one, *parts)])
        annotations.add(session, HOME, [annotation(two, (0, 3, labels(Polarity.NEU)))])
    with reading(engine) as session:
        first, second = complaints.every(session, HOME, model=MODEL)
    assert [(code, quote.text) for code, quote in first.complaints] == [
        ("app.crash", "闪退了"),
        ("app.slow", "闪退了"),
    ]
    assert (first.author_id, first.version, first.region) == ("u1", "1.0", "广东")
    assert (first.created_at, first.user) == (NOW, "appstore\nu1")
    assert (second.complaints, second.author_tier, second.user) == ((), "A", "r2")


def test_what_people_say_of_a_label_counts_before_the_model(engine: Engine) -> None:
    """One opinion is praise, one about something else, one a complaint after all."""
    found = [review(f"r{n}") for n in range(3)]
    store(engine, found[0], found[1])
    with transaction(engine) as session:
        reviews.add(session, HOME, [found[2]], now=NOW)
        neutral = annotation(found[2], (0, 7, labels(Polarity.NEU)))
        annotations.add(session, HOME, [neutral])
        for each, said in zip(
            found,
            (
                PlainLabels(Polarity.POS, severity=0),
                PlainLabels(topics=("app.login",)),
                PlainLabels(Polarity.NEG, severity=2),
            ),
            strict=True,
        ):
            label_corrections.add(session, HOME, correction(each, (0, 7), said))
    with reading(engine) as session:
        heard_ = complaints.every(session, HOME, model=MODEL)
        codes = [[code for code, _ in account.complaints] for account in heard_]
    assert codes == [[], ["app.login"], ["app.crash", "app.slow"]]


def test_held_unread_and_rewritten_reviews_complain_of_nothing(engine: Engine) -> None:
    store(engine, review("r1"), review("r2"), review("r4"))
    with transaction(engine) as session:
        quarantine.replace(session, HOME, [quarantined("r2")], now=NOW)
        reviews.add(session, HOME, [review("r3"), review("r4", "改写了")], now=NOW)
    with reading(engine) as session:
        found = complaints.every(session, HOME, model=MODEL)
        assert [account.review_id for account in found] == ["r1"]


def test_both_sides_can_be_asked_for(both: Engine) -> None:
    mark(both)
    with reading(both) as session:
        found = complaints.every(session, HOME, model=MODEL, ours=False)
        assert [a.review_id for a in found] == ["r1", "r2", "r3", "x1", "x2"]


def test_authors_are_those_of_our_reviews(engine: Engine) -> None:
    store(
        engine,
        review("r1", author_id="u2"),
        review("r2", author_id="u1"),
        review("r3", author_id="u1"),
        review("r4"),
        review("x1", author_id="u9", product=THEIRS),
    )
    mark(engine)
    with reading(engine) as session:
        assert complaints.authors(session, HOME) == ["u1", "u2"]
