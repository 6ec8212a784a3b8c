"""Scores, drivers and targets over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.records import SurveyAnswer
from feedback_nlp.storage import surveys
from feedback_nlp.storage.database import transaction

TODAY = datetime(2026, 3, 9, 4, tzinfo=UTC)
TARGET: dict[str, Any] = {
    "metric": "nps",
    "value": 60,
    "first": "2026-03-01",
    "last": "2026-03-31",
    "author": "小李",
    "reason": "春季",
}


@pytest.fixture
def answered(planned: dict[str, str], database: Engine) -> dict[str, str]:
    """Eleven questionnaires of March, three of them of people who say that it crashes."""
    with transaction(database) as session:
        query = "SELECT review_id FROM theme_members WHERE theme_id = 'T-0002' ORDER BY 1 LIMIT 1"
        said = session.connection().exec_driver_sql(query).scalar_one()
        made = [
            SurveyAnswer(
                f"S-{n:02}",
                "问卷",
                TODAY - timedelta(days=n % 5),
                nps=0 if n < 3 else 9,
                csat=1 if n < 3 else 4,
                review_id=said if n < 3 else None,
            )
            for n in range(11)
        ]
        surveys.add(session, "default", made, now=TODAY)
    return planned


def test_nothing_stored_has_no_scores(client: TestClient) -> None:
    answer = client.get("/v1/satisfaction").json()
    assert (answer["first"], answer["last"], answer["by"]) == (None, None, "month")
    assert [score["now"] for score in answer["scores"]] == [None] * 4
    drivers = client.get("/v1/satisfaction/drivers").json()
    assert (drivers["score"], drivers["drivers"], drivers["total"]) == (None, [], 0)


@pytest.mark.usefixtures("answered")
def test_scores_come_with_interval_and_trend(client: TestClient) -> None:
    answer = client.get("/v1/satisfaction?by=week&days=10&metric=csat").json()
    assert (answer["first"], answer["last"]) == ("2026-02-28", "2026-03-09")
    (score,) = answer["scores"]
    assert (score["metric"], score["now"]["value"], score["now"]["n"]) == ("csat", 8 / 11, 11)
    assert score["now"]["low"] < 8 / 11 < score["now"]["high"]
    assert score["mean"]["value"] == pytest.approx(35 / 11)
    assert [point["first"] for point in score["trend"]] == [
        "2026-02-23",
        "2026-03-02",
        "2026-03-09",
    ]
    assert score["trend"][0]["score"] is None
    assert score["trend"][2]["to_previous"]["beyond_chance"] is False


def test_drivers_name_their_theme(client: TestClient, answered: dict[str, str]) -> None:
    answer = client.get("/v1/satisfaction/drivers?metric=nps&days=30").json()
    (driver,) = answer["drivers"]
    assert (driver["theme"], driver["theme_name"]) == (answered["best"], "闪退")
    assert (driver["without"], driver["answers"]) == (100.0, 3)
    assert driver["drop"] == pytest.approx(100 - answer["score"]["value"])
    assert driver["low"] <= driver["drop"] <= driver["high"]


@pytest.mark.usefixtures("answered")
def test_a_target_is_set_compared_and_withdrawn(client: TestClient) -> None:
    made = client.post("/v1/targets", json=TARGET)
    assert made.status_code == 201
    body = made.json()
    assert body.pop("at").endswith("+08:00")
    assert body == TARGET | {"id": 1, "value": 60.0}
    listed = client.get("/v1/targets").json()
    (target,) = listed["targets"]
    assert (listed["as_of"], listed["total"]) == ("2026-03-09", 1)
    assert (target["standing"], target["elapsed"]) == ("unclear", 9 / 31)
    assert target["gap"] == pytest.approx(500 / 11 - 60)
    assert [cause["theme_name"] for cause in target["causes"]] == ["闪退"]
    assert client.delete("/v1/targets/1?author=小王").json()["author"] == "小李"
    assert client.get("/v1/targets").json()["targets"] == []
    assert client.delete("/v1/targets/1?author=小王").status_code == 409
    assert client.delete("/v1/targets/2?author=小王").status_code == 404


def test_the_same_target_twice_contradicts(client: TestClient) -> None:
    client.post("/v1/targets", json=TARGET)
    again = client.post("/v1/targets", json=TARGET | {"value": 1})
    assert again.status_code == 409
    assert "已有目标 1" in again.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"value": 101}, id="above every scale"),
        pytest.param({"metric": "csat", "value": 85}, id="csat in percent"),
        pytest.param({"last": "2026-02-01"}, id="ends before it begins"),
        pytest.param({"last": "2036-02-01"}, id="ten years"),
        pytest.param({"author": " "}, id="nobody"),
        pytest.param({"author": "\u0000"}, id="NUL"),
        pytest.param({"reason": "\u0000"}, id="NUL in the reason"),
        pytest.param({"metric": "ces"}, id="no such metric"),
        pytest.param({"more": 1}, id="an extra"),
    ],
)
def test_targets_without_sense_are_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    assert client.post("/v1/targets", json=TARGET | wrong).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/v1/satisfaction?by=day",
        "/v1/satisfaction?days=0",
        "/v1/satisfaction?days=1831",
        "/v1/satisfaction?metric=ces",
        "/v1/satisfaction/drivers?limit=0",
        "/v1/satisfaction?mode=1",
    ],
)
def test_questions_without_sense_are_refused(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 422
