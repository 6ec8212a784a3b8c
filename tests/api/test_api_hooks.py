"""Webhooks over HTTP: made, shown without their secrets, removed, tested, told once more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from callers import new_key
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.notifiers.target_guard import Guard
from feedback_nlp.records import Delivery, EventKind, Role
from feedback_nlp.storage import deliveries
from feedback_nlp.storage.database import transaction

PUBLIC = "93.184.215.14"


def resolve(host: str, _port: int) -> Sequence[str]:
    return ["10.0.0.1"] if "inside" in host else [PUBLIC]


@pytest.fixture(autouse=True)
def _no_dns(client: TestClient) -> None:
    client.app.state.webhook_guard = Guard(resolve=resolve)  # type: ignore[attr-defined] # a FastAPI


def make(client: TestClient, **fields: object) -> dict[str, object]:
    body = {"url": "https://hook.example.com/in"} | fields
    answer = client.post("/v1/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_the_secret_is_shown_once(client: TestClient) -> None:
    made = make(client)
    assert str(made["secret"]).startswith("whsec_")
    assert made["events"] == [kind.value for kind in EventKind]
    listed = client.get("/v1/webhooks")
    assert str(made["secret"]) not in listed.text
    assert listed.json()["items"] == [{k: v for k, v in made.items() if k != "secret"}]


def test_an_own_secret_and_some_events(client: TestClient) -> None:
    made = make(client, secret="s3cret-" * 5, events=["import.finished"])
    assert (made["secret"], made["events"]) == ("s3cret-" * 5, ["import.finished"])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"url": "https://inside.example.com/"}, "内部网络", id="a name inside"),
        pytest.param({"url": "http://hook.example.com/"}, "https", id="http"),
        pytest.param({"url": "https://169.254.169.254/"}, "内部网络", id="metadata"),
        pytest.param({"events": ["all"]}, "events", id="unknown event"),
        pytest.param({"secret": "short"}, "secret", id="short secret"),
        pytest.param({"more": 1}, "more", id="unknown field"),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: TestClient, fields: dict[str, object], named: str
) -> None:
    body = {"url": "https://hook.example.com/in"} | fields
    answer = client.post("/v1/webhooks", json=body)
    assert answer.status_code == 422
    assert named in answer.text


def test_only_admins_see_webhooks(client: TestClient) -> None:
    make(client)
    key = {"Authorization": f"Bearer {new_key(client, Role.MANAGER)}"}
    assert client.get("/v1/webhooks", headers=key).status_code == 403
    other = {"Authorization": f"Bearer {new_key(client, workspace='elsewhere')}"}
    assert client.get("/v1/webhooks", headers=other).json() == {"items": []}
    assert client.delete("/v1/webhooks/1", headers=other).status_code == 404
    assert client.get("/v1/webhooks/1/deliveries", headers=other).status_code == 404


def test_a_removed_webhook_is_gone(client: TestClient) -> None:
    make(client)
    assert client.delete("/v1/webhooks/1").status_code == 200
    assert client.get("/v1/webhooks").json() == {"items": []}
    assert client.delete("/v1/webhooks/1").status_code == 404


def test_deliveries_are_paged_and_can_be_sent_again(client: TestClient, database: Engine) -> None:
    make(client)
    at = datetime(2026, 3, 9, tzinfo=UTC)
    one = Delivery(1, "alert.raised:spike/T-0001/2026-03-09", EventKind.ALERT_RAISED, {"a": 1}, at)
    many = [one, *(replace(one, event_id=f"import.finished:{n}") for n in range(3))]
    with transaction(database) as session:
        deliveries.add(session, "default", many)
    first = client.get("/v1/webhooks/1/deliveries", params={"limit": 3}).json()
    rest = client.get(
        "/v1/webhooks/1/deliveries", params={"limit": 3, "cursor": first["next_cursor"]}
    ).json()
    ids = [each["event_id"] for each in first["items"] + rest["items"]]
    assert ids == sorted((each.event_id for each in many), reverse=True)
    assert {each["state"] for each in first["items"]} == {"given_up"}
    again = client.post(f"/v1/webhooks/1/deliveries/{one.event_id}/retry")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert client.post("/v1/webhooks/1/deliveries/nothing/retry").status_code == 404


def test_a_ping_says_what_came_back(client: TestClient) -> None:
    make(client, url="https://hook.example.com:1024/")
    client.app.state.webhook_guard = Guard(resolve=lambda _h, _p: ["10.9.9.9"])  # type: ignore[attr-defined] # a FastAPI
    answer = client.post("/v1/webhooks/1/test")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["delivered"], told["status"]) == (False, None)
    assert "内部网络" in told["fault"]
