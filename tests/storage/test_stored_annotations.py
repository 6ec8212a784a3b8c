from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine
from storage_samples import (
    ANNOTATIONS,
    HOME,
    MODEL,
    NOW,
    OTHER_MODEL,
    annotation,
    labels,
    review,
)

from feedback_nlp.records import Annotation, Intent, Polarity, Voice
from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.database import transaction


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=ANNOTATIONS)
def test_a_saved_annotation_comes_back_unchanged(engine: Engine, one: Annotation) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, [review(one.review_id, one.text)], now=NOW)
        for _ in range(2):
            annotations.add(session, HOME, [one])
            assert annotations.get(session, HOME, one.review_id, model=one.model) == one
            assert list(annotations.every(session, HOME, model=one.model)) == [one]
        assert annotations.count_opinions(session, HOME, model=one.model) == len(one.opinions)
        session.rollback()


def test_a_better_annotation_by_the_same_model_replaces_the_first(engine: Engine) -> None:
    first = annotation(review(), (0, 3, labels()), (4, 7, labels()))
    second = annotation(review(), (0, 7, labels(Polarity.POS)))
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
        annotations.add(session, HOME, [first, second])
        assert annotations.get(session, HOME, "r1", model=MODEL) == second
        annotations.add(session, HOME, [first])
        assert annotations.get(session, HOME, "r1", model=MODEL) == first


def test_models_do_not_mix(engine: Engine) -> None:
    ours, theirs = annotation(review()), annotation(review(), model=OTHER_MODEL)
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
        annotations.add(session, HOME, [ours, theirs])
        assert list(annotations.every(session, HOME, model=MODEL)) == [ours]
        assert annotations.get(session, HOME, "r1", model=OTHER_MODEL) == theirs
        assert annotations.get(session, HOME, "r1", model="none") is None
        assert len(annotations.voices(session, HOME, model=MODEL)) == 1


def test_annotations_of_an_earlier_text_do_not_count(engine: Engine) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
        annotations.add(session, HOME, [annotation(review())])
        reviews.add(session, HOME, [review(text="好了")], now=NOW)
        assert annotations.get(session, HOME, "r1", model=MODEL) is None
        assert list(annotations.every(session, HOME, model=MODEL)) == []
        assert annotations.voices(session, HOME, model=MODEL) == []
        assert annotations.count_opinions(session, HOME, model=MODEL) == 0


def test_annotations_of_an_earlier_text_count_again_when_it_returns(engine: Engine) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
        annotations.add(session, HOME, [annotation(review())])
        reviews.add(session, HOME, [review(text="好了")], now=NOW)
        reviews.add(session, HOME, [review()], now=NOW)
        assert annotations.get(session, HOME, "r1", model=MODEL) == annotation(review())


def test_annotations_come_in_review_order(engine: Engine) -> None:
    many = [
        review("a"),
        review("b", created_at=NOW),
        review("c", created_at=NOW - timedelta(days=1)),
    ]
    with transaction(engine) as session:
        reviews.add(session, HOME, many, now=NOW)
        annotations.add(session, HOME, [annotation(one) for one in many])
        for batch in (1, 2, 99):
            found = annotations.every(session, HOME, model=MODEL, batch=batch)
            assert [one.review_id for one in found] == ["c", "b", "a"]


def test_an_annotation_may_have_no_opinions(engine: Engine) -> None:
    silent = replace(annotation(review()), opinions=(), error="没有可分析的文字")
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
        annotations.add(session, HOME, [silent])
        annotations.add(session, HOME, [])
        assert annotations.get(session, HOME, "r1", model=MODEL) == silent


def test_voices_are_negative_opinions_and_requests_with_their_author(engine: Engine) -> None:
    asked = labels(Polarity.NEU, Intent.REQUEST)
    loud = review(
        "b",
        created_at=NOW,
        author_id="u1",
        author_tier="A",
        version="9.1",
        region="浙江",
        rating=1.0,
        likes=4,
    )
    quiet = review("a", text="很好用，谢谢")
    with transaction(engine) as session:
        reviews.add(session, HOME, [loud, quiet], now=NOW)
        annotations.add(
            session,
            HOME,
            [
                annotation(loud, (0, 3, labels()), (4, 7, asked)),
                annotation(quiet, (0, 3, labels(Polarity.POS)), (4, 6, asked)),
            ],
        )
        found = annotations.voices(session, HOME, model=MODEL)
    assert [(one.review_id, one.start) for one in found] == [("a", 4), ("b", 0), ("b", 4)]
    assert found[1] == Voice(
        review_id="b",
        start=0,
        end=3,
        text="闪退了",
        labels=labels(),
        channel="appstore",
        created_at=NOW,
        author_id="u1",
        author_tier="A",
        version="9.1",
        region="浙江",
        rating=1.0,
        likes=4,
    )


def test_an_annotation_of_a_review_that_is_gone_is_left_out(engine: Engine) -> None:
    kept, gone = annotation(review()), annotation(review("r2"))
    with transaction(engine) as session:
        reviews.add(session, HOME, [review()], now=NOW)
        annotations.add(session, HOME, [kept, gone])
        assert list(annotations.every(session, HOME, model=MODEL)) == [kept]
