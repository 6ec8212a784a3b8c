"""Webhooks are told what happened: each event once, again when it did not arrive, then no more."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

import pytest
from builders import NOW
from sqlalchemy import Engine, event
from storage_samples import review, theme, ticket

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.notifiers.target_guard import Guard
from feedback_nlp.notifiers.webhook import Answer, Letter
from feedback_nlp.records import (
    Alert,
    AlertKind,
    Delivery,
    Denominator,
    Escalation,
    EventKind,
    Signature,
    Spike,
    Verdict,
    Verification,
)
from feedback_nlp.storage import (
    alerts,
    deliveries,
    escalations,
    imports,
    reviews,
    themes,
    ticket_life,
    tickets,
    verifications,
)
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.imports import Origin
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.ledger import Event
from feedback_nlp.workflows.deliver_hooks import WAITS, deliver_due, message_id
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.manage_hooks import (
    MOST_HOOKS,
    MadeHook,
    NewHook,
    add_hook,
    deliver_again,
    list_deliveries,
    list_hooks,
    remove_hook,
)
from feedback_nlp.workflows.manage_hooks import (
    test_hook as ping_hook,
)

SAID = "蓝鲸牌洗衣机漏水"
GUARD = Guard(resolve=lambda _host, _port: ["93.184.215.14"])
BEFORE, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


@dataclass
class Receiver:
    """Keeps what is posted and answers what it is told to."""

    answer: Callable[[str], Answer] = lambda _url: Answer(200)
    seen: list[tuple[str, Letter]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, url: str, _secret: str, letter: Letter) -> Answer:
        with self.lock:
            self.seen.append((url, letter))
        return self.answer(url)

    @property
    def ids(self) -> list[str]:
        return [letter.id for _, letter in self.seen]


def hook(
    target: Target, url: str = "https://a.example.com/", *events: EventKind, at: datetime = BEFORE
) -> MadeHook:
    with transaction(target.engine) as session:
        wish, by = NewHook(url, events), Signature("小李", at)
        return add_hook(session, target.workspace, wish, by, guard=GUARD)


def comment(target: Target, number: int = 1, *, at: datetime = NOW) -> None:
    with transaction(target.engine) as session:
        ticket_life.begin(session, target.workspace)
        told = (("text", SAID), ("author", "小李"))
        happened = [Event("K-0001", at, "commented", told)] * number
        ticket_life.note(session, target.workspace, happened)


class Watch:
    """What a round measures its own length with; it stands still unless a test moves it."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr("feedback_nlp.workflows.deliver_hooks.monotonic", watch)
    return watch


@pytest.fixture
def with_ticket(target: Target) -> Target:
    long_ago = NOW - timedelta(days=3)
    with transaction(target.engine) as session:
        here = session, target.workspace
        reviews.add(*here, [review("r1"), review("r 2/奇", SAID)], now=long_ago)
        themes.save(*here, [theme("T-0001", ("r1", 4))], now=long_ago)
        tickets.save(*here, [ticket()], now=long_ago)
    return target


def stored(target: Target, number: int = 1) -> list[Delivery]:
    with reading(target.engine) as session:
        return list(list_deliveries(session, target.workspace, number, Part(100)))


def _everything(target: Target) -> None:
    """Let one event of each kind happen, each with telling words near by."""
    comment(target)
    day = NOW.date()
    spike = Spike(7, 28, 12, 3.0, 4.0, 2.0, 8.0, 0.01, 0.02, 1.0, Denominator.REVIEWS)
    found = Verification(
        ticket_id="K-0001",
        theme_id="T-0001",
        release=3,
        as_of=day,
        verdict=Verdict.WORKED,
        target=0.9,
        first=day,
        last=day,
        count=7,
        denominator=Denominator.REVIEWS,
        dispersion=1.0,
        comparisons=(),
        controls=0,
        drift=1.0,
        spread=0.0,
        final=True,
    )
    open_ = replace(found, verdict=Verdict.INCONCLUSIVE, final=False)
    with transaction(target.engine) as session:
        here = session, target.workspace
        about = Alert(AlertKind.SPIKE, "T-0001", day, day, reason=SAID, spike=spike)
        alerts.put(*here, [about, replace(about, kind=AlertKind.SAFETY, subject="r 2/奇")])
        verifications.put(*here, open_)
        verifications.put(*here, found)
        escalations.add(*here, [Escalation("r 2/奇", NOW, LATER, "客服部")])
        origin = Origin(f"/家/{SAID}.csv", "table", SAID, {SAID: "text"})
        number = imports.begin(*here, origin, now=NOW)
        imports.count_up(*here, number, {"added": 2})
        imports.begin(*here, origin, now=NOW)
        imports.finish(*here, number, now=NOW)


