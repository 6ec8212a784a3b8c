"""What the rules hold back, what people decide, and who is heard after that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import (
    HOME,
    MODEL,
    NOW,
    OTHER_MODEL,
    annotation,
    labels,
    quarantined,
    review,
)

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.records import Intent, Polarity, Quarantined, QuarantineReason
from feedback_nlp.storage import annotations, quarantine, reviews
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.quarantine import Change, Decision
from feedback_nlp.storage.quarantine_rows import StoredQuarantine

LATER = NOW + timedelta(days=1)
SPAM, TEMPLATE = QuarantineReason.SPAM, QuarantineReason.TEMPLATE
HOLD, RELEASE = Decision(held=True, by="王敏"), Decision(held=False, by="王敏", note="真实用户")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        many = [review(key) for key in ("r1", "r2", "r3")]
        reviews.add(session, HOME, many, now=NOW)
        annotations.add(session, HOME, [annotation(one) for one in many])
        yield session


def _screen(session: Session, *found: Quarantined) -> Change:
    return quarantine.replace(session, HOME, found, now=NOW)


def _decide(session: Session, key: str, decision: Decision) -> None:
    quarantine.decide(session, HOME, key, decision, now=LATER)


def _held(session: Session, model: str = MODEL) -> list[str]:
    return [one.review_id for one in quarantine.every(session, HOME, model=model)]


def _row(session: Session, key: str = "r1") -> StoredQuarantine:
    found = quarantine.get(session, HOME, key, model=MODEL)
    assert found is not None
    return found


def _heard(session: Session, model: str = MODEL) -> list[str]:
    return [one.review_id for one in annotations.voices(session, HOME, model=model)]


def test_a_screening_is_stored_as_found(session: Session) -> None:
    copy = Quarantined("r2", QuarantineReason.DUPLICATE, "与另一条评论相同", original="r1")
    assert _screen(session, copy) == Change(added=1, removed=0, kept=0)
    assert quarantine.every(session, HOME, model=MODEL) == [
        StoredQuarantine(
            review_id="r2",
            reason=QuarantineReason.DUPLICATE,
            detail="与另一条评论相同",
            original="r1",
            found_at=NOW,
            held=None,
            decided_by=None,
            decided_at=None,
            note=None,
            effective=True,
        )
    ]


def test_the_next_screening_replaces_the_last(session: Session) -> None:
    _screen(session, quarantined("r1"), quarantined("r2"))
    change = quarantine.replace(
        session, HOME, [quarantined("r2", TEMPLATE, "模板"), quarantined("r3")], now=LATER
    )
    assert change == Change(added=1, removed=1, kept=1)
    assert _held(session) == ["r2", "r3"]
    assert (_row(session, "r2").reason, _row(session, "r2").detail) == (TEMPLATE, "模板")
    assert (_row(session, "r2").found_at, _row(session, "r3").found_at) == (NOW, LATER)


def test_the_same_screening_twice_changes_nothing(session: Session) -> None:
    found = [quarantined("r1"), quarantined("r2")]
    _screen(session, *found)
    before = quarantine.every(session, HOME, model=MODEL)
    assert quarantine.replace(session, HOME, found, now=LATER) == Change(0, 0, 2)
    assert quarantine.every(session, HOME, model=MODEL) == before
    assert _screen(session) == Change(0, 2, 0)


def test_reviews_that_are_gone_are_left_out(session: Session) -> None:
    assert _screen(session, quarantined("gone"), quarantined("r1")).added == 1


@pytest.mark.parametrize("decision", [HOLD, RELEASE], ids=["held", "let back in"])
def test_a_decision_outlives_screenings(session: Session, decision: Decision) -> None:
    _screen(session, quarantined("r1"))
    _decide(session, "r1", decision)
    assert _screen(session) == Change(0, 0, 1)
    assert (_row(session).held, _row(session).detail) == (decision.held, "")
    _screen(session, quarantined("r1", TEMPLATE, "模板"))
    found = _row(session)
    assert (found.held, found.detail) == (decision.held, "模板")
    assert found.reason is (SPAM if decision.held else TEMPLATE)
    assert (found.decided_by, found.decided_at) == ("王敏", LATER)
    assert found.effective is decision.held


def test_a_review_let_back_in_is_listed_on_demand_only(session: Session) -> None:
    _screen(session, quarantined("r1"), quarantined("r2"))
    _decide(session, "r1", RELEASE)
    assert _held(session) == ["r2"]
    everything = quarantine.every(session, HOME, model=MODEL, effective=False)
    assert [(one.review_id, one.effective, one.note) for one in everything] == [
        ("r1", False, "真实用户"),
        ("r2", True, None),
    ]


def test_a_person_may_hold_what_the_rules_did_not_find(session: Session) -> None:
    _decide(session, "r3", replace(HOLD, reason=TEMPLATE))
    found = _row(session, "r3")
    assert (found.reason, found.detail, found.held, found.effective) == (TEMPLATE, "", True, True)
    assert _screen(session) == Change(0, 0, 1)
    assert _held(session) == ["r3"]


def test_a_person_must_say_why_where_the_rules_do_not(session: Session) -> None:
    with pytest.raises(InputError, match="r3 没有被规则隔离"):
        _decide(session, "r3", HOLD)


def test_a_person_may_correct_the_reason(session: Session) -> None:
    _screen(session, quarantined("r1"))
    _decide(session, "r1", replace(HOLD, reason=TEMPLATE))
    assert quarantine.count_by_reason(session, HOME, model=MODEL) == {TEMPLATE: 1}


def test_a_reason_that_a_person_gave_outlives_screenings(session: Session) -> None:
    _screen(session, quarantined("r1"))
    _decide(session, "r1", replace(HOLD, reason=TEMPLATE))
    assert _screen(session, quarantined("r1")) == Change(0, 0, 1)
    assert (_row(session).reason, _row(session).detail) == (TEMPLATE, quarantined("r1").detail)
    quarantine.undecide(session, HOME, "r1")
    _screen(session, quarantined("r1"))
    assert _row(session).reason is SPAM


def test_an_original_that_is_gone_is_not_named(session: Session) -> None:
    kept, new = (Quarantined(key, SPAM, "同上", original="r3") for key in ("r1", "r2"))
    _screen(session, kept)
    gone = replace(kept, original="gone"), replace(new, original="gone")
    _screen(session, *gone)
    assert [_row(session, key).original for key in ("r1", "r2")] == [None, None]
    _screen(session, kept, new)
    assert [_row(session, key).original for key in ("r1", "r2")] == ["r3", "r3"]


def test_the_same_decision_twice_changes_nothing(session: Session) -> None:
    _screen(session, quarantined("r1"))
    _decide(session, "r1", RELEASE)
    before = _row(session)
    quarantine.decide(session, HOME, "r1", RELEASE, now=LATER + timedelta(days=1))
    assert _row(session) == before


def test_decisions_need_a_review(session: Session) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        _decide(session, "nobody", HOLD)
    with pytest.raises(NotFoundError, match="nobody"):
        quarantine.undecide(session, HOME, "nobody")


@pytest.mark.parametrize("bad", [replace(HOLD, by="\x00"), replace(HOLD, note="\ud83d")])
def test_a_decision_no_database_can_keep_is_refused(session: Session, bad: Decision) -> None:
    with pytest.raises(InputError, match="隔离决定"):
        _decide(session, "r1", bad)


def test_a_decision_taken_back_leaves_it_to_the_rules(session: Session) -> None:
    _screen(session, quarantined("r1"))
    before = _row(session)
    _decide(session, "r1", RELEASE)
    for _ in range(2):
        quarantine.undecide(session, HOME, "r1")
        assert _row(session) == before


def test_without_the_decision_nothing_is_left_of_what_only_a_person_held(session: Session) -> None:
    _decide(session, "r1", replace(HOLD, reason=SPAM))
    quarantine.undecide(session, HOME, "r1")
    assert quarantine.get(session, HOME, "r1", model=MODEL) is None
    quarantine.undecide(session, HOME, "r1")


def test_counts_follow_the_reasons(session: Session) -> None:
    _screen(session, quarantined("r1", TEMPLATE), quarantined("r2"), quarantined("r3"))
    counts = quarantine.count_by_reason(session, HOME, model=MODEL)
    assert list(counts.items()) == [(SPAM, 2), (TEMPLATE, 1)]
    listed = quarantine.every(session, HOME, model=MODEL, reason=TEMPLATE)
    assert [one.review_id for one in listed] == ["r1"]


def test_held_reviews_are_no_voices_but_stay_annotated(session: Session) -> None:
    _screen(session, quarantined("r1", TEMPLATE))
    assert _heard(session) == ["r2", "r3"]
    assert annotations.count_opinions(session, HOME, model=MODEL) == 2
    stored = annotations.every(session, HOME, model=MODEL)
    assert [one.quarantine for one in stored] == ["template", None, None]
    one = annotations.get(session, HOME, "r1", model=MODEL)
    assert one is not None
    assert one.quarantine == "template"


def test_a_review_let_back_in_is_heard_again(session: Session) -> None:
    _screen(session, quarantined("r1"))
    _decide(session, "r1", RELEASE)
    assert _heard(session) == ["r1", "r2", "r3"]
    one = annotations.get(session, HOME, "r1", model=MODEL)
    assert one is not None
    assert one.quarantine is None


def test_what_an_annotation_says_about_quarantine_is_not_believed(session: Session) -> None:
    annotations.add(session, HOME, [replace(annotation(review("r1")), quarantine="spam")])
    assert annotations.get(session, HOME, "r1", model=MODEL) == annotation(review("r1"))


@pytest.mark.parametrize("decided", [False, True], ids=["by the rules", "by a person"])
def test_severity_3_is_never_held(session: Session, *, decided: bool) -> None:
    _screen(session, quarantined("r1"), quarantined("r2"))
    if decided:
        _decide(session, "r1", HOLD)
    severe = annotation(review("r1"), (0, 3, labels()), (4, 7, labels(severity=3)))
    annotations.add(session, HOME, [severe])
    assert _held(session) == ["r2"]
    assert _heard(session) == ["r1", "r1", "r3"]
    assert quarantine.count_by_reason(session, HOME, model=MODEL) == {SPAM: 1}
    assert annotations.get(session, HOME, "r1", model=MODEL) == severe
    assert not _row(session).effective


def test_severity_counts_by_the_model_that_is_asked(session: Session) -> None:
    _screen(session, quarantined("r1"))
    other = annotation(review("r1"), (0, 7, labels(severity=3)), model=OTHER_MODEL)
    annotations.add(session, HOME, [other])
    assert _held(session) == ["r1"]
    assert _held(session, OTHER_MODEL) == []
    assert _heard(session, OTHER_MODEL) == ["r1"]


def test_severity_of_an_earlier_text_does_not_count(session: Session) -> None:
    _screen(session, quarantined("r1"))
    annotations.add(session, HOME, [annotation(review("r1"), (0, 7, labels(severity=3)))])
    reviews.add(session, HOME, [review("r1", "加微信领红包")], now=LATER)
    assert _held(session) == ["r1"]


def _candidates(session: Session, batch: int = 1_000) -> Sequence[Candidate]:
    return list(quarantine.candidates(session, HOME, model=MODEL, batch=batch))


def test_the_screening_reads_every_review_with_its_labels(session: Session) -> None:
    full = review("r0", "两句话都在", created_at=NOW, author_id="u1", rating=2.0, product="洗衣机")
    said = annotation(
        full, (0, 2, labels(Polarity.NEU, Intent.REQUEST)), (3, 5, labels(severity=1))
    )
    reviews.add(session, HOME, [full, review("r4")], now=NOW)
    annotations.add(session, HOME, [said, replace(annotation(review("r3")), opinions=())])
    reviews.add(session, HOME, [review("r2", "改过的文字")], now=NOW)
    first, *rest = _candidates(session)
    assert first == Candidate(
        "r0", "appstore", "两句话都在", "u1", NOW, Polarity.NEU, 1, 2.0, "洗衣机"
    )
    assert [(one.review_id, one.polarity, one.severity) for one in rest] == [
        ("r1", Polarity.NEG, 2),
        ("r2", None, 0),
        ("r3", Polarity.NEG, 0),
        ("r4", None, 0),
    ]


def test_candidates_come_in_review_order_whatever_the_page(session: Session) -> None:
    order = [one.id for one in reviews.every(session, HOME)]
    for batch in (1, 2, 99):
        assert [one.review_id for one in _candidates(session, batch)] == order
