"""A night: one run that can be killed and repeated, for today or for a day of the past."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, SpotClassifier
from desk import Desk, NewDatabase, write_csv, write_text
from night_story import DAYS, ME, night, rows, stored_nights, whole_file, write_day
from run_agreement import assert_files_agree

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.errors import InputError, StorageError
from feedback_nlp.names import NIGHT_STEP
from feedback_nlp.records import Customer, Exposure, Order, Reply, Review, SurveyAnswer, UsageEvent
from feedback_nlp.storage.job_lock import Holder, only_one
from feedback_nlp.workflows.known_by import known_by
from feedback_nlp.workflows.night_inputs import gather
from feedback_nlp.workflows.progress import Progress

TODAY = NOW.date()
STAGES = tuple(NIGHT_STEP.values())[1:]


class PowerCutError(Exception):
    """Comes from outside, at any moment."""


@pytest.fixture
def desk(tmp_path: Path, new_database: NewDatabase) -> Desk:
    """Most of a night is the same for every model."""
    return Desk(tmp_path, SpotClassifier(), load_taxonomy(), new_database=new_database)


@pytest.fixture
def sqlite_desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, SpotClassifier(), load_taxonomy())


def test_a_night_goes_all_the_way_and_says_so(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    file = write_csv(desk.root / "a.csv", [*rows(DAYS[0]), rows(DAYS[0])[0] | {"时间": "前天"}])
    done = night(desk, file, report=True)
    manifest = json.loads(done.manifest.read_text("utf-8"))
    assert [step["name"] for step in manifest["steps"]] == list(NIGHT_STEP)
    assert all(step["done"] and step["seconds"] is not None for step in manifest["steps"])
    assert (manifest["state"], manifest["attempts"], manifest["fault"]) == ("done", 1, None)
    assert manifest["inputs"][0]["name"] == "a.csv"
    assert manifest["versions"]["model"] == desk.classifier.version
    assert manifest["result"] == done.night.result
    assert (done.rejected, done.night.result["reviews"]) == (1, 9)
    (stored,) = stored_nights(desk)
    assert stored == done.night
    assert stored.finished_at is not None
    for name in ("feedback.db", "manifest.json"):
        (desk.out / name).unlink(missing_ok=True)
    assert_files_agree(desk.out)


def test_nothing_new_is_nothing_to_do(desk: Desk) -> None:
    inbox = desk.root / "收件箱"
    write_day(inbox, DAYS[0])
    first = night(desk, inbox)
    dump = desk.dump()
    later = NOW + timedelta(hours=3)
    second = night(desk, inbox, now=later)
    assert (second.fresh, second.night) == (False, first.night)
    assert desk.dump() == dump
    first.manifest.write_text(first.manifest.read_text("utf-8").replace('"done"', '"running"'))
    assert night(desk, inbox, now=later).fresh is False
    assert json.loads(first.manifest.read_text("utf-8"))["state"] == "done"
    write_day(inbox, DAYS[1])
    third = night(desk, inbox, now=later)
    assert (third.fresh, third.night.number, third.night.result["reviews"]) == (True, 2, 18)
    skipped = {file["name"]: file["skipped"] for file in third.night.steps[0].figures["files"]}
    assert skipped == {f"{DAYS[0]}.csv": True, f"{DAYS[1]}.csv": False}
    again = night(desk, inbox, now=later + timedelta(hours=1), again=True)
    assert (again.night.number, again.night.result["digest"]) == (3, third.night.result["digest"])


def test_a_folder_gives_its_files_by_name_once_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl", ".verborgen.csv", "~$offen.xlsx", "lies.md"):
        write_text(tmp_path / name, name)
    (tmp_path / "unter").mkdir()
    write_text(tmp_path / "unter" / "c.csv", "内容", "慢")
    assert [file.path.name for file in gather([tmp_path])] == ["a.jsonl", "b.csv"]
    with pytest.raises(InputError, match="只给一个"):
        gather([tmp_path, tmp_path / "b.csv"])
    with pytest.raises(InputError, match="没有这个文件"):
        gather([tmp_path / "c.csv"])


@contextmanager
def _quiet(_name: str, _total: int | None) -> Iterator[Progress]:
    yield lambda _done: None


def test_a_night_cut_off_in_every_step_ends_like_one_that_was_not(desk: Desk) -> None:
    file = whole_file(desk.root)
    steps = (f"导入 {file.name}", *STAGES)
    undisturbed = desk.at("ungestört")
    undisturbed.root.mkdir()
    expected = night(undisturbed, file, day=DAYS[-1], report=True)
    for number, name in enumerate(steps):
        error = StorageError("磁盘已满") if number % 2 else PowerCutError()

        @contextmanager
        def cut(
            stage: str, total: int | None, name: str = name, error: Exception = error
        ) -> Iterator[Progress]:
            if stage == name:
                raise error
            with _quiet(stage, total) as progress:
                yield progress

        if number % 2:
            failed = night(desk, file, day=DAYS[-1], stage=cut, report=True)
            assert (failed.night.state, failed.fault) == ("failed", "磁盘已满")
        else:
            with pytest.raises(PowerCutError):
                night(desk, file, day=DAYS[-1], stage=cut, report=True)
        (stored,) = stored_nights(desk)
        assert [step.done for step in stored.steps] == [True] * number + [False] * (number % 2)
    done = night(desk, file, day=DAYS[-1], report=True)
    assert json.loads(done.manifest.read_text("utf-8"))["attempts"] == len(steps) + 1
    assert done.night == expected.night
    assert desk.dump() == undisturbed.dump()
    for each in (desk, undisturbed):
        (each.out / "manifest.json").unlink()
    assert desk.files() == undisturbed.files()


def test_a_night_of_another_day_leaves_an_interrupted_one_as_failed(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    file = write_day(desk.root, DAYS[0])

    @contextmanager
    def cut(stage: str, total: int | None) -> Iterator[Progress]:
        if stage == NIGHT_STEP["plan"]:
            raise PowerCutError
        with _quiet(stage, total) as progress:
            yield progress

    with pytest.raises(PowerCutError):
        night(desk, file, stage=cut)
    night(desk, file, now=NOW + timedelta(days=1))
    assert [(each.day, each.state) for each in stored_nights(desk)] == [
        (TODAY, "failed"),
        (TODAY + timedelta(days=1), "done"),
    ]


def test_another_model_does_not_go_on_where_one_was_interrupted(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    file = write_day(desk.root, DAYS[0])
    first = night(desk, file)
    other = replace(desk, classifier=SpotClassifier("spot/2026-02-02"))
    second = night(other, file)
    assert (second.fresh, second.night.number) == (True, first.night.number + 1)


def test_a_day_that_is_not_over_cannot_be_played(sqlite_desk: Desk) -> None:
    with pytest.raises(InputError, match="只能是已经过完的一天"):
        night(sqlite_desk, day=TODAY)


def test_an_unreadable_file_fails_the_night_and_is_named(sqlite_desk: Desk) -> None:
    good = write_day(sqlite_desk.root, DAYS[0])
    bad = write_text(sqlite_desk.root / "z.csv", "编号,评分", "1,5")
    done = night(sqlite_desk, good, bad)
    assert done.fault is not None
    assert "z.csv" in done.fault
    assert done.night.steps[-1].figures == {"error": "InputError"}


def test_only_one_night_runs_in_a_workspace(desk: Desk) -> None:
    file = write_day(desk.root, DAYS[0])
    other = Holder("2026-06-01 02:00:00", 4711, "nachtrechner")
    with desk.engine() as engine, only_one(engine, desk.workspace, other):
        with pytest.raises(StorageError, match=r"02:00:00 起，主机 nachtrechner，进程 4711"):
            night(desk, file)
        assert stored_nights(desk) == []
        assert night(replace(desk, workspace="andere"), file).night.state == "done"
    assert night(desk, file).night.state == "done"
    with desk.engine() as engine, only_one(engine, desk.workspace, ME):
        pass


MOMENT = NOW
LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "arrival",
    [
        Review("r", "c", "慢", created_at=LATER),
        SurveyAnswer("s", "c", answered_at=LATER),
        UsageEvent("u", "a", "open", happened_at=LATER),
        Exposure(day=LATER.date()),
        Customer("c", since=LATER.date()),
        Order("o", "a", ordered_at=LATER, amount=1.0),
    ],
    ids=lambda arrival: type(arrival).__name__,
)
def test_what_came_later_was_not_there(arrival: Review) -> None:
    assert known_by(arrival, MOMENT) is None
    assert known_by(arrival, LATER) is arrival


def test_what_was_answered_later_was_not_answered_yet() -> None:
    early, late, untimed = Reply("好的", MOMENT), Reply("修好了", LATER), Reply("收到")
    review = Review("r", "c", "慢", replies=(early, late, untimed), resolved_at=LATER)
    known = known_by(review, MOMENT)
    assert known == replace(review, replies=(early, untimed), resolved_at=None)
    assert known_by(review, LATER) is review
    assert known_by(Customer("c"), MOMENT) == Customer("c")
