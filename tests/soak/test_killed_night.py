"""A night killed at any moment, then begun again, ends where an undisturbed one does."""

import csv
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from databases import every_row
from zygote import Zygote, zygote

from feedback_nlp.storage.database import open_database
from feedback_nlp.storage.job_lock import Holder, only_one

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("FEEDBACK_SOAK_KILLS", "20"))
FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(KILLS)]
SEED = 8
SAID = (
    "更新以后一打开就闪退",
    "配送太慢，等了两个小时",
    "退款一直没到账",
    "收不到登录验证码",
    "客服一直没人理",
    "很喜欢，会一直用",
)


def write_rows(path: Path) -> Path:
    """Write some feedback of each day, with a line that cannot be read on each third one."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["编号", "时间", "用户", "评分", "内容"])
        for number, day in enumerate(DAYS):
            for place in range(12):
                text = f"{SAID[(number + place) % len(SAID)]}，第{place}次反馈了"
                user = f"用户{(number * 12 + place) % 37}"
                rating = 9 if place == number % 3 == 0 else place % 5 + 1
                table.writerow(
                    [f"N{number}-{place}", f"{day} 1{place % 10}:20", user, rating, text]
                )
    return path


@dataclass(frozen=True)
class Lived:
    """What nights left behind."""

    rows: list[str]
    files: dict[str, bytes]
    result: object
    durations: Sequence[Sequence[float]] = ()
    """Of each night, how long each of its steps took."""


@dataclass(frozen=True)
class Moment:
    """A moment of a night: after so many steps and so many seconds more."""

    steps: int
    seconds: float


def moment(durations: Sequence[float], share: float) -> Moment:
    """Return the moment at which this share of the time of all steps is over.

    A machine is not equally fast all the time, so the steps are counted and only the rest timed.
    """
    left = share * sum(durations)
    for steps, seconds in enumerate(durations):
        if left < seconds:
            return Moment(steps, left)
        left -= seconds
    return Moment(len(durations), 0.0)


@dataclass
class Watch:
    """Looks at the manifest of a night until the moment has come."""

    out: Path
    day: date
    moment: Moment
    since: float | None = None

    def __call__(self) -> bool:
        if self.since is None and len(steps_done(self.out, self.day)) >= self.moment.steps:
            self.since = time.monotonic()
        return self.since is not None and time.monotonic() - self.since >= self.moment.seconds


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with zygote(tmp_path_factory.mktemp("zygote") / "log") as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "反馈.csv")


def words(file: Path, url: str, out: Path, day: date) -> list[str]:
    """Return the command of a night; every third one writes a report, which takes the longest."""
    asked = ["nightly", str(file), "--db", url, "--out", str(out), "--as-of", str(day)]
    return asked if (day - FIRST).days % 3 == 2 else [*asked, "--no-report"]


def lived(url: str, out: Path) -> Lived:
    engine = open_database(url)
    rows = every_row(engine, without=("imports", "import_id"))
    engine.dispose()
    files = {path.name: path.read_bytes() for path in out.glob("[!.]*")}
    manifest = json.loads(files.pop("manifest.json"))
    return Lived(rows, files, manifest["result"])


def steps_done(out: Path, day: date) -> list[float]:
    """Return how long each step took that a night has behind it."""
    manifest = out / "manifest.json"
    found = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    if found.get("day") != str(day):
        return []
    return [step["seconds"] for step in found["steps"]]


@pytest.fixture(scope="module")
def undisturbed(process: Zygote, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("undisturbed")
    url, out = f"sqlite:///{folder / 'nights.db'}", folder / "out"
    durations = []
    for day in DAYS:
        begin = time.monotonic()
        ended = process.run(words(file, url, out, day))
        whole = time.monotonic() - begin
        assert ended.code == 3, ended
        _, *others = steps_done(out, day)
        durations.append([whole - sum(others), *others])  # with the first step the start
    return replace(lived(url, out), durations=durations)


def test_nights_killed_at_seeded_moments_leave_what_undisturbed_ones_do(
    process: Zygote,
    file: Path,
    undisturbed: Lived,
    database_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_database(database_url).dispose()
    out = tmp_path / "out"
    order = np.random.default_rng(SEED).permutation(KILLS)
    shares = (order + np.random.default_rng(SEED + 1).random(KILLS)) / KILLS
    killed = []
    for day, share, seconds in zip(DAYS, shares, undisturbed.durations, strict=True):
        asked = words(file, database_url, out, day)
        cut = process.run(asked, is_time=Watch(out, day, moment(seconds, float(share))))
        if cut.code < 0:
            killed.append(len(steps_done(out, day)))
        again = process.run(asked)
        assert again.code in ({0, 3} if cut.code < 0 else {0}), again
    with capsys.disabled():
        after = ", ".join(f"{number}" for number in sorted(killed))
        print(f"\n{len(killed)} of {KILLS} nights were killed, after so many steps: {after}")  # noqa: T201
    assert len(killed) > KILLS // 2
    assert len(set(killed)) > KILLS // 5, "killed at about one moment only"
    found = lived(database_url, out)
    assert (found.rows, found.files, found.result) == (
        undisturbed.rows,
        undisturbed.files,
        undisturbed.result,
    )


def test_a_second_night_at_the_same_time_leaves_with_a_message(
    process: Zygote, file: Path, database_url: str, tmp_path: Path
) -> None:
    engine = open_database(database_url)
    with only_one(engine, "default", Holder("2026-11-22 02:00:00", os.getpid(), "rechner")):
        ended = process.run(words(file, database_url, tmp_path / "out", FIRST))
    engine.dispose()
    assert ended.code == 1
    who = f"2026-11-22 02:00:00 起，主机 rechner，进程 {os.getpid()}"
    assert ended.said == f"错误：这个工作区的 nightly 正在运行（{who}）；请等它结束后再执行\n"
