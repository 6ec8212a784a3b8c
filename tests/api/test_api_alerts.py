"""Alerts: those of the last days, a page at a time, in the shape of `themes.json`."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.records import Alert, AlertKind, Denominator, Quote, Spike
from feedback_nlp.reports.json_files import alert_dict
from feedback_nlp.storage import alerts
from feedback_nlp.storage.database import transaction

TODAY = date(2026, 3, 9)
SPIKE = Spike(7, 56, 12, 1.5, 8.0, 4.1, 15.9, 1e-9, 1e-7, 1.5, Denominator.EXPOSURE)


@pytest.fixture
def told(planned: dict[str, str], database: Engine) -> list[Alert]:
    """A spike of the best theme that goes on, and a review of nine days ago."""
    best = planned["best"]
    rising = Alert(AlertKind.SPIKE, best, TODAY - timedelta(days=1), TODAY, "12 条", spike=SPIKE)
    with transaction(database) as session:
        first = session.connection().exec_driver_sql("SELECT min(id) FROM reviews").scalar_one()
        day = TODAY - timedelta(days=9)
        burnt = Alert(
            AlertKind.SAFETY, first, day, day, "安全：起火", (Quote(first, 0, 2, "起火"),)
        )
        alerts.put(session, "default", [rising, burnt])
    return [rising, burnt]


def test_alerts_have_the_shape_of_the_file_and_the_name_of_their_theme(
    client: TestClient, told: list[Alert]
) -> None:
    answer = client.get("/v1/alerts").json()
    assert answer == {
        "alerts": [alert_dict(told[0]) | {"theme_name": "闪退", "new": False}],
        "as_of": "2026-03-09",
        "total": 1,
        "limit": 20,
        "offset": 0,
    }


def test_more_days_and_pages_can_be_asked_for(client: TestClient, told: list[Alert]) -> None:
    answer = client.get("/v1/alerts", params={"days": 10, "limit": 1, "offset": 1}).json()
    assert [alert["id"] for alert in answer["alerts"]] == [told[1].key]
    assert answer["alerts"][0]["theme_name"] is None
    assert answer["total"] == 2


def test_nothing_stored_has_no_alerts(client: TestClient) -> None:
    answer = client.get("/v1/alerts").json()
    assert (answer["alerts"], answer["as_of"], answer["total"]) == ([], None, 0)


@pytest.mark.parametrize("query", ["days=0", "days=36501", "days=x", "dayz=3"])
def test_questions_without_sense_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/alerts?{query}").status_code == 422
