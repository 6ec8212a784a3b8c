"""Whole runs over the real data in `../shared`."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from desk import AFTER_EXAMPLES, Desk
from run_agreement import assert_files_agree, read_opinions

from feedback_nlp.artifacts import load_classifier, load_taxonomy

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
ALIPAY = DATA / "demo" / "alipay_appstore.jsonl.gz"
CITIZEN = DATA / "demo" / "citizen_tickets.jsonl.gz"


@pytest.fixture(scope="module")
def alipay(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("alipay"), load_classifier(), load_taxonomy())
    desk.run(ALIPAY, now=AFTER_EXAMPLES)
    return desk


def _themes(desk: Desk) -> list[dict[str, Any]]:
    document = json.loads((desk.out / "themes.json").read_text("utf-8"))
    themes: list[dict[str, Any]] = document["themes"]
    return themes


def _is_the_incident(theme: dict[str, Any]) -> bool:
    said = [theme["name"], *theme["keywords"], *(quote["text"] for quote in theme["quotes"])]
    text = " ".join(said)
    biggest = max(theme["trend"], key=lambda week: int(week["count"]))
    return bool(
        re.search(r"ios\s*8", text, re.IGNORECASE)
        and re.search(r"登[录陆入不]|打不开|[用进]不了|无法使用", text)
        and biggest["week"] == "2014-09-15"
    )


def test_the_incident_of_september_2014_is_among_the_first_three(alipay: Desk) -> None:
    assert any(map(_is_the_incident, _themes(alipay)[:3]))


def test_all_reviews_are_there_and_all_files_agree(alipay: Desk) -> None:
    assert len(read_opinions(alipay.out)) == 2437
    assert_files_agree(alipay.out)


def test_running_again_changes_nothing(alipay: Desk) -> None:
    files, dump = alipay.files(), alipay.dump()
    (sheet,) = alipay.run(ALIPAY, now=AFTER_EXAMPLES.replace(day=9)).imports
    imported = sheet.report
    assert (imported.added, imported.revised, imported.unchanged) == (0, 0, 2437)
    assert alipay.files() == files
    assert alipay.dump() == dump


def test_long_citizen_tickets_run_through(tmp_path: Path) -> None:
    # The fast lane: 140,000 clauses, and this is about carrying them through, not about labels.
    desk = Desk(tmp_path, load_classifier("linear-zh"), load_taxonomy())
    report = desk.run(CITIZEN, now=AFTER_EXAMPLES)
    ids = [line["id"] for line in read_opinions(desk.out)]
    assert len(ids) == len(set(ids)) == report.data.run.reviews == 4326
    assert report.data.run.rejected == 0
    assert_files_agree(desk.out)
