"""Night after night over real reviews, and all of them again from the last state."""

import gzip
import json
import os
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.records import CHINA, Signature
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.storage.job_lock import Holder
from feedback_nlp.workflows.note_release import NewRelease, note_release
from feedback_nlp.workflows.replay_night import replay_night
from feedback_nlp.workflows.run_night import NightReport, Order, end_of, run_night
from feedback_nlp.workflows.setup import Setup

pytestmark = pytest.mark.soak
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
ALIPAY = DATA / "demo" / "alipay_appstore.jsonl.gz"
NIGHTS = int(os.environ.get("FEEDBACK_SOAK_DAYS", "60"))
LAST = date(2014, 10, 10)
TODAY = datetime(2026, 11, 22, tzinfo=CHINA)
DAYS = [LAST - timedelta(days=number) for number in reversed(range(NIGHTS))]
BEFORE = timedelta(days=7)
"""What came so long before the first night is there from the beginning."""
FIXED = datetime(2014, 9, 20, 12, 0, tzinfo=CHINA)
"""The failure of September 2014 was over."""


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    engine = open_database(f"sqlite:///{tmp_path / 'demo.db'}")
    return Setup(engine, "default", load_classifier("linear-zh"), load_taxonomy())


def write_reviews(path: Path) -> Path:
    first = f"{DAYS[0] - BEFORE}"
    with gzip.open(ALIPAY, "rt", encoding="utf-8") as lines:
        kept = [line for line in lines if json.loads(line)["date"][:10] >= first]
    path.write_text("".join(kept), encoding="utf-8")
    return path


def release(setup: Setup, report: NightReport) -> str:
    """Say after a night that the biggest of the themes with a ticket is fixed."""
    themes, tickets = report.night.result["themes"], report.night.result["tickets"]
    ticket_id: str = max(tickets, key=lambda each: themes[tickets[each][0]][1])
    signature = Signature("小李", end_of(report.night.day) + timedelta(hours=1), "新版本上架")
    with transaction(setup.engine) as session:
        note_release(session, setup.workspace, NewRelease((ticket_id,), FIXED), signature)
    return ticket_id


def test_every_night_over_the_demo_comes_out_again_as_it_was_recorded(
    setup: Setup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_reviews(tmp_path / "应用商店.jsonl")
    me, begin, ticket_id = Holder("", 1, ""), time.monotonic(), ""
    result: dict[str, Any] = {}
    for day in DAYS:
        order = Order([file], tmp_path / "out", day, report=day == LAST)
        report = run_night(setup, order, clock=lambda: TODAY, me=me)
        assert report.fault is None
        result = dict(report.night.result)
        if not ticket_id and day >= FIXED.date():
            ticket_id = release(setup, report)
    nights_s, begin = time.monotonic() - begin, time.monotonic()
    again = replay_night(setup, LAST)
    setup.engine.dispose()
    with capsys.disabled():
        print(  # noqa: T201 (the figure is what `make soak` is for)
            f"\n{NIGHTS} nights in {nights_s:.0f} s, replayed in {time.monotonic() - begin:.0f} s; "
            f"{result['reviews']} reviews, {len(result['themes'])} themes, {result['verdicts']}"
        )
    assert {each.day: each.differing for each in again.nights} == dict.fromkeys(DAYS, ())
    assert again.out_of_reach == ()
    assert ticket_id in result["verdicts"]
