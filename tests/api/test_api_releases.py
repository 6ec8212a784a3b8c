"""Releases and verification over HTTP."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.records import (
    Baseline,
    Comparison,
    Denominator,
    Relapse,
    Verdict,
    Verification,
)
from feedback_nlp.storage import verifications
from feedback_nlp.storage.database import transaction

RELEASE: dict[str, Any] = {
    "tickets": ["K-0002"],
    "released_at": "2026-03-01 20:30",
    "version": "8.2",
    "author": "小李",
    "reason": "上线",
}
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)
WORKED = Verification(
    ticket_id="K-0002",
    theme_id="T-0002",
    release=1,
    as_of=LAST,
    verdict=Verdict.WORKED,
    target=0.9,
    first=FIRST,
    last=LAST,
    count=3,
    denominator=Denominator.REVIEWS,
    dispersion=1.25,
    comparisons=(Comparison(Baseline.RECENT, FIRST, LAST, 56, 80, 20.0, 0.15, 0.05, 0.4),),
    controls=2,
    drift=1.0,
    spread=0.1,
    spike=(FIRST, LAST),
    final=True,
)


def test_a_release_is_noted_listed_and_rolled_back(
    client: TestClient, planned: dict[str, str]
) -> None:
    assert planned
    made = client.post("/v1/releases", json=RELEASE)
    assert made.status_code == 201
    body = made.json()
    assert body.pop("at").endswith("+08:00")
    assert body == {
        "id": 1,
        "tickets": ["K-0002"],
        "released_at": "2026-03-01T20:30:00+08:00",
        "version": "8.2",
        "share": 1.0,
        "group": None,
        "value": None,
        "full": True,
        "author": "小李",
        "reason": "上线",
        "withdrawn_by": None,
        "withdrawn_at": None,
        "states": {"K-0002": "已发布"},
        "moved": ["K-0002"],
    }
    assert client.post("/v1/releases", json=RELEASE).status_code == 409
    gone = client.post("/v1/releases/1/withdraw", json={"author": "小王", "reason": "崩溃"})
    assert (gone.status_code, gone.json()["states"]) == (200, {"K-0002": "进行中"})
    again = client.post("/v1/releases/1/withdraw", json={"author": "小王"})
    assert (again.status_code, again.json()["detail"]) == (409, "发布 1 已由 小王 撤回")
    wider = RELEASE | {"share": 0.1, "group": "region", "value": "广东", "tickets": ["K-0001"]}
    assert client.post("/v1/releases", json=wider | {"weeks": 2}).json()["full"] is False
    listed = client.get("/v1/releases").json()
    assert [each["id"] for each in listed["releases"]] == [2, 1]
    assert listed["releases"][1]["withdrawn_by"] == "小王"
    assert client.get("/v1/releases?ticket=K-0001").json()["total"] == 1


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        pytest.param({"released_at": "昨天"}, 422, "released_at：", id="when"),
        pytest.param({"share": 0}, 422, "share：要大于 0", id="nobody"),
        pytest.param({"tickets": []}, 422, "tickets：至少 1 项", id="no ticket"),
        pytest.param({"group": "tier"}, 422, "value：按 tier", id="which tier"),
        pytest.param({"tickets": ["K-0099"]}, 404, "K-0099", id="unknown ticket"),
        pytest.param({"author": " "}, 422, "author", id="nobody signed"),
    ],
)
def test_what_cannot_be_is_refused(
    client: TestClient, change: dict[str, Any], status: int, said: str
) -> None:
    answer = client.post("/v1/releases", json=RELEASE | change)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)


@pytest.mark.usefixtures("planned")
def test_what_verification_found_is_told_newest_first(client: TestClient, database: Engine) -> None:
    path = "/v1/tickets/K-0002/verification"
    nothing = client.get(path).json()
    assert (nothing["latest"], nothing["history"], nothing["state"]) == (None, [], "已排期")
    relapse = Relapse(LAST, FIRST, 5.5, 4.5, 9, 2.0)
    back = replace(WORKED, as_of=date(2026, 4, 1), verdict=Verdict.RELAPSED, relapse=relapse)
    with transaction(database) as session:
        for each in (WORKED, replace(back, comparisons=(), spike=None)):
            verifications.put(session, "default", each)
    found = client.get(f"{path}?limit=1").json()
    assert (found["total"], found["history"]) == (2, [found["latest"]])
    assert found["latest"]["sentence"].startswith("复发：2026-03-02 到 2026-03-15 有 9 条")
    assert found["latest"]["relapse"]["statistic"] == 5.5
    (worked,) = client.get(f"{path}?offset=1").json()["history"]
    assert worked["spike"] == {"first": "2026-03-02", "last": "2026-03-15"}
    assert worked["comparisons"][0]["high"] == 0.4
    assert worked["sentence"].startswith("有效：发布后 14 天里 3 条")
    assert client.get("/v1/tickets/K-0099/verification").status_code == 404
