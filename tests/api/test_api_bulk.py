"""Many reviews in one body: a file like any other, within limits, safe to send again."""

import asyncio
import gzip
import json
from typing import Any

import pytest
from callers import with_key
from databases import every_row
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from feedback_nlp.records import Taxonomy
from feedback_nlp.settings import Settings
from feedback_nlp.storage import imports
from feedback_nlp.storage.database import reading

CSV = "编号,时间,内容\nA1,2026-03-01,物流太慢\nA2,2026-02-31,一直闪退\nA3,2026-03-02,很好用\n"
LINES = [{"编号": "N1", "内容": "配送慢"}, {"编号": "N2", "内容": ""}, {"编号": "N3", "内容": "好"}]
NDJSON = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)


def send(client: TestClient, body: bytes, *, query: str = "", **headers: str) -> Any:  # noqa: ANN401 (JSON)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"/v1/reviews:bulk{query}", content=body, headers=named)


def stored(database: Engine) -> list[str]:
    return [row for row in every_row(database) if row.startswith("reviews ")]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(CSV.encode(), {}, id="CSV in UTF-8"),
        pytest.param(CSV.encode("gb18030"), {"content_type": "text/csv"}, id="CSV in GB18030"),
        pytest.param(gzip.compress(CSV.encode()), {"content_encoding": "gzip"}, id="gzip"),
        pytest.param(gzip.compress(CSV.encode()), {}, id="gzip that nobody announced"),
        pytest.param(NDJSON.encode(), {"content_type": "application/x-ndjson"}, id="NDJSON"),
    ],
)
def test_rows_are_stored_and_each_bad_one_has_its_reason(
    client: TestClient, database: Engine, body: bytes, headers: dict[str, str]
) -> None:
    answer = send(client, body, query="?channel=tmall", **headers)
    assert answer.status_code == 202, answer.text
    done = answer.json()
    assert (done["counts"]["added"], done["counts"]["rejected"], done["pending"]) == (2, 1, 2)
    assert [line["line"] for line in done["errors"]] in ([2], [3])
    assert done["errors"][0]["error"]
    assert done["links"] == [f"/v1/imports/{done['imports'][0]}"]
    with reading(database) as session:
        kept = imports.get(session, "default", done["imports"][0])
    assert kept is not None
    assert kept.origin.source.startswith("api:tmall:")
    assert all("tmall" in row for row in stored(database))


def test_sending_again_stores_nothing_twice(client: TestClient, database: Engine) -> None:
    assert send(client, CSV.encode()).status_code == 202
    before = stored(database)
    again = send(client, CSV.encode()).json()
    assert (again["counts"]["added"], again["counts"]["unchanged"]) == (0, 2)
    assert stored(database) == before
    with reading(database) as session:
        assert len({each.origin.source for each in imports.every(session, "default", limit=9)}) == 1


def test_a_column_may_be_named(client: TestClient) -> None:
    answer = send(client, "吐槽一下\n太慢了\n".encode(), query="?map=吐槽一下=text")
    assert answer.json()["counts"]["added"] == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param((b"", "", {}), 422, id="empty"),
        pytest.param((b"\x89PNG....", "", {}), 422, id="an image"),
        pytest.param((CSV.encode(), "?format=nothing", {}), 422, id="unknown format"),
        pytest.param((CSV.encode(), "?map=x=y", {}), 422, id="unknown field"),
        pytest.param((CSV.encode(), "?extra=1", {}), 422, id="unknown parameter"),
        pytest.param((CSV.encode(), "", {"content_encoding": "br"}), 415, id="brotli"),
        pytest.param((b"no gzip", "", {"content_encoding": "gzip"}), 400, id="broken gzip"),
        pytest.param(
            (gzip.compress(CSV.encode())[:-9], "", {"content_encoding": "gzip"}), 400, id="cut off"
        ),
        pytest.param((b"a" * 1_000_001, "", {}), 413, id="too large"),
        pytest.param(
            (gzip.compress(b"a" * 4_000_001), "", {"content_encoding": "gzip"}), 413, id="a bomb"
        ),
    ],
)
def test_what_cannot_be_read_is_refused_without_a_trace(
    settings: Settings,
    classifier: Any,  # noqa: ANN401 (a fixture's class)
    taxonomy: Taxonomy,
    sent: tuple[bytes, str, dict[str, str]],
    status: int,
) -> None:
    body, query, headers = sent
    small = settings.model_copy(update={"bulk_limit_mb": 1})
    with TestClient(create_app(small, classifier, taxonomy)) as client:
        answer = send(with_key(client), body, query=query, **headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "/tmp" not in answer.text  # noqa: S108 (where the body lay)


def test_only_so_many_are_worked_on_at_once(app: FastAPI, client: TestClient) -> None:
    gate = app.state.bulk
    gate.running = gate.most
    answer = send(client, CSV.encode())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    gate.running = 0
    assert send(client, CSV.encode()).status_code == 202
    assert gate.running == 0


def test_a_body_that_breaks_off_stores_nothing(
    app: FastAPI, client: TestClient, database: Engine
) -> None:
    parts = iter([{"type": "http.request", "body": CSV.encode(), "more_body": True}])
    sent: list[Any] = []

    async def receive() -> Any:  # noqa: ANN401 (an ASGI message)
        return next(parts, {"type": "http.disconnect"})

    async def collect(message: Any) -> None:  # noqa: ANN401 (an ASGI message)
        sent.append(message)

    bearer = client.headers["authorization"].encode()
    headers = [(b"authorization", bearer)]

    async def post() -> None:
        scope = {"type": "http", "scheme": "http", "method": "POST", "path": "/v1/reviews:bulk"}
        async with app.router.lifespan_context(app) as state:
            asked = scope | {"query_string": b"", "headers": headers, "state": dict(state or {})}
            await app(asked, receive, collect)

    asyncio.run(post())
    assert sent[0]["status"] == 400
    assert stored(database) == []
