"""Reviews of one request: masked first, in the answer and in the database."""

import pytest
from builders import NOW
from databases import every_row
from desk import Desk, stored

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Rejected, Review
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.post_reviews import (
    Accepted,
    Posted,
    Status,
    accept_reviews,
    post_reviews,
)

PHONE = "13812345678"
SAID: list[Review | Rejected] = [
    Review("R-1", "api", f"打{PHONE}没人接，但是物流很快", author_id=PHONE),
    Review("R-2", "api", "系统默认好评"),
    Rejected(3, f"时间“{PHONE}”看不懂", f"再打{PHONE}"),
]


def posted(target: Target, classifier: Classifier) -> tuple[Posted, ...]:
    with transaction(target.engine) as session:
        return post_reviews(
            session, target.workspace, SAID, classifier, now=NOW, privacy=target.privacy
        )


def accept(target: Target) -> Accepted:
    with transaction(target.engine) as session:
        return accept_reviews(
            session, target.workspace, SAID, model="m", now=NOW, privacy=target.privacy
        )


def test_the_answer_speaks_of_the_masked_text(target: Target, classifier: Classifier) -> None:
    first, second, third = posted(target, classifier)
    assert first.annotation.text == f"打{'*' * 11}没人接，但是物流很快"
    assert len(first.annotation.opinions) == 2
    for opinion in first.annotation.opinions:
        assert first.annotation.text[opinion.start : opinion.end] == opinion.text
    assert first.review is not None
    assert first.review.masked == ("mobile",)
    assert (first.annotation.quarantine, second.annotation.quarantine) == (None, "default_praise")
    assert (third.status, third.review) == (Status.REJECTED, None)
    assert (third.annotation.text, third.annotation.opinions) == (f"再打{'*' * 11}", ())
    assert third.annotation.error == f"时间“{'*' * 11}”看不懂"


def test_nothing_personal_is_stored_and_posting_twice_changes_nothing(
    target: Target, classifier: Classifier, desk: Desk
) -> None:
    first = posted(target, classifier)
    before = desk.dump()
    second = posted(target, classifier)
    assert desk.dump() == before
    assert [each.status for each in (*first, *second)] == [
        Status.ADDED,
        Status.ADDED,
        Status.REJECTED,
        Status.UNCHANGED,
        Status.UNCHANGED,
        Status.REJECTED,
    ]
    assert [each.annotation for each in first] == [each.annotation for each in second]
    assert [row for row in every_row(target.engine) if PHONE in row] == []


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
def test_accepted_reviews_are_masked_and_wait(*, again: bool, target: Target) -> None:
    if again:
        accept(target)
    accepted = accept(target)
    assert (accepted.stored.added, accepted.stored.unchanged) == ((0, 2) if again else (2, 0))
    assert (len(accepted.rejected), accepted.pending, len(stored(target))) == (1, 2, 2)
    assert PHONE not in repr(accepted.rejected)
    assert [row for row in every_row(target.engine) if PHONE in row] == []


def test_nothing_posted_is_nothing_done(target: Target, classifier: Classifier) -> None:
    with transaction(target.engine) as session:
        assert post_reviews(session, target.workspace, [], classifier, now=NOW) == ()
        assert accept_reviews(session, target.workspace, [], model="m", now=NOW).pending == 0
