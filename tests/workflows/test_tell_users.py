"""From a verified ticket to users who know of it: listed, written to, noted, called, left alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW, TAXONOMY
from databases import BACKENDS, postgres_schema
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from told_ticket import SAID, TICKET, TOLD, fill, move

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import (
    Answered,
    Outcome,
    Purpose,
    Release,
    Sent,
    Signature,
    TemplateKind,
    TicketState,
    Verdict,
)
from feedback_nlp.replies.audience import LeftOut
from feedback_nlp.replies.drafts import Style
from feedback_nlp.storage import outcomes, people, releases, reviews, sends
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_replies import DraftPage, Footing, ToTell, draft_replies, to_tell
from feedback_nlp.workflows.callbacks import Called, CallPage, list_callbacks, note_callback
from feedback_nlp.workflows.change_ticket import move_ticket
from feedback_nlp.workflows.note_answer import note_answer
from feedback_nlp.workflows.note_sent import Noted, Sending, note_sent
from feedback_nlp.workflows.opt_out import Who, list_opt_outs, opt_in, opt_out
from feedback_nlp.workflows.release_notes import release_note
from feedback_nlp.workflows.reply_wordings import list_wordings, set_wording, wording_history

WS, KEY = "default", "geheim"
BY = Signature("小李", NOW)
ALL = Page(100)
S = TicketState


@pytest.fixture(scope="module", params=BACKENDS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('replies')}/feedback.db"
        else:
            url = stack.enter_context(postgres_schema("replies"))
        engine = open_database(url)
        with transaction(engine) as session:
            fill(session, WS)
        yield engine
        engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A write transaction of which nothing stays."""
    with transaction(engine) as session:
        yield session
        session.rollback()


def listed(session: Session, *, early: bool = False) -> ToTell:
    return to_tell(session, WS, TICKET, ALL, model="any", early=early)


def drafts(session: Session, *, early: bool = False, style: Style | None = None) -> DraftPage:
    return draft_replies(
        session, WS, TICKET, ALL, taxonomy=TAXONOMY, model="any", early=early, style=style
    )


def note(session: Session, *words: str, by: Signature = BY, **more: Any) -> Noted:  # noqa: ANN401 (any field of Sending)
    sending = replace(Sending(TICKET, words or None), **more)
    return note_sent(session, WS, sending, by, taxonomy=TAXONOMY, model="any")


def called(
    session: Session, review: str, result: Answered, *, day: int = 7, after: int = 7
) -> Sent:
    by = Signature("小王", NOW + timedelta(days=after))
    return note_callback(session, WS, Called(review, day, result), by)


def calls(session: Session, after: int) -> CallPage:
    day = NOW.date() + timedelta(days=after)
    return list_callbacks(session, WS, day, ALL, taxonomy=TAXONOMY, model="any")


def test_users_are_listed_and_those_left_out_are_counted(session: Session) -> None:
    found = listed(session)
    assert [each.review.id for each in found.users] == list(TOLD)
    assert (found.users[0].reviews, found.total) == (2, 3)
    assert dict(found.audience.left_out) == {
        LeftOut.SAID_AGAIN: 1,
        LeftOut.QUARANTINED: 1,
        LeftOut.COMPETITOR: 1,
    }
    assert to_tell(session, WS, TICKET, Page(1, 1), model="any").users == found.users[1:2]


def test_what_the_news_rests_on_is_said(session: Session) -> None:
    assert listed(session).footing is Footing.VERDICT
    outcomes.add(session, WS, Outcome(TICKET, "T-0001", Verdict.INCONCLUSIVE, NOW))
    assert listed(session).footing is Footing.PERSON


@pytest.mark.parametrize("state", [S.RELEASED, S.VERIFYING])
def test_before_a_fix_is_verified_users_hear_of_a_version_only(
    session: Session, state: TicketState
) -> None:
    move(session, WS, state)
    with pytest.raises(ConflictError, match="还没有验证有效，先不要通知用户"):
        listed(session)
    found = drafts(session, early=True)
    assert found.to_tell.footing is Footing.EARLY
    for each in found.drafts:
        assert "已发布8.2版本" in each.text
        assert "解决" not in each.text
        assert "修复" not in each.text


