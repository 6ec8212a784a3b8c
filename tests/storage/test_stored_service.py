"""Whose complaints are on the clock, what was done about them, and which were escalated."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, NOW, annotation, correction, labels, quarantined, review

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import (
    Competitor,
    Customer,
    Escalation,
    Intent,
    Labels,
    PlainLabels,
    Polarity,
    Quote,
    Reply,
    Review,
    ReviewKind,
    Signature,
)
from feedback_nlp.sla.clocks import Case
from feedback_nlp.sla.limits import Told
from feedback_nlp.storage import (
    annotations,
    competitors,
    customers,
    escalations,
    label_corrections,
    quarantine,
    reviews,
    service,
    tables,
)
from feedback_nlp.storage.database import transaction

CAME = NOW - timedelta(days=2)
OLD = NOW - timedelta(days=200)
HOUR = timedelta(hours=1)
FIRST = NOW - timedelta(days=90)
BAD = labels(severity=2)
PLAIN = labels(Polarity.NEU, Intent.OTHER)
ASKS = labels(Polarity.POS, Intent.COMPLAINT)
BY = Signature("小李", NOW, "已致电")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


def store(session: Session, key: str, *parts: Labels, **fields: Any) -> Review:  # noqa: ANN401 (any field)
    """Store a review of two opinions, 闪退了 and 求修复."""
    one = review(key, **({"created_at": CAME} | fields))
    reviews.add(session, HOME, [one], now=NOW)
    first, second = parts or (BAD, PLAIN)
    annotations.add(session, HOME, [annotation(one, (0, 3, first), (4, 7, second))])
    return one


def send(session: Session, key: str, purpose: str, at: datetime, result: str | None = None) -> None:
    number = session.execute(tables.sends.select()).all()
    row = {"workspace_id": HOME, "id": len(number) + 1, "review_id": key, "channel": "短信"}
    row |= {"text": "", "author": "客服", "reason": ""}
    session.execute(insert(tables.sends), [row | {"purpose": purpose, "at": at, "result": result}])


def found(session: Session) -> dict[str, Case]:
    cases = service.cases(session, HOME, model=MODEL, first=FIRST, last=NOW)
    return {case.review_id: case for case in cases}


def test_who_is_negative_or_complains_is_on_the_clock(session: Session) -> None:
    store(session, "bad", kind=ReviewKind.TICKET, author_tier="A")
    store(session, "asks", PLAIN, ASKS)
    store(session, "calm", PLAIN, PLAIN)
    store(session, "old", created_at=OLD)
    store(session, "late", created_at=NOW + HOUR)
    store(session, "undated", created_at=None)
    reviews.add(session, HOME, [review("unread", created_at=CAME)], now=NOW)
    topics = ("app.crash", "app.slow")
    told = Told(ReviewKind.TICKET, "appstore", "A", topics, negative=True, complaint=True)
    asks = Told(ReviewKind.REVIEW, "appstore", None, topics, negative=False, complaint=True)
    assert found(session) == {
        "bad": Case("bad", CAME, told, severity=2),
        "asks": Case("asks", CAME, asks),
    }
    assert service.count_older(session, HOME, model=MODEL, before=FIRST, last=NOW) == 1
    assert service.count_undated(session, HOME, model=MODEL) == 1


def test_what_does_not_count_is_not_on_the_clock(session: Session) -> None:
    for key in ("held", "theirs", "changed"):
        store(session, key, product="别家" if key == "theirs" else None)
    store(session, "held_old", created_at=OLD)
    held = [quarantined("held"), quarantined("held_old")]
    quarantine.replace(session, HOME, held, now=NOW)
    competitors.mark_product(session, HOME, Competitor("别家", "小李", NOW), active=True)
    reviews.add(session, HOME, [review("changed", "好了", created_at=CAME)], now=NOW)
    assert found(session) == {}
    assert service.count_older(session, HOME, model=MODEL, before=FIRST, last=NOW) == 0


def test_people_say_who_complains(session: Session) -> None:
    nothing = PlainLabels(Polarity.NEU, Intent.OTHER, severity=0)
    grave = PlainLabels(Polarity.NEG, Intent.COMPLAINT, ("app.slow",), 3)
    for at, key in ((CAME, "now"), (OLD, "then")):
        no, yes = (
            store(session, f"no_{key}", created_at=at),
            store(session, f"yes_{key}", PLAIN, PLAIN, created_at=at),
        )
        for span in ((0, 3), (4, 7)):
            label_corrections.add(session, HOME, correction(no, span, nothing))
        label_corrections.add(session, HOME, correction(yes, (4, 7), grave))
    (case,) = found(session).values()
    assert (case.review_id, case.severity, case.told.topics) == ("yes_now", 3, ("app.slow",))
    assert service.count_older(session, HOME, model=MODEL, before=FIRST, last=NOW) == 1


def test_a_tier_comes_from_the_review_else_from_the_customer(session: Session) -> None:
    customers.add(session, HOME, [Customer("u1", "B")], now=NOW)
    store(session, "r1", author_id="u1")
    store(session, "r2", author_id="u1", author_tier="C")
    store(session, "r3", author_id="u2")
    assert [case.told.tier for case in found(session).values()] == ["B", "C", None]


def test_answers_are_replies_and_messages(session: Session) -> None:
    at, later = CAME + HOUR, CAME + 5 * HOUR
    replies = (Reply("您好", at), Reply("在查"))
    store(session, "r1", replies=replies, resolved_at=later)
    store(session, "r2")
    send(session, "r2", "answer", at)
    send(session, "r2", "callback_7", later, "satisfied")
    send(session, "r2", "callback_30", NOW, "unsolved")
    store(session, "r3")
    one, two, three = found(session).values()
    assert (one.answers, one.resolved) == ((at, None), (later,))
    assert (two.answers, two.resolved) == ((at,), (later,))
    assert (three.answers, three.resolved) == ((), ())

    def waiting(last: datetime) -> list[str]:
        cases = service.waiting(session, HOME, model=MODEL, first=FIRST, last=last)
        return [case.review_id for case in cases]

    assert waiting(NOW) == ["r3"]
    assert waiting(CAME) == ["r1", "r2", "r3"]  # nobody knew of the reply then


def test_older_ones_count_until_somebody_answers(session: Session) -> None:
    for key in ("silent", "sent", "closed"):
        store(session, key, created_at=OLD)
    store(session, "replied", created_at=OLD, replies=(Reply(""),))
    store(session, "resolved", created_at=OLD, resolved_at=OLD + HOUR)
    send(session, "sent", "told", NOW)
    escalations.add(session, HOME, [Escalation("closed", CAME, CAME, "")])
    escalations.close(session, HOME, "closed", BY)

    def count(last: datetime) -> int:
        return service.count_older(session, HOME, model=MODEL, before=FIRST, last=last)

    assert count(NOW) == 1
    assert count(NOW - HOUR) == 3


def test_the_worst_words_are_quoted(session: Session) -> None:
    store(session, "r1", labels(severity=1), labels(severity=3))
    store(session, "r2", PLAIN, PLAIN)
    said = service.words(session, HOME, ["r1", "r2", "gone"], model=MODEL)
    assert said == {"r1": Quote("r1", 4, 7, "求修复"), "r2": Quote("r2", 0, 7, "闪退了，求修复")}


def test_a_review_is_escalated_once(session: Session) -> None:
    for key in ("r1", "r2"):
        store(session, key)
    made = [Escalation(key, NOW, CAME, "研发") for key in ("r1", "r2")]
    assert escalations.add(session, HOME, made[:1]) == made[:1]
    again = [replace(each, department="别的") for each in made]
    assert escalations.add(session, HOME, [*again, Escalation("gone", NOW, NOW, "")]) == again[1:]
    assert escalations.still_open(session, HOME, now=NOW) == [made[0], again[1]]
    assert escalations.still_open(session, HOME, now=NOW - HOUR) == []
    with pytest.raises(InputError, match="无法保存"):
        escalations.add(session, HOME, [replace(made[0], department="\x00")])


def test_an_escalation_is_closed_by_a_person(session: Session) -> None:
    store(session, "r1")
    made = Escalation("r1", CAME, CAME, "研发")
    escalations.add(session, HOME, [made])
    assert service.unresolved(session, HOME, model=MODEL, first=FIRST, last=NOW) == []
    assert [each.review_id for each in service.escalated(session, HOME, model=MODEL, last=NOW)] == [
        "r1"
    ]
    done = replace(made, closed_by="小李", closed_at=NOW, note="已致电")
    assert escalations.close(session, HOME, "r1", BY) == done
    assert escalations.get(session, HOME, "r1") == done
    assert escalations.still_open(session, HOME, now=NOW) == []
    assert escalations.still_open(session, HOME, now=NOW - HOUR) == [done]
    assert service.escalated(session, HOME, model=MODEL, last=NOW) == []
    assert found(session)["r1"].resolved == (NOW,)
    with pytest.raises(ConflictError, match="已由 小李 处理"):
        escalations.close(session, HOME, "r1", BY)
    with pytest.raises(NotFoundError, match="r9"):
        escalations.close(session, HOME, "r9", BY)
