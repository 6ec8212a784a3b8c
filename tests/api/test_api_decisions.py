"""Policy, efforts and votes over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from feedback_nlp.priority.policy import rows
from feedback_nlp.records import Policy

Json = dict[str, Any]
BY: Json = {"author": "小李", "reason": "评审定的"}


def send(client: TestClient, method: str, path: str, status: int = 200, **body: Any) -> Json:  # noqa: ANN401 (any JSON)
    answer = client.request(method, f"/v1/{path}", json=body or None)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def test_the_policy_lists_every_setting(client: TestClient) -> None:
    found = send(client, "GET", "policy")
    assert found["latest"] is None
    assert found["settings"] == [
        {"key": row.key, "value": row.value, "default": row.default, "meaning": row.meaning}
        for row in rows(Policy())
    ]


def test_a_change_of_the_policy_is_told_and_kept(client: TestClient) -> None:
    changes = {"reserve": 0.3, "tiers.A": "2", "board": "40,30,30"}
    changed = [
        {"key": "tiers.A", "before": "1.5", "after": "2"},
        {"key": "reserve", "before": "0.2", "after": "0.3"},
    ]
    assert send(client, "PATCH", "policy", changes=changes, **BY) == {"changes": changed}
    latest = send(client, "GET", "policy")["latest"]
    assert latest.pop("at").endswith("+08:00")
    assert latest == {"number": 1, "changes": changed, **BY}
    history = send(client, "GET", "policy/history")
    assert (history["total"], history["history"][0]["changes"]) == (1, changed)


def test_what_is_shown_can_be_sent_back(client: TestClient) -> None:
    shown = {row["key"]: row["value"] for row in send(client, "GET", "policy")["settings"]}
    assert send(client, "PATCH", "policy", changes=shown, **BY) == {"changes": []}
    assert send(client, "GET", "policy/history")["history"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"reserve": 0.3, "nothing": 1}, "nothing", id="no such setting"),
        pytest.param({"reserve": 0.3, "tiers.A": 101}, "0 到 100", id="too much"),
        pytest.param({"strategy.speed": 2}, "logistics.speed（配送时效）", id="half a code"),
    ],
)
def test_a_policy_changes_wholly_or_not_at_all(
    client: TestClient, changes: Json, message: str
) -> None:
    assert message in send(client, "PATCH", "policy", 422, changes=changes, **BY)["detail"]
    assert send(client, "GET", "policy")["latest"] is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"changes": {}, **BY}, id="no change"),
        pytest.param({"changes": {"reserve": True}, **BY}, id="neither number nor text"),
        pytest.param({"changes": {"reserve": 0.3}}, id="nobody"),
        pytest.param({"changes": {"reserve": 0.3}, "author": " "}, id="a blank author"),
        pytest.param({"changes": {"reserve": 0.3}, **BY, "at": "2026-01-01"}, id="an extra"),
    ],
)
def test_a_bad_request_changes_nothing(client: TestClient, body: Json) -> None:
    send(client, "PATCH", "policy", 422, **body)
    assert send(client, "GET", "policy")["latest"] is None


def test_an_estimate_counts_until_it_is_deleted(
    client: TestClient, planned: dict[str, str]
) -> None:
    path = f"themes/{planned['best']}/effort"
    found = send(client, "PUT", path, weeks=3, **BY)
    assert send(client, "GET", path) == found
    assert (found["id"], found["effort"]["source"]) == (planned["best"], "override")
    assert (found["effort"]["weeks"], found["effort"]["months"]) == (3, pytest.approx(3 / 4.35))
    (note,) = found["notes"]
    assert note.pop("at").endswith("+08:00")
    assert note == {"kind": "estimate", "weeks": 3, "ticket": None, **BY}
    left = send(client, "DELETE", f"{path}?author=小王")
    assert (left["effort"]["source"], left["notes"][1]["weeks"]) == ("default", None)
    assert left["notes"][1]["author"] == "小王"
    send(client, "DELETE", f"{path}?author=小王", 409)
    send(client, "DELETE", path, 422)


def test_what_tickets_took_becomes_the_history_of_their_topic(
    client: TestClient, planned: dict[str, str]
) -> None:
    for ticket, weeks in (("K-0001", 4), ("K-0002", 6)):
        found = send(client, "PUT", f"tickets/{ticket}/actual-effort", weeks=weeks, **BY)
        assert (found["ticket"], found["weeks"]) == (ticket, weeks)
    effort = send(client, "GET", f"themes/{planned['best']}/effort")["effort"]
    assert (effort["weeks"], effort["source"]) == (5, "history")


def test_a_ballot_takes_the_place_of_the_one_before(
    client: TestClient, planned: dict[str, str]
) -> None:
    path = f"themes/{planned['best']}/votes"
    assert send(client, "GET", path) == {"id": planned["best"], "votes": [], "board": None}
    send(client, "PUT", path, feasibility=8, novelty=6, **BY)
    found = send(client, "PUT", path, novelty=7, **BY)
    assert [(vote["criterion"], vote["points"]) for vote in found["votes"]] == [("novelty", 7)]
    assert found["board"]["score"] == 7
    assert found["board"]["criteria"] == [
        {"criterion": "novelty", "points": 7, "votes": 1, "weight": 1}
    ]
    assert send(client, "GET", path) == found
    assert send(client, "PUT", path, **BY)["votes"] == []
    send(client, "PUT", path, 409, **BY)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "themes/T-9999/effort", {}),
        ("PUT", "themes/T-9999/effort", {"weeks": 3, **BY}),
        ("DELETE", "themes/T-9999/effort?author=a", {}),
        ("GET", "themes/T-9999/votes", {}),
        ("PUT", "themes/T-9999/votes", {"novelty": 3, **BY}),
        ("PUT", "tickets/K-9999/actual-effort", {"weeks": 3, **BY}),
    ],
)
def test_what_is_not_there_is_404(client: TestClient, method: str, path: str, body: Json) -> None:
    send(client, method, path, 404, **body)


def test_a_merged_theme_is_a_conflict_that_names_the_other(
    client: TestClient, planned: dict[str, str]
) -> None:
    best, second = planned["best"], planned["second"]
    send(client, "POST", f"themes/{best}/merge", sources=[second])
    for path, body in (("effort", {"weeks": 3}), ("votes", {"novelty": 3})):
        problem = send(client, "PUT", f"themes/{second}/{path}", 409, **body, **BY)
        assert best in problem["detail"]


@pytest.mark.parametrize("weeks", [0, 521, None, "很多"])
def test_weeks_have_bounds(client: TestClient, planned: dict[str, str], weeks: object) -> None:
    send(client, "PUT", f"themes/{planned['best']}/effort", 422, weeks=weeks, **BY)
