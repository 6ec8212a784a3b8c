"""Texts before masking."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from storage_samples import HOME, NOW, review

from feedback_nlp.errors import InputError
from feedback_nlp.records import Review
from feedback_nlp.storage import originals, reviews
from feedback_nlp.storage.database import reading, transaction

LATER = NOW + timedelta(days=1)
MASKED, RAW = "打█████████电话没人接", "打0571-8888电话没人接"


def _add(engine: Engine, one: Review, raw: str | None = None) -> None:
    kept = {} if raw is None else {one.id: raw}
    with transaction(engine) as session:
        reviews.add(session, HOME, [one], now=NOW, originals=kept)


def _original(engine: Engine) -> str | None:
    with reading(engine) as session:
        return originals.get(session, HOME, "r1")


def test_the_original_of_a_new_review_is_kept(engine: Engine) -> None:
    _add(engine, review(text=MASKED), RAW)
    assert _original(engine) == RAW


def test_without_originals_nothing_is_kept(engine: Engine) -> None:
    _add(engine, review(text=MASKED))
    assert _original(engine) is None


def test_the_same_import_twice_keeps_one_original(engine: Engine) -> None:
    for _ in range(2):
        _add(engine, review(text=MASKED), RAW)
    with reading(engine) as session:
        assert originals.count(session, HOME) == 1


def test_a_revision_of_other_fields_still_has_the_original_of_its_text(engine: Engine) -> None:
    _add(engine, review(text=MASKED), RAW)
    _add(engine, review(text=MASKED, likes=3), RAW)
    assert _original(engine) == RAW
    with reading(engine) as session:
        assert originals.count(session, HOME) == 1


@pytest.mark.parametrize("raw", [None, "原来的新文字"])
def test_a_new_text_never_shows_the_original_of_the_earlier_one(
    engine: Engine, raw: str | None
) -> None:
    _add(engine, review(text=MASKED), RAW)
    _add(engine, review(text="新文字"), raw)
    assert _original(engine) == raw


def test_a_text_that_comes_back_has_the_original_it_came_back_with(engine: Engine) -> None:
    _add(engine, review(text=MASKED), RAW)
    _add(engine, review(text="新文字"))
    _add(engine, review(text=MASKED))
    assert _original(engine) is None


def test_a_review_without_changes_gets_no_original_later(engine: Engine) -> None:
    _add(engine, review(text=MASKED))
    _add(engine, review(text=MASKED), RAW)
    assert _original(engine) is None


def test_an_original_no_database_can_keep_is_refused(engine: Engine) -> None:
    with pytest.raises(InputError, match="r1"):
        _add(engine, review(text=MASKED), RAW + "\x00")


def test_old_originals_are_forgotten(engine: Engine) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, [review("a")], now=NOW, originals={"a": RAW})
        reviews.add(session, HOME, [review("b")], now=LATER, originals={"b": RAW})
        assert originals.forget_before(session, HOME, LATER) == 1
        assert originals.forget_before(session, HOME, LATER) == 0
        assert originals.get(session, HOME, "a") is None
        assert originals.get(session, HOME, "b") == RAW
