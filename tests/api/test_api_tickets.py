"""Tickets changed over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

Json = dict[str, Any]
BY: Json = {"author": "张三", "reason": "评审通过"}
pytestmark = pytest.mark.usefixtures("planned")


def send(client: TestClient, method: str, path: str, status: int = 200, **body: Any) -> Json:  # noqa: ANN401 (any JSON)
    answer = client.request(method, f"/v1/{path}", json=body or None)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def test_a_ticket_is_moved_assigned_edited_and_its_file_tells(client: TestClient) -> None:
    moved = send(client, "POST", "tickets/K-0001/move", to="已排期", expected_revision=0, **BY)
    assert (moved["state"], moved["revision"]) == ("已排期", 1)
    assigned = send(client, "POST", "tickets/K-0001/assign", owner="王五", **BY)
    assert (assigned["owner"], assigned["revision"]) == ("王五", 2)
    edited = send(client, "PATCH", "tickets/K-0001", due="2026-04-01", target=0.7, **BY)
    assert (edited["due"], edited["target"]) == ("2026-04-01", 0.7)
    assert edited["fixed"] == ["due", "target"]
    back = send(client, "PATCH", "tickets/K-0001", defaults=["target"], **BY)
    assert (back["target"], back["fixed"]) == (0.9, ["due"])
    said = send(
        client, "POST", "tickets/K-0001/comments", 201, author="王五", text="手机号13812345678"
    )
    assert said["detail"] == {"revision": "4", "text": "手机号***********"}
    found = send(client, "GET", "tickets/K-0001")
    assert found.items() >= back.items()
    assert found["moves"] == ["进行中", "待评估", "挂起", "不予实施"]
    assert (found["theme_name"], found["verdict"], found["releases"]) == ("物流慢", None, [])
    created, first, *_, last = found["history"]
    assert (created["kind"], created["author"]) == ("created", None)
    assert (first["author"], first["reason"]) == ("张三", "评审通过")
    assert (first["told"], first["at"][-6:]) == ("移动 待评估 → 已排期", "+08:00")
    assert last == said


def test_a_forbidden_move_answers_what_is_allowed(client: TestClient) -> None:
    found = send(client, "POST", "tickets/K-0001/move", 409, to="已发布", **BY)
    assert "可以移到：已排期、不予实施、挂起" in found["detail"]
    assert found["errors"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("POST", "/move", {"to": "进行中"}, id="move"),
        pytest.param("POST", "/assign", {"owner": "赵六"}, id="assign"),
        pytest.param("PATCH", "", {"title": "新题"}, id="edit"),
    ],
)
def test_what_somebody_else_changed_is_a_conflict_with_the_present_revision(
    client: TestClient, method: str, path: str, body: Json
) -> None:
    send(client, "POST", "tickets/K-0001/assign", owner="王五", **BY)
    before = send(client, "GET", "tickets/K-0001")
    found = send(client, method, f"tickets/K-0001{path}", 409, expected_revision=0, **body, **BY)
    assert "张三 分派负责人 无 → 王五" in found["detail"]
    assert found["errors"] == [{"field": "expected_revision", "message": "现在是 1"}]
    assert send(client, "GET", "tickets/K-0001") == before


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        pytest.param("POST", "/move", {"to": "挂起", "reason": ""}, "要写明原因", id="unexplained"),
        pytest.param("POST", "/move", {"to": "完成"}, "只能是", id="no such state"),
        pytest.param("POST", "/assign", {}, "负责人或责任部门", id="nobody"),
        pytest.param("PATCH", "", {"target": 0}, "要大于 0", id="no target"),
        pytest.param("PATCH", "", {"due": 20_000}, "应为日期", id="a number as a day"),
        pytest.param("PATCH", "", {"due": "明天"}, "应为日期", id="no day"),
        pytest.param("PATCH", "", {"defaults": ["owner"]}, "只能是", id="never drafted"),
        pytest.param("POST", "/comments", {"text": " ", "reason": None}, "字", id="no words"),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: TestClient, method: str, path: str, body: Json, message: str
) -> None:
    sent = {key: value for key, value in (BY | body).items() if value is not None}
    found = send(client, method, f"tickets/K-0001{path}", 422, **sent)
    assert message in found["detail"]


def test_lists_are_filtered_and_ordered(client: TestClient) -> None:
    send(client, "POST", "tickets/K-0001/assign", owner="王五", **BY)

    def ids(query: str) -> list[str]:
        return [each["id"] for each in send(client, "GET", f"tickets?{query}")["tickets"]]

    assert ids("order=due") == ["K-0001", "K-0002"]
    assert ids("owner=王五") == ids("theme=T-0001") == ["K-0001"]
    assert ids("owner=") == ["K-0002"]
    assert ids("overdue_on=2026-03-16") == ids("lane=yearly") == ids("department=客服") == []
    assert ids("overdue_on=2026-03-17&department=物流&lane=weekly") == ["K-0002", "K-0001"]


def test_the_week_tells_done_not_done_and_planned(client: TestClient) -> None:
    for state in ("进行中", "已发布"):
        send(client, "POST", "tickets/K-0002/move", to=state, **BY)
    send(client, "POST", "tickets/K-0001/comments", 201, author="王五", text="等接口")
    found = send(client, "GET", "progress")
    (week,) = found["departments"]
    (done,) = week["done"]
    assert (done["ticket"], done["to"], done["cured"], done["verdict"]) == (
        "K-0002",
        "已发布",
        False,
        None,
    )
    (late,) = week["unfinished"]
    assert (late["ticket"], late["reason"]["text"], late["postponed_from"]) == (
        "K-0001",
        "等接口",
        None,
    )
    old = send(client, "GET", "progress?week=2026-03-15")
    assert old["week"] == "2026-03-09"
    assert [each["ticket"] for each in old["departments"][0]["planned"]] == ["K-0001", "K-0002"]
