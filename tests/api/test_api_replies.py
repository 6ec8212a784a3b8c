"""Replies over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from told_ticket import SAID, TICKET, TOLD, fill, move

from feedback_nlp.records import TicketState
from feedback_nlp.storage.database import transaction

Json = dict[str, Any]
BY: Json = {"author": "小李"}


@pytest.fixture
def told(client: TestClient, database: Engine) -> TestClient:
    """The application on a database with a verified ticket."""
    with transaction(database) as session:
        fill(session, "default")
    return client


def send(client: TestClient, method: str, path: str, status: int = 200, **body: Any) -> Json:  # noqa: ANN401 (any JSON)
    answer = client.request(method, f"/v1/{path}", json=body or None)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def test_the_story_of_one_ticket(told: TestClient) -> None:
    found = send(told, "GET", f"tickets/{TICKET}/audience?limit=2")
    assert [user["review"] for user in found["users"]] == list(TOLD[:2])
    assert (found["total"], found["footing"], found["version"]) == (3, "verdict", "8.2")
    assert found["users"][0] | {"at": None} == {
        "user": "U-1",
        "review": "R-2",
        "channel": "应用商店",
        "external_id": None,
        "rating": 1.0,
        "tier": "A",
        "severity": 2,
        "reviews": 2,
        "quote": SAID["R-2"][0],
        "at": None,
    }
    assert {"reason": "said_again", "users": 1} in found["left_out"]

    drafts = send(told, "GET", f"tickets/{TICKET}/replies?kind=service")["drafts"]
    assert [draft["template"] for draft in drafts] == ["service_sorry", "service", "service_sorry"]

    noted = send(told, "POST", "sends", 201, ticket=TICKET, reviews=["R-1"], **BY)
    assert (noted["left_out"], noted["again"]) == (0, False)
    (sent,) = noted["sends"]
    assert (sent["review"], sent["purpose"], sent["result"]) == ("R-2", "told", None)
    again = send(told, "POST", "sends", 201, ticket=TICKET, reviews=["R-1"], **BY)
    assert (again["sends"], again["again"]) == ([sent], True)
    send(told, "POST", "sends", 409, ticket=TICKET, reviews=["R-1"], author="小王")
    assert send(told, "POST", "sends", 201, ticket=TICKET, **BY)["sends"][1]["review"] == "R-3"
    log = send(told, "GET", f"sends?ticket={TICKET}&limit=1")
    assert (log["total"], log["sends"][0]["review"]) == (3, "R-3")

    due = send(told, "GET", "callbacks?as_of=2099-01-01")
    assert [(each["review"], each["day"]) for each in due["callbacks"]] == [
        (key, 30) for key in TOLD
    ]
    assert due["tally"]["satisfied_share"] is None
    call: Json = {"review": "R-2", "day": 30, "result": "satisfied", "text": "好了"}
    assert send(told, "POST", "callbacks", 201, **call, **BY)["purpose"] == "callback_30"
    send(told, "POST", "callbacks", 409, **call, author="小王")
    assert send(told, "GET", "callbacks")["tally"]["satisfied_share"]["n"] == 1


def test_an_opt_out_is_respected_at_once(told: TestClient) -> None:
    done = send(told, "POST", "opt-outs", 201, user="U-1", reason="邮件里说的", **BY)
    assert (done["user"], done["active"], done["reviews"]) == ("U-1", True, 2)
    assert send(told, "GET", f"tickets/{TICKET}/audience")["total"] == 2
    asked: Json = {"ticket": TICKET, "reviews": ["R-1", "R-4"], **BY}
    assert "1 位用户不愿收到" in send(told, "POST", "sends", 409, **asked)["detail"]
    assert send(told, "POST", "sends", 201, leave_out=True, **asked)["left_out"] == 1
    assert send(told, "GET", "opt-outs")["total"] == 1
    assert send(told, "DELETE", "opt-outs?user=U-1&author=小王")["active"] is False
    send(told, "DELETE", "opt-outs?user=U-1&author=小王", 404)
    send(told, "POST", "opt-outs", 422, **BY)


def test_before_a_fix_is_verified_nobody_is_told(told: TestClient, database: Engine) -> None:
    with transaction(database) as session:
        move(session, "default", TicketState.VERIFYING)
    refused = send(told, "GET", f"tickets/{TICKET}/replies", 409)
    assert "还没有验证有效，先不要通知用户" in refused["detail"]
    send(told, "POST", "sends", 409, ticket=TICKET, **BY)
    found = send(told, "GET", f"tickets/{TICKET}/replies?early=true")
    assert {draft["template"].split("_early")[0] for draft in found["drafts"]} == {
        "app_store",
        "service",
    }


def test_a_wording_is_set_and_a_wrong_one_refused(told: TestClient) -> None:
    path = "reply-templates/app_store"
    assert send(told, "PUT", path, text="见{version}", **BY)["text"] == "见{version}"
    assert "{x}" in send(told, "PUT", path, 422, text="{x}", **BY)["detail"]
    assert send(told, "PUT", path, text=None, **BY)["author"] is None
    texts = [each["text"] for each in send(told, "GET", f"{path}/history")["history"]]
    assert texts == [None, "见{version}"]
    assert len(send(told, "GET", "reply-templates")["templates"]) == 11


def test_a_release_note_is_for_everybody(told: TestClient) -> None:
    note = send(told, "GET", "release-notes?version=8.2")
    assert note["tickets"] == [TICKET]
    assert not any(text in note["text"] for text, _ in SAID.values())
    send(told, "GET", "release-notes?version=9", 404)