def test_every_kind_of_event_is_told_without_words_of_users(with_ticket: Target) -> None:
    hook(with_ticket)
    _everything(with_ticket)
    receiver = Receiver()
    assert deliver_due(with_ticket.engine, now=LATER, post=receiver) == 6
    bodies = {letter.id: json.loads(letter.body) for _, letter in receiver.seen}
    assert SAID not in json.dumps(bodies, ensure_ascii=False)
    assert {body["type"] for body in bodies.values()} == {kind.value for kind in EventKind}
    assert all(body["id"] == name for name, body in bodies.items())
    assert all(name.isascii() for name in bodies)
    told = {body["type"]: body for body in bodies.values()}
    assert told["ticket.changed"]["workspace"] == with_ticket.workspace
    assert told["ticket.changed"]["data"] == {
        "ticket": "K-0001",
        "change": "commented",
        "link": "/v1/tickets/K-0001",
    }
    assert bodies["verification.done:K-0001:3:worked"]["data"]["verdict"] == "有效"
    assert told["escalation.opened"]["data"]["link"] == "/v1/reviews/r%202%2F%E5%A5%87"
    assert told["import.finished"]["data"] == {
        "import": 1,
        "counts": {"added": 2},
        "link": "/v1/imports/1",
    }
    (spiked,) = [b["data"] for b in bodies.values() if b["data"].get("alert") == "spike"]
    assert (spiked["observed"], spiked["ratio"]) == (12, 4.0)


def test_each_event_is_told_once_however_often_one_looks(with_ticket: Target) -> None:
    hook(with_ticket)
    _everything(with_ticket)
    receiver = Receiver()
    for hours in range(1, 5):
        deliver_due(with_ticket.engine, now=NOW + timedelta(hours=hours), post=receiver)
    assert len(receiver.ids) == len(set(receiver.ids)) == 6


def test_what_happened_before_the_webhook_is_not_told(with_ticket: Target) -> None:
    comment(with_ticket, at=NOW - timedelta(hours=3))
    hook(with_ticket)
    assert deliver_due(with_ticket.engine, now=LATER, post=Receiver()) == 0
    comment(with_ticket)
    assert deliver_due(with_ticket.engine, now=LATER, post=Receiver()) == 1


def test_what_is_stored_late_is_told_all_the_same(with_ticket: Target) -> None:
    hook(with_ticket, at=NOW - timedelta(days=1))
    comment(with_ticket, at=NOW)
    deliver_due(with_ticket.engine, now=LATER, post=Receiver())
    comment(with_ticket, at=NOW - timedelta(hours=5))  # by a command that began then
    assert deliver_due(with_ticket.engine, now=LATER, post=Receiver()) == 1


def test_a_slow_receiver_gets_fresh_times_and_ends_its_round_early(
    with_ticket: Target, watch: Watch
) -> None:
    hook(with_ticket)
    _everything(with_ticket)

    def slowly(_url: str) -> Answer:
        watch.seconds += 9
        return Answer(200, None)

    receiver = Receiver(slowly)
    assert deliver_due(with_ticket.engine, now=LATER, post=receiver) == 2
    told = [(letter.at - LATER).total_seconds() for _, letter in receiver.seen]
    assert told == [0, 9]
    later = LATER + timedelta(seconds=18)
    assert deliver_due(with_ticket.engine, now=later, post=Receiver()) == 4


