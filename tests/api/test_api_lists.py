"""Lists with a cursor: what came in, what was decided, what a company knows of its customers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.records import (
    Customer,
    Exposure,
    Night,
    Order,
    Outcome,
    Quarantined,
    QuarantineReason,
    Rejected,
    Step,
    SurveyAnswer,
    Verdict,
)
from feedback_nlp.storage import (
    customers,
    exposure,
    imports,
    nights,
    orders,
    outcomes,
    quarantine,
    rejections,
    surveys,
)
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.imports import Origin

NOW = datetime(2026, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = "default"


@pytest.fixture
def stored(client: TestClient, database: Engine, planned: dict[str, str]) -> list[str]:
    """Three of everything; returns the ids of the reviews."""
    assert planned
    ids = [each["id"] for each in client.get("/v1/reviews").json()["items"]]
    with transaction(database) as session:
        for name in ("/srv/in/三月.xlsx!Sheet1", "b.csv", "c.csv"):
            number = imports.begin(session, HERE, Origin(name, "table", "app", {}), now=NOW)
            lines = [Rejected(n, "rating: 要在 1 到 5 之间", "电话13800138000") for n in (2, 3, 5)]
            rejections.add(session, HERE, name, lines, import_id=number, now=NOW)
        imports.finish(session, HERE, 1, now=NOW)
        held = [Quarantined(each, QuarantineReason.SPAM, "广告") for each in ids]
        quarantine.replace(session, HERE, held, now=NOW)
        people = [Customer(f"U{n}", "A", "广东", date(2025, 1, n)) for n in (1, 2, 3)]
        customers.add(session, HERE, people, now=NOW)
        bought = [Order(f"o{n}", "U1", NOW - n * DAY, 10.0) for n in (1, 2, 3)]
        orders.add(session, HERE, [*bought, Order("o9", "U2", NOW, 1.0)], now=NOW)
        answers = [SurveyAnswer(f"s{n}", "sms", NOW - n * DAY, nps=9) for n in (1, 2)]
        surveys.add(session, HERE, [*answers, SurveyAnswer("s3", "sms", csat=4)], now=NOW)
        days = [Exposure(NOW.date() - n * DAY, orders=100) for n in (1, 2, 3)]
        exposure.add(session, HERE, days, now=NOW)
        step = Step("import", done=True, figures={})
        night = Night(0, NOW.date(), NOW, "done", (("a.csv", "ff"),), (step,), {})
        for n in range(3):
            nights.add(session, HERE, replace(night, day=NOW.date() + n * DAY))
            told = Outcome("K-0001", "T-0001", Verdict.WORKED, NOW + n * DAY, (("比率", "0.5"),))
            outcomes.add(session, HERE, told)
    return ids


LISTS = {
    "/v1/imports?": "id",
    "/v1/imports/1/rejections?": "line",
    "/v1/quarantine?": "review_id",
    "/v1/nights?": "number",
    "/v1/customers?tier=A&": "id",
    "/v1/orders?author_id=U1&": "id",
    "/v1/surveys?": "id",
    "/v1/exposure?": "day",
    "/v1/outcomes?ticket=K-0001&": "number",
}


def walk(client: TestClient, path: str, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(f"{path}limit={limit}{cursor and f'&cursor={cursor}'}")
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
    return found


def test_lists_go_on_page_by_page(client: TestClient, stored: list[str]) -> None:
    assert stored
    for path, key in LISTS.items():
        whole = client.get(f"{path}limit=100").json()["items"]
        assert len({each[key] for each in whole}) == len(whole) == 3, path
        assert walk(client, path, 1) == walk(client, path, 2) == whole, path


def test_newest_come_first(client: TestClient, stored: list[str]) -> None:
    assert stored
    told = {path: [each[key] for each in walk(client, path, 9)] for path, key in LISTS.items()}
    assert told["/v1/imports?"] == told["/v1/nights?"] == [3, 2, 1]
    assert told["/v1/orders?author_id=U1&"] == ["o1", "o2", "o3"]
    assert told["/v1/surveys?"] == ["s1", "s2", "s3"]


def test_days_are_half_open(client: TestClient, stored: list[str]) -> None:
    assert stored
    days = "since=2026-03-07&until=2026-03-08&"
    assert [each["day"] for each in walk(client, f"/v1/exposure?{days}", 9)] == ["2026-03-07"]
    assert [each["id"] for each in walk(client, f"/v1/surveys?{days}", 9)] == ["s2"]


def test_an_import_names_its_file_and_masks_what_it_refused(
    client: TestClient, stored: list[str]
) -> None:
    assert stored
    found = client.get("/v1/imports/1").json()
    assert found["source"] == "三月.xlsx!Sheet1"
    assert found["finished_at"].endswith("+08:00")
    line = client.get("/v1/imports/1/rejections").json()["items"][0]
    assert line["raw"] == "电话" + "*" * 11
    for path in ("/v1/imports/9", "/v1/imports/9/rejections", "/v1/nights/9", "/v1/runs/x"):
        assert client.get(path).status_code == 404


def test_quarantine_is_decided_by_people(client: TestClient, stored: list[str]) -> None:
    one = stored[0]
    signed = {"author": "小李", "reason": "看过了", "review_ids": [one]}
    assert client.post("/v1/quarantine/release", json=signed).json() == {"reviews": 1}
    shown = client.get(f"/v1/quarantine/{one}").json()
    assert (shown["held"], shown["effective"], shown["decided_by"]) == (False, False, "小李")
    assert len(walk(client, "/v1/quarantine?", 9)) == 2
    assert len(walk(client, "/v1/quarantine?all=true&", 9)) == 3
    client.post("/v1/quarantine/hold", json=signed | {"quarantine_reason": "template"})
    assert client.get(f"/v1/quarantine/{one}").json()["reason"] == "template"
    client.post("/v1/quarantine/undecide", json=signed)
    assert client.get(f"/v1/quarantine/{one}").json()["held"] is None
    unknown = signed | {"review_ids": [one, "R-none"]}
    assert client.post("/v1/quarantine/release", json=unknown).status_code == 404
    assert client.get(f"/v1/quarantine/{one}").json()["held"] is None


def test_a_customer_has_a_segment_and_reviews(client: TestClient, stored: list[str]) -> None:
    assert stored
    client.post("/v1/reviews", json={"reviews": [{"text": "不错", "author_id": "U1"}]})
    found = client.get("/v1/customers/U1").json()
    assert (found["tier"], found["reviews"], found["segment"]) == ("A", 1, "potential")
    assert client.get("/v1/customers/U9").status_code == 404


def test_runs_and_the_summary_tell_the_latest(client: TestClient, stored: list[str]) -> None:
    assert stored
    [run] = client.get("/v1/runs").json()["items"]
    assert client.get(f"/v1/runs/{run['id']}").json() == run
    summary = client.get("/v1/reports/summary").json()
    assert summary["run"]["reviews"] == run["reviews"] == 3
    assert [each["id"] for each in summary["themes"]["themes"]] == ["T-0002", "T-0001"]
    assert summary["tickets"]["total"] == 2
