"""A past night again: with what was known then it finds what it found then."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from builders import SpotClassifier
from databases import BACKENDS, postgres_schema
from desk import Desk, write_csv
from night_story import DAYS, night, ordered, replay, rows, stored_nights, whole_file, write_day

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.records import EffortKind, EffortNote, Signature, TicketState
from feedback_nlp.storage import efforts, nights, tickets
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.change_ticket import TicketEdit, assign_ticket, edit_ticket, move_ticket
from feedback_nlp.workflows.edit_desk import Desk as EditDesk
from feedback_nlp.workflows.edit_themes import close
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.note_release import NewRelease, note_release, withdraw_release
from feedback_nlp.workflows.replay_night import is_past
from feedback_nlp.workflows.run_files import (
    plan_stored,
    score,
)
from feedback_nlp.workflows.run_night import Order, end_of
from feedback_nlp.workflows.setup import Setup

Arrival = Callable[[Desk, date], Path]
"""What a night is given on a day."""
LATE: Final = DAYS[2]
"""After this night a file comes by hand whose rows are from the first day."""


def after(day: date, hours: int = 1) -> Signature:
    return Signature("小李", end_of(day) + timedelta(hours=hours), "例会")


def at_once(desk: Desk, _day: date) -> Path:
    return whole_file(desk.root)


def day_by_day(desk: Desk, day: date) -> Path:
    return write_day(desk.root / "inbox", day).parent


def import_by_hand(desk: Desk, setup: Setup, text: str, when: Signature) -> None:
    late = [row | {"编号": f"L{row['编号']}", "内容": text} for row in rows(DAYS[0])[:3]]
    target = Target(setup.engine, setup.workspace, when.at)
    import_files(target, [write_csv(desk.root / "late.csv", late)])


def decide(desk: Desk, setup: Setup, day: date) -> None:
    """Do what people did after the night of this day."""
    signature = after(day)
    if day == LATE:
        import_by_hand(desk, setup, "打开就闪退，已经卸载了", signature)
    if day == DAYS[5]:
        import_by_hand(desk, setup, "重装以后好了，还是喜欢", signature)
        score(setup)
        plan_stored(setup, now=signature.at)
    with transaction(setup.engine) as session:
        here = (session, setup.workspace)
        if day == DAYS[3]:
            guess = EffortNote(EffortKind.ESTIMATE, "T-0001", 0.5, "小李", signature.at)
            efforts.add(*here, guess)
            move_ticket(*here, "K-0001", TicketState.SCHEDULED, signature)
            edit_ticket(*here, "K-0002", TicketEdit(due=DAYS[-1], target=0.5), signature)
            assign_ticket(*here, "K-0002", signature, owner="小王")
        if day == DAYS[4]:
            wish = NewRelease(("K-0001",), signature.at)
            note_release(*here, wish, signature)
            note_release(*here, NewRelease(("K-0002",), signature.at), signature)
        if day == DAYS[6]:
            withdraw_release(*here, 2, signature)


def live(folder: Path, url: str | None, arrival: Arrival) -> Desk:
    folder.mkdir()
    desk = Desk(folder, SpotClassifier(), load_taxonomy())
    desk = desk if url is None else replace(desk, new_database=lambda _folder: url)
    with desk.setup() as setup:
        for day in DAYS:
            order = Order([arrival(desk, day)], desk.out, day, report=False)
            assert ordered(setup, order).night.state == nights.DONE
            decide(desk, setup, day)
    return desk


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
    else:
        with postgres_schema("story") as url:
            yield url


@pytest.fixture(scope="module")
def story(url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Eight nights over one file, and what people did between them; read only."""
    return live(tmp_path_factory.mktemp("story") / "desk", url, at_once)


def test_every_night_comes_out_as_it_was_recorded(story: Desk) -> None:
    dump = story.dump()
    again = replay(story, DAYS[-1])
    assert {each.day: each.differing for each in again.nights} == dict.fromkeys(DAYS, ())
    assert again.out_of_reach == ()
    assert again.nights[DAYS.index(LATE)].result["reviews"] == 27
    assert story.dump() == dump


def test_the_story_is_worth_replaying(story: Desk) -> None:
    results = {each.day: each.result for each in stored_nights(story)}
    last = results[DAYS[-1]]
    assert len({result["digest"] for result in results.values()}) == len(DAYS)
    assert results[LATE]["reviews"] == 27
    assert results[DAYS[3]]["reviews"] == 39
    assert last["tickets"]["K-0001"][1] in {"已发布", "验证中"}
    assert last["tickets"]["K-0002"][1] == "进行中"
    assert results[DAYS[5]]["tickets"]["K-0002"][1] in {"已发布", "验证中"}
    assert last["verdicts"]
    with story.engine() as engine, reading(engine) as session:
        assert efforts.estimates(session, story.workspace)
        edited = tickets.get(session, story.workspace, "K-0002")
        assert edited is not None
        assert (edited.owner, edited.target, edited.due) == ("小王", 0.5, DAYS[-1])


def test_how_rows_arrive_does_not_matter(story: Desk, tmp_path: Path) -> None:
    other = live(tmp_path / "other", None, day_by_day)
    found = {each.day: each.result for each in stored_nights(other)}
    assert found == {each.day: each.result for each in stored_nights(story)}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two nights, and a second one of the last day."""
    folder = tmp_path_factory.mktemp("short")
    desk = Desk(folder, SpotClassifier(), load_taxonomy())
    file = whole_file(folder)
    for day in DAYS[:4:3]:
        night(desk, file, day=day)
    more = [row | {"编号": f"M{row['编号']}"} for row in rows(DAYS[1])]
    night(desk, file, write_csv(folder / "more.csv", more), day=DAYS[3])
    return desk


def test_a_second_night_of_a_day_leaves_the_first_as_it_was(short: Desk) -> None:
    again = replay(short, DAYS[3])
    assert [(each.number, each.day) for each in again.nights] == [
        (1, DAYS[0]),
        (2, DAYS[3]),
        (3, DAYS[3]),
    ]
    assert [each.differing for each in again.nights] == [()] * 3
    assert [each.result["reviews"] for each in again.nights] == [9, 36, 45]


def test_a_day_that_was_never_run_is_played_on_what_was_known_then(short: Desk) -> None:
    again = replay(short, DAYS[1])
    assert [(each.number, each.day) for each in again.nights] == [(1, DAYS[0]), (None, DAYS[1])]
    assert again.nights[-1].result["reviews"] == 9
    with short.engine() as engine:
        past = [is_past(engine, short.workspace, day) for day in DAYS[:5]]
    assert past == [True, True, True, False, False]


def test_what_differs_and_what_cannot_be_done_again_is_said(short: Desk) -> None:
    record = stored_nights(short)[0]
    wrong = {**record.result, "reviews": 8, "sla": {**record.result["sla"], "cases": 99}}
    with short.engine() as engine, transaction(engine) as session:
        nights.put(session, short.workspace, replace(record, result=wrong))
        close(EditDesk(session, short.workspace, "spot/2026-01-01"), "T-0001", after(DAYS[3]))
    cases = record.result["sla"]["cases"]
    differing = (("reviews", 8, 9), ("sla.cases", 99, cases))
    assert replay(short, DAYS[0]).nights[-1].differing == differing
    with short.setup() as setup:
        import_by_hand(short, setup, "又闪退了", after(DAYS[5]))
    night(short, day=DAYS[4])
    assert replay(short, DAYS[4]).out_of_reach == (("theme_edits", 1), ("meanwhile", 3))