@pytest.mark.parametrize("state", [S.TRIAGE, S.IN_PROGRESS, S.RELAPSED, S.REJECTED])
def test_without_a_fix_nobody_is_told_anything(session: Session, state: TicketState) -> None:
    move(session, WS, state)
    with pytest.raises(ConflictError, match="还不能通知用户"):
        listed(session, early=True)


def test_each_user_reads_their_own_words_only(session: Session) -> None:
    made = {each.to.review.id: each for each in drafts(session).drafts}
    assert [made[key].kind for key in TOLD] == [
        TemplateKind.APP_STORE_SORRY,
        TemplateKind.APP_STORE,
        TemplateKind.SERVICE_SORRY,
    ]
    for key, each in made.items():
        assert SAID[key][0] in each.text
        assert not any(text in each.text for other, (text, _) in SAID.items() if other != key)
    assert "鲸鱼买菜客服" in made["R-3"].text
    assert "2026年5月22日发布，工单 K-0001" in made["R-3"].text
    assert {each.kind.value for each in drafts(session, style=Style.SERVICE).drafts} == {
        "service",
        "service_sorry",
    }


def test_a_rewritten_review_is_not_answered_until_it_was_read(session: Session) -> None:
    old = reviews.get(session, WS, "R-4")
    assert old is not None
    reviews.add(session, WS, [replace(old, text="拍照好多了")], now=NOW)
    found = listed(session)
    assert dict(found.audience.left_out)[LeftOut.CHANGED] == 1
    assert "R-4" not in {each.review.id for each in found.users}


def test_all_that_are_listed_are_noted_once(session: Session) -> None:
    written = [each.text for each in drafts(session).drafts]
    done = note(session)
    assert [each.review_id for each in done.sent] == list(TOLD)
    assert {each.purpose for each in done.sent} == {Purpose.TOLD}
    assert [each.text for each in done.sent] == written
    again = note(session, by=Signature("小李", NOW + timedelta(seconds=90)))
    assert (again.again, again.sent) == (True, done.sent)
    with pytest.raises(ConflictError, match="没有要通知的用户"):
        note(session, text="都修好了")
    late = Signature("小李", NOW + timedelta(minutes=3))
    for by in (late, Signature("小王", NOW)):
        with pytest.raises(ConflictError, match="没有要通知的用户"):
            note(session, by=by)
    assert sends.count(session, WS) == 3
    assert dict(listed(session).audience.left_out)[LeftOut.TOLD] == 3


def test_some_are_noted_by_any_of_their_reviews_with_what_was_sent(session: Session) -> None:
    done = note(session, "R-1", "R-2", text="已解决，详询13912345678", channel="电话")
    (sent,) = done.sent
    assert (sent.review_id, sent.author_id, sent.channel) == ("R-2", "U-1", "电话")
    assert sent.text == "已解决，详询***********"
    assert note(session, "R-1", "R-2").again
    assert note(session, "R-1", text="已解决，详询13912345678", channel="电话").again
    for other in ({"text": "已退款"}, {"channel": "短信"}, {"result": Answered.SATISFIED}):
        with pytest.raises(ConflictError, match="R-1 的用户已经通知过"):
            note(session, "R-1", **other)
    with pytest.raises(ConflictError, match="R-1 的用户已经通知过"):
        note(session, "R-1", "R-3")
    assert sends.count(session, WS) == 1


