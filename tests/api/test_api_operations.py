"""What operators look at: health, figures, logs, request ids, and what a bug leaves behind."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text

from api.app import create_app
from feedback_nlp.logs import JsonLines, LogFormat, LogLevel, TextLines, log_config
from feedback_nlp.settings import Settings

SAID = "蓝鲸牌洗衣机漏水淹了书房"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """Collect what the service logs, as JSON."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root, level = logging.getLogger(), logging.getLogger().level
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client of the test
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def access(written: StringIO) -> list[dict[str, object]]:
    found = [json.loads(line) for line in written.getvalue().splitlines()]
    return [each for each in found if each["logger"] == "feedback_nlp.access"]


def figures(client: TestClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_health_needs_neither_caller_nor_database(app: FastAPI) -> None:
    # Without the context nothing is opened.
    assert TestClient(app).get("/healthz").json() == {"status": "ok"}


def test_ready_while_the_schema_is_ours(client: TestClient, database: Engine) -> None:
    del client.headers["Authorization"]
    assert client.get("/readyz").json() == {"status": "ok"}
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "0001" in answer.json()["detail"]
    with database.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert client.get("/readyz").status_code == 503


def test_the_queue_says_how_many_wait(client: TestClient) -> None:
    assert client.get("/v1/queue").json() == {"model": "fake/2026-03-01", "pending": 0}


def test_figures_count_requests_by_route(client: TestClient) -> None:
    client.post("/v1/reviews", json={"reviews": [{"text": "好"}, {"text": "慢"}]})
    client.get("/v1/reviews/R-none")
    client.get("/v1/geheim-4711")
    found = figures(client)
    assert found["feedback_http_requests_total['/v1/reviews', '200', 'POST']"] == 1
    assert found["feedback_http_requests_total['/v1/reviews/{review_id}', '404', 'GET']"] == 1
    assert found["feedback_http_requests_total['-', '404', 'GET']"] == 1
    assert found["feedback_http_requests_in_progress[]"] == 1
    assert found["feedback_reviews_accepted_total[]"] == 2
    assert found["feedback_reviews_pending[]"] == 0
    assert "4711" not in client.get("/metrics").text


def test_figures_need_a_caller_unless_they_are_open(client: TestClient, settings: Settings) -> None:
    del client.headers["Authorization"]
    assert client.get("/metrics").status_code == 401
    client.app.state.metrics_open = True  # type: ignore[attr-defined] # a FastAPI
    assert client.get("/metrics").status_code == 200
    assert create_app(settings) is not create_app(settings)  # registries do not collide


def test_one_line_a_request_without_words(client: TestClient, lines: StringIO) -> None:
    body = {"reviews": [{"text": SAID, "author_id": "u-4711"}]}
    client.post("/v1/reviews", json=body, headers={"X-Request-ID": "abc-1"})
    client.get("/v1/reviews", params={"q": SAID, "limit": "蓝鲸"})
    client.get(f"/v1/{SAID}")
    client.get(f"/v1/reviews/{SAID}")
    client.post("/v1/reviews", content=SAID.encode())
    written = lines.getvalue()
    assert [word for word in (SAID, "蓝鲸", "u-4711", "%E8%93%9D") if word in written] == []
    found = access(lines)
    assert [each["status"] for each in found] == [200, 422, 404, 404, 422]
    first = found[0]
    assert first["request_id"] == "abc-1"
    assert (first["method"], first["route"], first["level"]) == ("POST", "/v1/reviews", "INFO")
    assert first["credential"] == "key 1"
    assert first["bytes_in"] == len(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    )
    assert isinstance(first["bytes_out"], int)
    assert isinstance(first["duration_ms"], float)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("abc_1.2-X", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("a b", False),
        ("a\tb", False),
        ("<script>", False),
    ],
)
def test_a_request_id_is_a_plain_word(client: TestClient, told: str, *, kept: bool) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": told}).headers["X-Request-ID"]
    assert (answered == told) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", answered)


def _fail() -> None:
    raise RuntimeError(SAID) from ValueError(SAID)


def test_a_bug_is_logged_with_its_place_but_not_its_words(
    app: FastAPI, client: TestClient, lines: StringIO
) -> None:
    @app.get("/bug")
    def bug(request: Request) -> None:
        told = request.query_params["q"]
        try:
            int(told)
        except ValueError as error:
            raise RuntimeError(f"nobody expects {told}") from error

    answer = client.get("/bug", params={"q": SAID}, headers={"X-Request-ID": "bug-1"})
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == "bug-1"
    assert "bug-1" in answer.json()["detail"]
    assert SAID not in answer.text
    shown = ""
    try:
        _fail()
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
        shown = TextLines().formatException(sys.exc_info())
    assert SAID not in lines.getvalue()
    assert "builtins.ValueError" in shown
    assert "builtins.RuntimeError" in shown
    assert "test_api_operations.py" in shown
    (line,) = [each for each in access(lines) if each["route"] == "/bug"]
    assert (line["status"], line["request_id"]) == (500, "bug-1")


@pytest.mark.parametrize("format_", LogFormat)
def test_the_configuration_is_one_that_logging_takes(format_: LogFormat) -> None:
    config = log_config(format_, LogLevel.WARNING)
    place, name = config["formatters"]["line"]["()"].rsplit(".", 1)
    assert (place, hasattr(__import__(place, fromlist=[name]), name)) == ("feedback_nlp.logs", True)
    assert config["root"]["level"] == "WARNING"
