"""The service level over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from late_complaints import NOW, WEEK, fill
from sqlalchemy import Engine

from api.dependencies import read_clock
from feedback_nlp.records import Taxonomy
from feedback_nlp.workflows.escalate import escalate_overdue

MODEL = "fake/2026-03-01"
BY: dict[str, Any] = {"author": "小李", "reason": "已补发"}


@pytest.fixture
def late(app: FastAPI, database: Engine, taxonomy: Taxonomy) -> Iterator[None]:
    """Fill the week and stop the clock on Monday morning."""
    fill(database, "default", model=MODEL)
    escalate_overdue(database, "default", model=MODEL, now=NOW, taxonomy=taxonomy)
    app.dependency_overrides[read_clock] = lambda: NOW
    yield
    app.dependency_overrides.clear()


@pytest.mark.usefixtures("late")
def test_figures_come_with_intervals(client: TestClient) -> None:
    found = client.get("/v1/sla").json()
    assert (found["first"], found["last"]) == ("2026-02-07T10:20:00+08:00", NOW.isoformat())
    whole = found["whole"]
    assert (whole["cases"], whole["answered"]["value"], whole["answered"]["n"]) == (6, 0.4, 5)
    assert whole["took"] == {"seconds": 3600.0, "business_seconds": 3600.0}
    counts = ("overdue", "soon", "escalated", "older", "undated", "listed_days")
    assert [found[name] for name in counts] == [2, 1, 5, 1, 1, 90]
    assert found["unknown_years"] == []
    row = next(row for row in found["rows"] if row["by"] == "tier" and row["name"] == "A")
    assert (row["cases"], row["answered"]) == (1, None)
    assert client.get("/v1/sla?days=200").json()["whole"]["cases"] == 7


@pytest.mark.usefixtures("late")
def test_cases_are_listed_by_urgency(client: TestClient) -> None:
    found = client.get("/v1/sla/overdue?limit=1&offset=1").json()
    (late,) = found.pop("entries")
    assert found == {
        "total": 2,
        "limit": 1,
        "offset": 1,
        "listed_days": 90,
        "older": 1,
        "unknown_years": [],
    }
    assert (late["review_id"], late["text"], late["setting"]) == ("late", "送得太慢", "sla.tiers.B")
    assert (late["due"], late["answer"]) == ("2026-03-07T13:30:00+08:00", "overdue")
    seconds = timedelta(hours=44, minutes=50).total_seconds()
    assert late["late"] == {"seconds": seconds, "business_seconds": 4800.0}
    assert (late["department"], late["escalated_at"]) == ("物流", None)
    assert client.get("/v1/sla/soon").json()["entries"][0]["late"]["business_seconds"] == -600.0


@pytest.mark.usefixtures("late")
def test_an_escalation_is_closed(client: TestClient) -> None:
    entries = client.get("/v1/sla/escalated").json()["entries"]
    assert [entry["review_id"] for entry in entries] == ["grave", "calm", "slow", "late", "soon"]
    assert entries[0]["escalated_at"] == NOW.isoformat()
    done = client.post("/v1/sla/slow/close", json=BY)
    assert done.status_code == 200
    assert done.json() == {
        "review_id": "slow",
        "at": NOW.isoformat(),
        "due": (WEEK + timedelta(hours=48)).isoformat(),
        "department": "未归类",
        "closed_by": "小李",
        "closed_at": NOW.isoformat(),
        "note": "已补发",
    }
    assert client.get("/v1/sla/escalated").json()["total"] == 4
    assert client.post("/v1/sla/slow/close", json=BY).status_code == 409
    assert client.post("/v1/sla/quick/close", json=BY).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/sla?days=0", "/v1/sla/late", "/v1/sla/soon?limit=0", "/v1/sla?mode=1"]
)
def test_questions_without_sense_are_refused(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 422


def test_nobody_closes_nothing(client: TestClient) -> None:
    assert client.post("/v1/sla/slow/close", json={"author": " "}).status_code == 422


@pytest.mark.usefixtures("late")
def test_an_answer_by_hand_counts_once(client: TestClient) -> None:
    body = BY | {"text": "已补发", "at": "2026-03-07T05:00:00Z", "result": "satisfied"}
    first = client.post("/v1/sla/late/answer", json=body)
    again = client.post("/v1/sla/late/answer", json=body)
    assert (first.status_code, again.json()) == (200, first.json())
    assert (first.json()["purpose"], first.json()["at"]) == ("answer", "2026-03-07T13:00:00+08:00")
    assert client.get("/v1/sla/overdue").json()["total"] == 1
    assert client.post("/v1/sla/none/answer", json=BY).status_code == 404
    early = BY | {"at": "2020-01-01T00:00:00Z"}
    assert client.post("/v1/sla/late/answer", json=early).status_code == 409
    future = BY | {"at": "2027-01-01T00:00:00Z"}
    assert client.post("/v1/sla/late/answer", json=future).status_code == 422