@pytest.mark.parametrize(
    ("words", "more", "error", "message"),
    [
        (["R-9"], {}, NotFoundError, "没有评论 R-9"),
        (["R-5"], {}, ConflictError, "发布后又提到"),
        (["R-3"], {"text": " "}, InputError, "text：请写明"),
        (["R-3"], {"text": "\0"}, InputError, "text：含有 NUL"),
        (["R-3"], {"text": "字" * 4_001}, InputError, "text：最多 4000 个字，现在有 4001 个"),
        (["R-3"], {"channel": "a\nb"}, InputError, "channel"),
        (["R-3"], {"ticket_id": "K-9"}, NotFoundError, "K-9"),
    ],
)
def test_what_cannot_be_noted_writes_nothing(
    session: Session,
    words: list[str],
    more: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        note(session, *words, **more)
    assert sends.count(session, WS) == 0


def test_an_opt_out_is_respected_everywhere_and_can_be_taken_back(session: Session) -> None:
    note(session, "R-3")
    for who in (Who("U-1"), Who("U-2"), Who(review_id="R-4")):
        done = opt_out(session, WS, who, BY, key=KEY)
        assert done.reviews == (2 if who.author_id == "U-1" else 1)
    assert listed(session).users == ()
    assert dict(listed(session).audience.left_out)[LeftOut.OPTED_OUT] == 3
    with pytest.raises(ConflictError, match="2 位用户不愿收到消息，什么也没有记下"):
        note(session, "R-1", "R-2", "R-4")
    assert (calls(session, 8).total, calls(session, 8).unwanted) == (0, 1)
    with pytest.raises(ConflictError, match="不愿收到消息"):
        called(session, "R-3", Answered.SATISFIED)
    opt_in(session, WS, Who(review_id="R-1"), BY, key=KEY)
    skipped = note(session, "R-1", "R-4", leave_out=True)
    assert ([each.review_id for each in skipped.sent], skipped.left_out) == (["R-2"], 1)
    assert [each.user for each in list_opt_outs(session, WS, ALL).wishes] == ["U-2", "review:R-4"]


def test_an_opt_out_names_one_user_who_may_be_unknown_but_not_erased(session: Session) -> None:
    phone = opt_out(session, WS, Who("13912345678"), BY, key=KEY)
    assert (phone.wish.user[:2], phone.reviews) == ("U-", 0)
    for who in (Who(), Who("U-1", "R-1"), Who(" ")):
        with pytest.raises(InputError, match="user、review"):
            opt_out(session, WS, who, BY, key=KEY)
    with pytest.raises(NotFoundError, match="R-9"):
        opt_out(session, WS, Who(review_id="R-9"), BY, key=KEY)
    with pytest.raises(NotFoundError, match="没有退订"):
        opt_in(session, WS, Who("U-1"), BY, key=KEY)
    people.erase(session, WS, Person(("U-2",)), ErasureOrder("管理员", "请求", NOW, KEY))
    with pytest.raises(ConflictError, match="已要求删除"):
        opt_out(session, WS, Who("U-2"), BY, key=KEY)


def test_callbacks_are_listed_noted_and_counted(session: Session) -> None:
    note(session)
    assert calls(session, 6).total == 0
    due = calls(session, 9)
    assert [(each.due.told.review_id, each.due.stage, each.due.overdue) for each in due.calls] == [
        (key, 7, 2) for key in TOLD
    ]
    for each in due.calls:
        assert SAID[each.due.told.review_id][0] in each.text
        assert "2026年6月1日" in each.text
    made = called(session, "R-1", Answered.UNREACHED)
    assert (made.review_id, made.author_id, made.purpose) == ("R-2", "U-1", Purpose.CALLBACK_7)
    assert called(session, "R-2", Answered.UNREACHED) == made  # the same click
    called(session, "R-2", Answered.UNSOLVED, after=8)
    with pytest.raises(ConflictError, match="第 7 天的回访已经记过，小王 记的"):
        called(session, "R-2", Answered.SATISFIED, after=9)
    called(session, "R-3", Answered.SATISFIED)
    found = calls(session, 9)
    assert [each.due.told.review_id for each in found.calls] == ["R-4"]
    assert (found.tally.told, found.tally.satisfied, len(found.tally.unsolved)) == (3, 1, 1)
    assert [each.review_id for each in listed(session).unsolved] == ["R-2"]
    assert [each.due.stage for each in calls(session, 30).calls] == [30, 30, 30]


@pytest.mark.parametrize(
    ("ended", "was", "to"),
    [
        (Verdict.FAILED, S.VERIFYING, S.IN_PROGRESS),
        (Verdict.RELAPSED, S.VERIFIED, S.RELAPSED),
    ],
)
def test_a_second_fix_is_told_anew_by_its_own_release(
    session: Session, ended: Verdict, was: TicketState, to: TicketState
) -> None:
    move(session, WS, was)
    note(session, early=was is S.VERIFYING)
    called(session, "R-1", Answered.UNSOLVED)
    over, fixed = NOW + timedelta(days=20), NOW + timedelta(days=30)
    outcomes.add(session, WS, Outcome(TICKET, "T-0001", ended, over, (("release", "1"),)))
    move_ticket(session, WS, TICKET, to, Signature("系统", over), system=True)
    releases.add(session, WS, Release(0, (TICKET,), fixed, "小李", fixed, version="8.3"))
    move(session, WS, S.VERIFIED)
    assert listed(session).release == releases.get(session, WS, 2)  # not yet found to work
    worked = Outcome(TICKET, "T-0001", Verdict.WORKED, fixed, (("release", "2"),))
    outcomes.add(session, WS, worked)
    found = drafts(session)
    assert {each.to.review.id for each in found.drafts} == {*TOLD, "R-5"}  # R-5 came before 8.3
    assert LeftOut.TOLD not in dict(found.to_tell.audience.left_out)
    assert all("8.2" not in each.text for each in found.drafts)
    told = note(session, by=Signature("小李", NOW + timedelta(days=50)))
    assert len(told.sent) == 4
    due = calls(session, 57).calls
    assert ([each.due.told for each in due], listed(session).unsolved) == ([*told.sent], ())
    assert called(session, "R-1", Answered.SATISFIED, after=57).ticket_id == TICKET
    assert calls(session, 57).total == 3


def test_only_what_was_answered_alike_is_the_same_answer(session: Session) -> None:
    def answer(text: str = "已致电13912345678", after: int = 0, **more: Any) -> Sent:  # noqa: ANN401
        by = Signature("小李", NOW + timedelta(seconds=after))
        return note_answer(session, WS, ("R-3", text), by, **more)

    first = answer()
    assert (first.text, first.at, first.noted_at) == ("已致电***********", NOW, None)
    assert answer(after=90) == first
    assert answer("已发短信", after=90).number == 2
    assert answer(after=90, result=Answered.SATISFIED).number == 3
    early = answer(at=NOW - timedelta(hours=3))
    assert (early.at, early.noted_at) == (NOW - timedelta(hours=3), NOW)
    assert sends.of_review(session, WS, "R-3")[-1] == early


def test_only_who_was_told_is_called(session: Session) -> None:
    with pytest.raises(ConflictError, match="还没有被通知过"):
        called(session, "R-2", Answered.SATISFIED)
    note(session, "R-2")
    with pytest.raises(InputError, match="第 7 天和第 30 天"):
        called(session, "R-2", Answered.SATISFIED, day=8)
    with pytest.raises(NotFoundError):
        called(session, "R-9", Answered.SATISFIED)


def test_after_an_erasure_the_log_of_others_is_untouched(session: Session) -> None:
    note(session)
    before = [each for each in sends.every(session, WS, limit=9) if each.author_id != "U-1"]
    people.erase(session, WS, Person(("U-1",)), ErasureOrder("管理员", "请求", NOW, KEY))
    assert sends.every(session, WS, limit=9) == before
    assert calls(session, 7).tally.told == 2


def test_wordings_are_set_shown_and_set_back(session: Session) -> None:
    kind = TemplateKind.APP_STORE
    done = set_wording(session, WS, kind, "收到“{problem}”，见{version}。\r\n", BY)
    assert (done.changed, done.wording.text) == (True, "收到“{problem}”，见{version}。")
    assert not set_wording(session, WS, kind, "收到“{problem}”，见{version}。", BY).changed
    assert drafts(session).drafts[1].text == "收到“拍照时闪退”，见8.2版本。"
    with pytest.raises(InputError, match=r"\{name\}"):
        set_wording(session, WS, kind, "{name}", BY)
    assert set_wording(session, WS, kind, None, BY).wording.set is None
    assert [each.text for each in wording_history(session, WS, kind)] == [
        None,
        "收到“{problem}”，见{version}。",
    ]
    assert [each.kind for each in list_wordings(session, WS)] == list(TemplateKind)


def test_a_release_note_speaks_in_nobodys_words(session: Session) -> None:
    note_ = release_note(session, WS, "8.2", taxonomy=TAXONOMY, model="any")
    assert note_.tickets == (TICKET,)
    assert note_.text.splitlines()[0] == "我们的产品 8.2版本（2026年5月22日）"
    assert "· 闪退故障" in note_.text.splitlines()
    assert not any(text in note_.text for text, _ in SAID.values())
    releases.withdraw(session, WS, 1, by="小李", now=NOW)
    with pytest.raises(NotFoundError, match=r"没有登记过版本 8\.2"):
        release_note(session, WS, "8.2", taxonomy=TAXONOMY, model="any")