def test_a_worker_of_one_workspace_tells_no_other(with_ticket: Target) -> None:
    hook(with_ticket)
    _everything(with_ticket)
    assert deliver_due(with_ticket.engine, now=LATER, post=Receiver(), workspace="away") == 0
    here = with_ticket.workspace
    assert deliver_due(with_ticket.engine, now=LATER, post=Receiver(), workspace=here) == 6


def test_a_webhook_is_told_what_it_asked_for(with_ticket: Target) -> None:
    hook(with_ticket, "https://a.example.com/", EventKind.IMPORT_FINISHED)
    _everything(with_ticket)
    receiver = Receiver()
    deliver_due(with_ticket.engine, now=LATER, post=receiver)
    assert receiver.ids == ["import.finished:1"]


def test_what_does_not_arrive_is_tried_again_ever_later_and_given_up(with_ticket: Target) -> None:
    hook(with_ticket)
    comment(with_ticket)
    receiver = Receiver(lambda _url: Answer(500, "对方回答 HTTP 500"))
    at = LATER
    for wait in WAITS:
        assert deliver_due(with_ticket.engine, now=at, post=receiver) == 0
        just_before = at + wait - timedelta(seconds=1)
        tried = len(receiver.seen)
        deliver_due(with_ticket.engine, now=just_before, post=receiver)
        assert len(receiver.seen) == tried
        at += wait
    deliver_due(with_ticket.engine, now=at, post=receiver)
    (given_up,) = stored(with_ticket)
    assert (given_up.attempts, given_up.next_at, given_up.delivered_at) == (8, None, None)
    assert (given_up.status, given_up.fault) == (500, "对方回答 HTTP 500")
    assert deliver_due(with_ticket.engine, now=at + timedelta(days=9), post=receiver) == 0
    assert len(set(receiver.ids)) == 1
    assert len({letter.body for _, letter in receiver.seen}) == 1
    with transaction(with_ticket.engine) as session:
        deliver_again(session, with_ticket.workspace, 1, given_up.event_id, now=at)
    assert deliver_due(with_ticket.engine, now=at, post=Receiver()) == 1
    (arrived,) = stored(with_ticket)
    assert (arrived.delivered_at, arrived.fault, arrived.next_at) == (at, None, None)


def test_a_receiver_that_asks_for_time_gets_it(with_ticket: Target) -> None:
    hook(with_ticket)
    comment(with_ticket)
    busy = Receiver(lambda _url: Answer(503, "对方回答 HTTP 503", 7_200.0))
    deliver_due(with_ticket.engine, now=LATER, post=busy)
    (waiting,) = stored(with_ticket)
    assert waiting.next_at == LATER + timedelta(hours=2)


def test_one_that_is_away_costs_one_attempt_and_the_others_nothing(with_ticket: Target) -> None:
    hook(with_ticket, "https://away.example.com/")
    hook(with_ticket, "https://there.example.com/")
    comment(with_ticket, 5)
    receiver = Receiver(lambda url: Answer(fault="没有按时回答") if "away" in url else Answer(200))
    assert deliver_due(with_ticket.engine, now=LATER, post=receiver) == 5
    assert [url for url, _ in receiver.seen].count("https://away.example.com/") == 1
    deliver_due(with_ticket.engine, now=LATER + timedelta(seconds=30), post=receiver)
    assert [url for url, _ in receiver.seen].count("https://away.example.com/") == 1


def test_no_transaction_is_open_while_a_message_is_under_way(with_ticket: Target) -> None:
    hook(with_ticket)
    comment(with_ticket)
    open_now = 0

    def count(step: int) -> Callable[[object], None]:
        def changed(_connection: object) -> None:
            nonlocal open_now
            open_now += step

        return changed

    event.listen(with_ticket.engine, "begin", count(1))
    for name in ("commit", "rollback"):
        event.listen(with_ticket.engine, name, count(-1))
    during: list[int] = []

    def answer(_url: str) -> Answer:
        during.append(open_now)
        return Answer(200)

    deliver_due(with_ticket.engine, now=LATER, post=Receiver(answer))
    assert during == [0]


