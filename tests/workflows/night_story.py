"""Eight days of feedback of our own, and nights over them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from builders import NOW
from desk import Desk, write_csv

from feedback_nlp.records import Night
from feedback_nlp.storage import nights
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.job_lock import Holder
from feedback_nlp.workflows.import_files import Watch
from feedback_nlp.workflows.progress import Stage, no_stages
from feedback_nlp.workflows.replay_night import Replay, replay_night
from feedback_nlp.workflows.run_night import NightReport, Order, run_night
from feedback_nlp.workflows.setup import Setup

FIRST: Final = date(2026, 3, 1)
DAYS: Final = tuple(FIRST + timedelta(days=number) for number in range(8))
ME: Final = Holder("2026-06-01 09:00:00", 17, "rechner")
_SAID: Final = (
    "更新以后一打开就闪退",
    "配送太慢，等了两个小时",
    "退款一直没到账",
    "收不到登录验证码",
    "打开就闪退，重装也没用",
    "配送越来越慢，每次都超时",
    "首页一直卡，要转半天",
    "很喜欢，会一直用",
)
_FADES: Final = 5
"""From this day on nobody speaks of the first problem any more."""


def rows(day: date) -> list[dict[str, str]]:
    """Nine lines of one day; two of them are answered, one on the same day and one two days on."""
    number = (day - FIRST).days
    found = []
    for place in range(9):
        text = _SAID[(place * 3 + number) % len(_SAID)]
        if "闪退" in text and number >= _FADES:
            text = _SAID[-1]
        found.append(
            {
                "编号": f"N{number}-{place}",
                "时间": f"{day} {9 + place}:15",
                "用户": f"用户{(number * 9 + place) % 31}",
                "评分": "1" if place % 3 else "",
                "内容": f"{text}，第{place}次说了",
                "回复": "已转交同事" if place in {1, 4} else "",
                "回复时间": f"{day + timedelta(days=2 * (place == 4))} 22:00"
                if place in {1, 4}
                else "",
            }
        )
    return found


def every_row() -> list[dict[str, str]]:
    return [row for day in DAYS for row in rows(day)]


def write_day(folder: Path, day: date) -> Path:
    return write_csv(folder / f"{day}.csv", rows(day))


def whole_file(folder: Path) -> Path:
    return write_csv(folder / "全部.csv", every_row())


def night(
    desk: Desk,
    *sources: Path,
    day: date | None = None,
    now: datetime = NOW,
    again: bool = False,
    stage: Stage = no_stages,
    report: bool = False,
) -> NightReport:
    order = Order(sources, desk.out, day, again, report=report)
    with desk.setup() as setup:
        return ordered(setup, order, now=now, stage=stage)


def ordered(
    setup: Setup, order: Order, *, now: datetime = NOW, stage: Stage = no_stages
) -> NightReport:
    """Run a night; with the same setup again it need not prepare its statements anew."""
    told = Watch(stage=stage)
    return run_night(setup, order, clock=lambda: now.astimezone(UTC), me=ME, watch=told)


def replay(desk: Desk, day: date) -> Replay:
    with desk.setup() as setup:
        return replay_night(setup, day)


def stored_nights(desk: Desk) -> list[Night]:
    with desk.engine() as engine, reading(engine) as session:
        return nights.every(session, desk.workspace)
