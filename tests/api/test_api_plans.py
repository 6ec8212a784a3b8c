"""Priorities and the plan over HTTP: the numbers of the file, a page at a time."""

from datetime import date

import pytest
from builders import NOW
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.records import (
    Lane,
    Load,
    OrderChange,
    PlanRecord,
    Schedule,
    Slot,
    Waiting,
)
from feedback_nlp.reports.json_files import priority_dict
from feedback_nlp.storage import plans, priorities
from feedback_nlp.storage.database import reading, transaction


def test_priorities_are_those_stored_best_first(
    client: TestClient, planned: dict[str, str], database: Engine
) -> None:
    answer = client.get("/v1/priorities").json()
    with reading(database) as session:
        stored = priorities.every(session, "default")
    assert answer["total"] == len(stored) == len(answer["priorities"])
    assert [each["rank"] for each in answer["priorities"]] == list(range(1, len(stored) + 1))
    assert answer["priorities"][0]["theme"] == planned["best"]
    assert [each["priority"] for each in answer["priorities"]] == list(map(priority_dict, stored))


def test_a_page_keeps_the_ranks_of_all(client: TestClient, planned: dict[str, str]) -> None:
    assert planned
    (only,) = client.get("/v1/priorities?limit=1&offset=1").json()["priorities"]
    assert only["rank"] == 2


@pytest.mark.parametrize("quadrant", ["quick_win", "strategic", "fill_in", "defer"])
def test_one_quadrant(client: TestClient, planned: dict[str, str], quadrant: str) -> None:
    assert planned
    every = client.get("/v1/priorities?limit=100").json()["priorities"]
    some = client.get(f"/v1/priorities?limit=100&quadrant={quadrant}").json()
    wanted = [each for each in every if each["priority"]["quadrant"] == quadrant]
    assert (some["priorities"], some["total"]) == (wanted, len(wanted))


def test_the_plan_is_the_one_made_last(
    client: TestClient, planned: dict[str, str], database: Engine
) -> None:
    day = date(2026, 3, 9)
    made = Schedule(
        slots=(Slot("K-0001", planned["best"], Lane.WEEKLY, 2.0, day, "排入每周修复"),),
        waiting=(Waiting("K-0002", "T-0001", Lane.MONTHLY, 4.0, "月度更新已排满"),),
        loads=(Load(Lane.WEEKLY, 2.4, 2.0, day),),
        gap=0.001,
    )
    change = OrderChange(2, -1.0, ((planned["best"], 2, 1),))
    with transaction(database) as session:
        for number, compared in ((1, None), (2, change)):
            record = PlanRecord(number, day, NOW, (), made, compared)
            plans.add(session, "default", record)
    answer = client.get("/v1/plan").json()
    assert (answer["number"], answer["as_of"], answer["gap"]) == (2, "2026-03-09", 0.001)
    assert answer["change"] == {
        "compared": 2,
        "tau": -1.0,
        "moves": [{"theme": planned["best"], "before": 2, "now": 1}],
    }
    assert answer["loads"] == [
        {"lane": "weekly", "capacity": 2.4, "used": 2.0, "until": "2026-03-09"}
    ]
    (slot,), (waiting,) = answer["slots"], answer["waiting"]
    assert (slot["ticket"], slot["due"], slot["reason"]) == ("K-0001", "2026-03-09", "排入每周修复")
    assert (waiting["ticket"], waiting["due"], waiting["weeks"]) == ("K-0002", None, 4.0)
    assert slot["title"]


def test_before_any_plan_there_is_none(client: TestClient) -> None:
    answer = client.get("/v1/plan")
    assert answer.status_code == 404
    assert "plan" in answer.json()["detail"]
