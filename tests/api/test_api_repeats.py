"""Idempotency-Key: the same request twice is answered once; packed bodies are unpacked."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from databases import every_row
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.repeats import RepeatableRoute
from api.routes import (
    bulk,
    releases,
    replies,
    reviews,
    sla,
    targets,
    theme_edits,
    theme_proposals,
    ticket_changes,
)
from feedback_nlp.storage import idempotency
from feedback_nlp.storage.database import reading, transaction

KEY = {"Idempotency-Key": "7c9e6679-7425"}
RELEASE = {"version": "3.2.0", "at": "2026-03-01"}
REVIEW = {"reviews": [{"text": "物流太慢"}]}


def rows(database: Engine, table: str) -> list[str]:
    return [row for row in every_row(database) if row.startswith(f"{table} ")]


def test_a_repeat_gets_the_first_answer_and_does_nothing(
    client: TestClient, database: Engine
) -> None:
    first = client.post("/v1/reviews", json=REVIEW, headers=KEY)
    again = client.post("/v1/reviews", json=REVIEW, headers=KEY)
    assert first.status_code == again.status_code == 200
    assert first.json()["counts"]["added"] == 1
    assert again.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(rows(database, "reviews")) == 1
    assert len(rows(database, "idempotency")) == 1


def test_a_repeat_of_what_would_be_done_twice_is_done_once(
    client: TestClient, planned: dict[str, str]
) -> None:
    url = f"/v1/themes/{planned['best']}/rename"
    body = {"name": "登录页卡死"}
    first = client.post(url, json=body, headers=KEY)
    assert first.status_code == 200, first.text
    assert client.post(url, json=body, headers=KEY).json() == first.json()


def test_a_preview_is_not_kept(
    client: TestClient, database: Engine, planned: dict[str, str]
) -> None:
    url = f"/v1/themes/{planned['best']}/close"
    for _ in range(2):
        answer = client.post(url, json={"dry_run": True}, headers=KEY)
        assert answer.status_code == 200, answer.text
        assert "idempotency-replayed" not in answer.headers
    assert rows(database, "idempotency") == []


def test_the_same_key_with_another_request_is_refused(client: TestClient) -> None:
    client.post("/v1/reviews", json=REVIEW, headers=KEY)
    other = client.post("/v1/reviews", json={"reviews": [{"text": "很好"}]}, headers=KEY)
    assert other.status_code == 422
    assert "7c9e6679-7425" in other.json()["detail"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(client: TestClient, key: str) -> None:
    answer = client.post("/v1/reviews", json=REVIEW, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert "UUID" in answer.json()["detail"]


def test_what_failed_is_done_again(client: TestClient, database: Engine) -> None:
    missing = client.post("/v1/themes/T-9999/close", json={}, headers=KEY)
    assert missing.status_code == 404
    assert rows(database, "idempotency") == []
    assert client.post("/v1/reviews", json=REVIEW, headers=KEY).status_code == 200


def test_an_answer_is_forgotten_after_a_day(client: TestClient, database: Engine) -> None:
    client.post("/v1/reviews", json=REVIEW, headers=KEY)
    later = datetime.now(UTC) + idempotency.KEPT + timedelta(seconds=1)  # noqa: TID251 (as the server)
    with reading(database) as session:
        assert idempotency.get(session, "default", "7c9e6679-7425", now=later) is None
    with transaction(database) as session:
        idempotency.sweep(session, "default", now=later)
    assert rows(database, "idempotency") == []


def test_many_at_once_do_it_once(client: TestClient, database: Engine) -> None:
    def once(_number: int) -> Any:  # noqa: ANN401 (JSON)
        return client.post("/v1/reviews", json=REVIEW, headers=KEY)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(once, range(8)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({json.dumps(each.json()) for each in answers if each.status_code == 200}) == 1
    assert len(rows(database, "reviews")) == 1


def test_a_bulk_repeat_is_answered_from_what_is_kept(client: TestClient, database: Engine) -> None:
    answers = [
        client.post("/v1/reviews:bulk", content="内容\n太慢\n".encode(), headers=KEY)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(rows(database, "imports")) == 1
    other = client.post("/v1/reviews:bulk", content="内容\n好\n".encode(), headers=KEY)
    assert other.status_code == 422


def test_every_post_can_be_repeated() -> None:
    modules = (bulk, releases, replies, reviews, sla, targets, theme_edits, theme_proposals)
    routes = [route for each in (*modules, ticket_changes) for route in each.router.routes]
    posts = [
        route for route in routes if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    ]
    assert len(posts) > 9
    assert [route.path for route in posts if not isinstance(route, RepeatableRoute)] == []


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        pytest.param(gzip.compress(json.dumps(REVIEW).encode()), "gzip", 200, id="gzip"),
        pytest.param(json.dumps(REVIEW).encode(), "identity", 200, id="not packed"),
        pytest.param(b"no gzip", "gzip", 400, id="broken"),
        pytest.param(gzip.compress(b"{}")[:-4], "gzip", 400, id="cut off"),
        pytest.param(b"{}", "br", 415, id="brotli"),
        pytest.param(gzip.compress(b" " * 20_000_001), "gzip", 413, id="a bomb"),
    ],
)
def test_packed_bodies(client: TestClient, body: bytes, encoding: str, status: int) -> None:
    headers = {"content-encoding": encoding, "content-type": "application/json"}
    answer = client.post("/v1/reviews", content=body, headers=headers)
    assert answer.status_code == status, answer.text
