"""Every error has one shape, speaks Chinese and says what to do."""

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.exceptions import HTTPException

from api.app import MAX_BODY, create_app
from api.errors import STATUS
from api.reasons import REASONS, field_path, reason
from feedback_nlp import errors
from feedback_nlp.errors import ArtefactError, FeedbackError, InputError, StorageError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy
from feedback_nlp.settings import Settings

HAN = re.compile(r"[\u4e00-\u9fff]")
JSON = {"content-type": "application/json"}


def leaves(kind: type[FeedbackError]) -> list[type[FeedbackError]]:
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in leaves(child)] if children else [kind]


LEAVES = [leaf for leaf in leaves(FeedbackError) if leaf.__module__ == errors.__name__]


def check_problem(answer: Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert HAN.search(body["title"])
    assert HAN.search(body["detail"])
    for fault in body["errors"]:
        assert list(fault) == ["field", "message"]
        assert HAN.search(fault["message"])
    return body


def test_every_leaf_of_the_error_tree_has_a_status_and_nothing_else_has() -> None:
    assert set(STATUS) == set(LEAVES)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_our_errors_become_problems(leaf: type[FeedbackError], app: FastAPI) -> None:
    @app.get("/raise")
    def raise_it() -> None:
        raise leaf("主题 T-9 不能这样")

    check_problem(TestClient(app).get("/raise"), STATUS[leaf])


@pytest.mark.parametrize("leaf", [ArtefactError, StorageError], ids=lambda leaf: leaf.__name__)
def test_paths_and_addresses_go_to_the_log_and_not_to_strangers(
    leaf: type[FeedbackError], app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/raise")
    def raise_it() -> None:
        raise leaf("数据库 sqlite:////srv/secret.db 无法打开")

    with caplog.at_level(logging.ERROR):
        answer = TestClient(app).get("/raise")
    assert "secret" not in answer.text
    assert "secret" in caplog.text


def test_bug_is_a_problem_without_its_message(app: FastAPI) -> None:
    @app.get("/raise")
    def raise_it() -> None:
        raise ZeroDivisionError("secret")

    body = check_problem(TestClient(app, raise_server_exceptions=False).get("/raise"), 500)
    assert "secret" not in body["detail"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/v1/reviews/R-0", id="review"),
        pytest.param("/v1/reviews/'%20OR%201=1%20--", id="SQL in an id"),
        pytest.param("/v1/reviews/%00", id="NUL in an id"),
        pytest.param("/v1/reviews/%ff%fe", id="broken UTF-8 in an id"),
        pytest.param("/v1/themes/T-9999", id="theme"),
        pytest.param("/v1/themes/T-9999/opinions", id="opinions of a theme"),
        pytest.param("/v1/tickets/K-9999", id="ticket"),
        pytest.param("/v2/reviews", id="path"),
        pytest.param("/docs", id="documentation page that would load a CDN"),
        pytest.param("/redoc", id="other documentation page"),
        pytest.param("/v1/themes/%2e%2e%2f%2e%2e%2fetc%2fpasswd", id="path traversal"),
    ],
)
def test_unknown_is_404(path: str, client: TestClient) -> None:
    body = check_problem(client.get(path), 404)
    assert body["errors"] == []


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/reviews", "GET, POST"),
        ("DELETE", "/v1/reviews/R-0", "GET"),
        ("POST", "/v1/themes", "GET"),
        ("PUT", "/healthz", "GET"),
    ],
)
def test_wrong_method_is_405_and_names_the_right_one(
    method: str, path: str, allowed: str, client: TestClient
) -> None:
    answer = client.request(method, path)
    assert allowed in check_problem(answer, 405)["detail"]
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="unfinished"),
        pytest.param(b"{'reviews': []}", id="Python instead of JSON"),
        pytest.param(b"\xff\xfe{}", id="not UTF-8"),
        pytest.param('{"reviews": [{"text": "好"}]}'.encode("gb18030"), id="GB18030"),
        pytest.param(b'{"reviews": ' + b"[" * 100_000, id="nested too deeply"),
        pytest.param(b'{"reviews": [{"likes": ' + b"9" * 5_000 + b"}]}", id="endless number"),
    ],
)
def test_body_that_is_no_json_is_400(body: bytes, client: TestClient) -> None:
    check_problem(client.post("/v1/reviews", content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(b"", "", id="no body"),
        pytest.param(b"null", "", id="null"),
        pytest.param(b"[]", "", id="array"),
        pytest.param(b"{}", "reviews", id="no reviews"),
        pytest.param(b'{"reviews": null}', "reviews", id="reviews are null"),
        pytest.param(b'{"reviews": {}}', "reviews", id="reviews are an object"),
        pytest.param(b'{"reviews": []}', "reviews", id="no review"),
        pytest.param(b'{"reviews": [{"text": "a"}], "x": 1}', "x", id="extra field"),
        pytest.param(b'{"reviews": [{"text": "a"}], "\\ud83d": 1}', "", id="broken name"),
    ],
)
def test_body_of_another_shape_is_422_and_names_the_field(
    body: bytes, field: str, client: TestClient
) -> None:
    found = check_problem(client.post("/v1/reviews", content=body, headers=JSON), 422)
    assert [fault["field"] for fault in found["errors"]] == [field]
    assert field in found["detail"]


