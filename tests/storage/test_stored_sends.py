"""Messages, opt-outs and wordings are kept as they were told; the person's go with the person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from full_database import WHO, fill
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from storage_samples import HOME, NOW, review, theme, ticket

from feedback_nlp.errors import InputError
from feedback_nlp.records import Answered, OptOut, Purpose, Sent, Signature, TemplateKind
from feedback_nlp.storage import (
    opt_outs,
    people,
    reply_templates,
    reviews,
    sends,
    tables,
    themes,
    tickets,
)
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person

TOLD = Sent(0, Purpose.TOLD, "r1", "应用商店", "已解决，“{problem}”\n第二行", "小李", NOW, "K-0001")
BY = Signature("小李", NOW, "更亲切")
ORDER = ErasureOrder("管理员", "请求 17", NOW)


def prepare(session: Session) -> None:
    rows = [review("r1"), review("r2", author_id="u1"), review("r3", author_id="u1")]
    reviews.add(session, HOME, rows, now=NOW)
    themes.save(session, HOME, [theme("T-0001", ("r1", 0))], now=NOW)
    tickets.save(session, HOME, [ticket()], now=NOW)


def test_messages_come_back_as_they_were_sent(engine: Engine) -> None:
    called = replace(
        TOLD,
        purpose=Purpose.CALLBACK_7,
        review_id="r2",
        author_id="u1",
        text="",
        result=Answered.UNSOLVED,
        reason="再修",
    )
    answer = replace(TOLD, purpose=Purpose.ANSWER, ticket_id=None, review_id="r3", author_id="u1")
    answer = replace(answer, noted_at=NOW + timedelta(hours=3))
    with transaction(engine) as session:
        prepare(session)
        assert sends.add(session, HOME, []) == []
        one, two = sends.add(session, HOME, [TOLD, called])
        assert sends.mark(session, HOME) == 2
        (three,) = sends.add(session, HOME, [answer])
    assert [each.number for each in (one, two, three)] == [1, 2, 3]
    with reading(engine) as session:
        assert sends.of_ticket(session, HOME, "K-0001") == [one, two]
        assert sends.of_review(session, HOME, "r2") == [two]
        assert sends.of_author(session, HOME, "u1") == [two, three]
        assert sends.of_purposes(session, HOME, {Purpose.TOLD, Purpose.ANSWER}) == [one, three]
        assert sends.every(session, HOME, limit=2) == [three, two]
        assert sends.every(session, HOME, limit=2, offset=1, ticket_id="K-0001") == [one]
        assert (sends.count(session, HOME), sends.count(session, HOME, ticket_id="K-0001")) == (
            3,
            2,
        )
    with transaction(engine) as session, pytest.raises(InputError, match="text"):
        sends.add(session, HOME, [replace(TOLD, text="\0")])


def test_what_a_user_wanted_last_counts(engine: Engine) -> None:
    wish = OptOut("u1", True, "小李", NOW, "电话里说的")  # noqa: FBT003 (a field)
    nameless = replace(wish, user="review:r1", review_id="r1")
    with transaction(engine) as session:
        prepare(session)
        for each in (wish, nameless, replace(wish, author="小王")):
            opt_outs.put(session, HOME, each)
        assert opt_outs.active(session, HOME) == {"u1", "review:r1"}
        assert opt_outs.every(session, HOME) == [nameless, replace(wish, author="小王")]
        opt_outs.put(session, HOME, replace(wish, active=False))
        assert opt_outs.active(session, HOME) == {"review:r1"}


def test_the_latest_wording_of_each_kind_counts(engine: Engine) -> None:
    put, kind = reply_templates.put, TemplateKind.SERVICE
    with transaction(engine) as session:
        assert not put(session, HOME, kind, None, BY)
        assert put(session, HOME, kind, "甲{problem}", BY)
        assert not put(session, HOME, kind, "甲{problem}", BY)
        assert put(session, HOME, TemplateKind.CALLBACK_7, "乙", BY)
        assert put(session, HOME, kind, "丙", BY)
        present = reply_templates.current(session, HOME)
        assert {name: each.text for name, each in present.items()} == {
            TemplateKind.CALLBACK_7: "乙",
            kind: "丙",
        }
        assert put(session, HOME, kind, None, BY)
        assert list(reply_templates.current(session, HOME)) == [TemplateKind.CALLBACK_7]
        assert [each.text for each in reply_templates.history(session, HOME, kind)] == [
            None,
            "丙",
            "甲{problem}",
        ]


def test_an_erased_persons_messages_and_wishes_are_gone_and_others_stay(engine: Engine) -> None:
    with transaction(engine) as session:
        fill(session, HOME)
        others = sends.of_review(session, HOME, "r3")
        people.erase(session, HOME, Person((WHO,)), ORDER)
        assert sends.every(session, HOME, limit=9) == others
        assert opt_outs.active(session, HOME) == {"review:r4"}
        people.erase(session, HOME, Person((), ("r4",)), ORDER)  # without an id of their own
        assert opt_outs.active(session, HOME) == frozenset()
        assert sends.every(session, HOME, limit=9) == others
        left = select(func.count()).select_from(tables.opt_outs)
        assert session.execute(left).scalar_one() == 1  # u-2, who wants messages again
