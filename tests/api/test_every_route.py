"""Every route x every role x its own workspace, a foreign one, no credential, a revoked key."""

from typing import Any

import pytest
from callers import AT, new_key, setup_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.roles import needed_role
from feedback_nlp.records import Role, Signature
from feedback_nlp.settings import Settings
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.manage_keys import revoke_key

DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()
ROUTES = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if path.startswith("/v1/") and (method, path) != ("post", "/v1/session")
]
VALUES = {"number": "1", "start": "0", "which": "late", "kind": "service", "product": "别家"}
IDS = {"theme_id": "T-0002", "ticket_id": "K-0001", "name": "小王"}


def address(path: str, review: str) -> str:
    for name, value in {**VALUES, **IDS, "review_id": review}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


@pytest.fixture
def stranger(app: FastAPI, client: TestClient) -> TestClient:
    other = TestClient(app, raise_server_exceptions=False)
    other.app_state.update(client.app_state)
    return other


def test_each_route_documents_its_refusals_and_how_to_be_known() -> None:
    for _, _, operation in ROUTES:
        assert {"401", "403", "429"} <= set(operation["responses"])
        assert operation["security"] == [{"bearer": []}, {"key": []}, {"session": []}]
    assert "security" not in DOCUMENT["paths"]["/v1/session"]["post"]


def test_nobody_enters_without_a_key_that_holds(client: TestClient, stranger: TestClient) -> None:
    setup = setup_of(client)
    revoked = new_key(client)
    with transaction(setup.engine) as session:
        revoke_key(session, setup.workspace, 2, Signature("test", AT))
    headers: list[dict[str, str]] = [{}, {"X-API-Key": revoked}, {"X-API-Key": "fb_nothing"}]
    open_ones = [
        f"{method} {path} {header}"
        for method, path, _ in ROUTES
        for header in headers
        if stranger.request(method, address(path, "R-1"), headers=header).status_code != 401
    ]
    assert open_ones == []


def test_each_role_may_do_what_the_table_says(client: TestClient, stranger: TestClient) -> None:
    wrong = []
    for role in Role:
        header = {"X-API-Key": new_key(client, role)}
        for method, path, _ in ROUTES:
            answer = stranger.request(method, address(path, "R-1"), headers=header)
            refused = answer.status_code == 403
            if refused is role.covers(needed_role(method, path)) or answer.status_code >= 500:
                wrong.append(f"{role} {method} {path} {answer.status_code}")
    assert wrong == []


def test_the_table_says_what_the_issue_asks() -> None:
    needs = {f"{method} {path}": needed_role(method, path) for method, path, _ in ROUTES}
    assert {name for name in needs if needs[name] is Role.MANAGER} >= {
        "PATCH /v1/policy",
        "POST /v1/targets",
        "PUT /v1/competitors/{product}",
        "PUT /v1/reply-templates/{kind}",
        "POST /v1/releases",
    }
    assert needs["GET /v1/keys"] is needs["GET /v1/audit"] is needs["GET /v1/users"] is Role.ADMIN
    assert needed_role("POST", "/v1/keys:rotate") is Role.ADMIN
    assert needed_role("POST", "/v1/nobody-thought-of-it") is Role.ANALYST


def test_a_foreign_workspace_sees_and_changes_nothing(
    client: TestClient, stranger: TestClient, planned: dict[str, str]
) -> None:
    assert planned["best"] == "T-0002"
    found = client.get("/v1/themes/T-0002/members").json()["members"]
    review = found[0]["review_id"]
    header = {"X-API-Key": new_key(client, workspace="elsewhere")}
    before = client.get("/v1/tickets").text
    secrets = ("物流慢", "物流太慢", "闪退", "修复：", review)
    leaks = []
    for method, path, _ in ROUTES:
        answer = stranger.request(method, address(path, review), headers=header)
        told = answer.text.replace(review, "", 1) if answer.status_code == 404 else answer.text
        if answer.status_code >= 500 or any(secret in told for secret in secrets):
            leaks.append(f"{method} {path} {answer.status_code} {answer.text[:200]}")
    assert leaks == []
    assert client.get("/v1/tickets").text == before
    assert client.get("/v1/themes").json()["total"] == 2