def test_forgotten_content_type_is_explained(client: TestClient) -> None:
    answer = client.post("/v1/reviews", content=b'{"reviews": []}')
    assert "content-type" in check_problem(answer, 422)["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999999", "offset"),
        ("page=2", "page"),
        ("state=open", "state"),
    ],
)
def test_bad_query_is_422_and_names_the_parameter(
    query: str, field: str, client: TestClient
) -> None:
    body = check_problem(client.get(f"/v1/tickets?{query}"), 422)
    assert [fault["field"] for fault in body["errors"]] == [field]


def test_states_to_choose_from_are_listed(client: TestClient) -> None:
    assert "待评估、已排期" in client.get("/v1/tickets?state=open").json()["detail"]


def test_id_that_is_too_long_is_422(client: TestClient) -> None:
    check_problem(client.get(f"/v1/reviews/{'R' * 65}"), 422)


def test_long_lists_of_faults_are_cut_and_counted(client: TestClient) -> None:
    body = {"reviews": [{"text": "好"}]} | {f"x{n}": 1 for n in range(150)}
    found = check_problem(client.post("/v1/reviews", json=body), 422)
    assert len(found["errors"]) == 100
    assert "另有 149 处" in found["detail"]


def test_body_that_says_it_is_too_large_is_refused_unread(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield pytest.fail("the body was read")  # pragma: no cover

    headers = JSON | {"content-length": str(MAX_BODY + 1)}
    answer = client.post("/v1/reviews", content=chunks(), headers=headers)
    assert "20 MB" in check_problem(answer, 413)["detail"]


def test_body_that_turns_out_too_large_is_refused(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 1_000_000 + 1):
            yield b" " * 1_000_000

    answer = client.post("/v1/reviews", content=chunks(), headers=JSON)
    assert answer.request.headers.get("content-length") is None
    check_problem(answer, 413)


def test_body_just_below_the_limit_is_read(client: TestClient) -> None:
    body = b'{"reviews": [{"text": "a"}]}'
    answer = client.post("/v1/reviews", content=body.ljust(MAX_BODY), headers=JSON)
    assert answer.status_code == 200


def test_failing_commit_is_never_answered_with_success(client: TestClient, tmp_path: Path) -> None:
    # Another program left a trigger behind that only fires when the transaction ends.
    with sqlite3.connect(tmp_path / "db" / "feedback.db") as connection:
        connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.execute(
            "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.execute(
            "CREATE TRIGGER late AFTER INSERT ON reviews BEGIN INSERT INTO child VALUES (1); END"
        )
    connection.close()
    check_problem(client.post("/v1/reviews", json={"reviews": [{"text": "好"}]}), 500)
    assert client.get("/v1/queue").json()["pending"] == 0


def test_unusable_settings_stop_the_application_before_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FEEDBACK_PORT", "eighty")
    with pytest.raises(InputError, match="FEEDBACK_PORT"):
        create_app()


def test_unusable_database_stops_the_application_when_it_starts(
    classifier: Classifier, taxonomy: Taxonomy
) -> None:
    app = create_app(Settings(database_url="mysql://x"), classifier=classifier, taxonomy=taxonomy)
    with pytest.raises(StorageError), TestClient(app):
        pass  # pragma: no cover


def test_missing_model_stops_the_application_when_it_starts(taxonomy: Taxonomy) -> None:
    app = create_app(Settings(model="no-such-model/2026-01-01"), taxonomy=taxonomy)
    with pytest.raises(ArtefactError), TestClient(app):
        pass  # pragma: no cover


@pytest.mark.parametrize("kind", REASONS)
def test_every_reason_is_chinese_and_names_the_bound(kind: str) -> None:
    bounds = dict.fromkeys(("max_length", "min_length", "gt", "ge", "le"), 7)
    values = bounds | {"expected": "'a' or 'b'"}
    said = reason({"type": kind, "ctx": values})
    assert HAN.search(said)
    assert "{" not in said


def test_fault_nobody_thought_of_still_has_a_reason() -> None:
    assert reason({"type": "new_in_pydantic_3", "msg": "?"}) == "不合格"


def test_endless_field_path_is_cut() -> None:
    assert field_path(["reviews", 0, "x" * 1_000]) == f"reviews.0.{'x' * 110}…"


def test_status_without_a_chinese_title_keeps_the_standard_one(app: FastAPI) -> None:
    @app.get("/raise")
    def raise_it() -> None:
        raise HTTPException(418)

    body = json.loads(TestClient(app).get("/raise").content)
    assert (body["status"], body["title"]) == (418, HTTPStatus(418).phrase)