def test_two_workers_never_post_one_event_twice(with_ticket: Target) -> None:
    for name in "abc":
        hook(with_ticket, f"https://{name}.example.com/")
    comment(with_ticket, 15)
    receiver = Receiver()
    with ThreadPoolExecutor(4) as pool:
        rounds = [
            pool.submit(deliver_due, with_ticket.engine, now=LATER, post=receiver) for _ in range(4)
        ]
    assert sum(each.result() for each in rounds) == 45
    posted = [(url, letter.id) for url, letter in receiver.seen]
    assert len(posted) == len(set(posted)) == 45


def test_a_worker_that_dies_leaves_its_message_for_later(with_ticket: Target) -> None:
    hook(with_ticket)
    comment(with_ticket)

    def die(_url: str) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(with_ticket.engine, now=LATER, post=Receiver(die))
    assert deliver_due(with_ticket.engine, now=LATER, post=Receiver()) == 0
    assert deliver_due(with_ticket.engine, now=LATER + timedelta(minutes=3), post=Receiver()) == 1


def test_a_removed_webhook_is_told_nothing_more(with_ticket: Target) -> None:
    hook(with_ticket)
    comment(with_ticket)
    deliver_due(with_ticket.engine, now=LATER, post=Receiver(lambda _url: Answer(500, "坏")))
    with transaction(with_ticket.engine) as session:
        remove_hook(session, with_ticket.workspace, 1, Signature("小李", LATER))
    assert deliver_due(with_ticket.engine, now=LATER + timedelta(days=2), post=Receiver()) == 0
    with reading(with_ticket.engine) as session:
        assert list_hooks(session, with_ticket.workspace) == []
        with pytest.raises(NotFoundError):
            list_deliveries(session, with_ticket.workspace, 1, Part(9))


def test_a_test_message_is_posted_at_once_and_not_kept(target: Target) -> None:
    hook(target)
    receiver = Receiver()
    answer = ping_hook(target.engine, target.workspace, 1, post=receiver, now=NOW)
    assert answer == Answer(200)
    assert json.loads(receiver.seen[0][1].body)["type"] == "ping"
    assert stored(target) == []


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("short", id="too short"),
        pytest.param("密" * 30, id="no ASCII"),
        pytest.param("x" * 129, id="too long"),
        pytest.param("whsec_" + "!" * 40, id="no base64"),
        pytest.param("whsec_" + "QQ==" * 6, id="too few bytes"),
    ],
)
def test_a_secret_that_protects_nothing_is_refused(target: Target, secret: str) -> None:
    wish = NewHook("https://a.example.com/", secret=secret)
    with transaction(target.engine) as session, pytest.raises(InputError, match="secret"):
        add_hook(session, target.workspace, wish, Signature("小李", NOW), guard=GUARD)


def test_a_workspace_has_so_many_webhooks(target: Target) -> None:
    for _ in range(MOST_HOOKS):
        hook(target)
    with pytest.raises(InputError, match=str(MOST_HOOKS)):
        hook(target)


def test_a_strange_id_becomes_one_that_a_header_can_carry() -> None:
    assert message_id("ticket.changed:17") == "ticket.changed:17"
    strange = message_id("alert.raised:safety/奇/2026-03-01")
    assert strange.isascii()
    assert strange == message_id("alert.raised:safety/奇/2026-03-01")


def test_nothing_is_written_while_nothing_happens(with_ticket: Target) -> None:
    hook(with_ticket)
    writes: list[str] = []
    _note_writes(with_ticket.engine, writes)
    deliver_due(with_ticket.engine, now=LATER, post=Receiver())
    assert [each for each in writes if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []


def _note_writes(engine: Engine, into: list[str]) -> None:
    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        into.append(statement)

    event.listen(engine, "before_cursor_execute", note)


def test_deliveries_are_counted_by_what_became_of_them(with_ticket: Target) -> None:
    hook(with_ticket)
    comment(with_ticket, 2)
    with reading(with_ticket.engine) as session:
        assert deliveries.count_by_result(session, with_ticket.workspace) == {}
    deliver_due(with_ticket.engine, now=LATER, post=Receiver())
    with reading(with_ticket.engine) as session:
        assert deliveries.count_by_result(session, with_ticket.workspace) == {"delivered": 2}
