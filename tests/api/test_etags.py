"""ETag, If-None-Match, If-Match and gzip."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize("path", ["/v1/tickets/K-0001", "/v1/tickets", "/v1/themes/T-0001"])
@pytest.mark.parametrize("packed", ["gzip", "identity"])
def test_what_a_client_has_is_not_sent_again(
    client: TestClient, planned: dict[str, str], path: str, packed: str
) -> None:
    assert planned
    first = client.get(path, headers={"accept-encoding": packed})
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for sent in (tag, f'W/{tag}, "other"', "*"):
        again = client.get(path, headers={"if-none-match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"].removesuffix('-gzip"').strip('"') in tag
    assert client.get(path, headers={"if-none-match": '"other"'}).content == first.content


def test_packed_and_plain_answers_have_other_tags(
    client: TestClient, planned: dict[str, str]
) -> None:
    assert planned
    answers = [
        client.get("/v1/themes", headers={"accept-encoding": coding})
        for coding in ("gzip", "identity")
    ]
    assert [answer.headers.get("content-encoding") for answer in answers] == ["gzip", None]
    assert len({answer.headers["etag"] for answer in answers}) == 2
    assert answers[0].json() == answers[1].json()
    assert all("Accept-Encoding" in answer.headers["vary"] for answer in answers)


def test_tag_changes_with_the_content(client: TestClient, planned: dict[str, str]) -> None:
    assert planned
    before = client.get("/v1/tickets/K-0001").headers["etag"]
    said = {"author": "小李", "text": "看过了"}
    client.post("/v1/tickets/K-0001/comments", json=said)
    after = client.get("/v1/tickets/K-0001").headers["etag"]
    assert before != after
    assert before[:3] == after[:3] == '"0-'


def test_errors_and_streams_have_no_tag(client: TestClient) -> None:
    assert "etag" not in client.get("/v1/tickets/K-9999").headers
    assert "etag" not in client.get("/v1/reviews/export").headers


def edit(client: TestClient, if_match: str | None, **more: object) -> Any:  # noqa: ANN401
    headers = {} if if_match is None else {"if-match": if_match}
    body = {"author": "小李", "title": "先修安卓"} | more
    return client.patch("/v1/tickets/K-0001", json=body, headers=headers)


def test_if_match_stands_for_the_revision(client: TestClient, planned: dict[str, str]) -> None:
    assert planned
    seen = client.get("/v1/tickets/K-0001").headers["etag"]
    assert edit(client, seen).json()["revision"] == 1
    stale = edit(client, seen, title="先修苹果")
    assert stale.status_code == 412
    assert stale.json()["title"] == "已被别人改过"
    assert edit(client, None, title="先修苹果", expected_revision=0).status_code == 409
    assert edit(client, '"1"', title="先修苹果", expected_revision=1).json()["revision"] == 2
    assert edit(client, "*", title="都修").json()["revision"] == 3


@pytest.mark.parametrize("if_match", ["3", 'W/"0"', '"x"', '"0", "1"'])
def test_what_is_no_tag_of_ours_is_refused(
    client: TestClient, planned: dict[str, str], if_match: str
) -> None:
    assert planned
    answer = edit(client, if_match)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("if-match：")


def test_header_and_body_must_agree(client: TestClient, planned: dict[str, str]) -> None:
    assert planned
    assert edit(client, '"0"', expected_revision=1).status_code == 422
