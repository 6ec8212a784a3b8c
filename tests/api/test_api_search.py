"""Looking for reviews and opinions: filters, words, pages, exports."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.records import Quarantined, QuarantineReason
from feedback_nlp.storage import quarantine
from feedback_nlp.storage.database import transaction

NOW = datetime(2026, 3, 9, tzinfo=UTC)
SAMPLES: list[dict[str, Any]] = [
    {"id": "a", "text": "客服很好。物流太慢了", "channel": "app", "created_at": "2026-03-01 09:00"},
    {"id": "b", "text": "物流配送很慢", "product": "P", "created_at": "2026-03-02 00:00"},
    {"id": "c", "text": "更新後總是閃退", "version": "3.2.0", "created_at": "2026-03-02 23:59"},
    {"id": "d", "text": "ＡＰＰ闪退_100%", "rating": 1, "created_at": "2026-03-03 08:00"},
    {"id": "e", "text": "一切都好", "author_id": "U1", "author_tier": "A", "region": "广东"},
    {"id": "f", "text": "包装普通", "kind": "ticket", "rating": 4},
]


@pytest.fixture
def ids(client: TestClient) -> dict[str, str]:
    answer = client.post("/v1/reviews", json={"reviews": SAMPLES}).json()
    return {each["external_id"]: each["id"] for each in answer["results"]}


def found(client: TestClient, query: str, path: str = "/v1/reviews") -> list[str]:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    return [each.get("external_id") or each["text"] for each in answer.json()["items"]]


REVIEWS = {
    "newest first": ("", "dcba"),
    "oldest first": ("sort=oldest", "abcd"),
    "days of China, half-open": ("since=2026-03-02&until=2026-03-03", "cb"),
    "until leaves its day out": ("until=2026-03-02", "a"),
    "channel": ("channel=app", "a"),
    "product": ("product=P", "b"),
    "version": ("version=3.2.0", "c"),
    "region, tier and author": ("region=广东&tier=A&author_id=U1", "e"),
    "kind": ("kind=ticket", "f"),
    "rating": ("rating_min=1&rating_max=3", "d"),
    "polarity of the review": ("polarity=pos", "e"),
    "topic of an opinion": ("topic=performance.crash", "dc"),
    "no wildcard in a topic": ("topic=performance_crash", ""),
    "theme": ("theme=T-0001", ""),
    "days beyond the calendar": ("since=0001-01-01&until=9999-12-31", "dcba"),
    "all words occur, apart too": ("q=物流慢", "ba"),
    "words that say nothing are left out": ("q=的物流", "ba"),
    "traditional query": ("q=閃退", "dc"),
    "simplified query, traditional text": ("q=总是", "c"),
    "case and width": ("q=app", "d"),
    "a percent sign is one": ("q=100%25", "d"),
    "so is an underscore": ("q=_100", "d"),
    "no regular expression": ("q=1.0", ""),
    "no SQL": ("q=' OR 1=1 --", ""),
}
"""What is asked, and which reviews are found; those without a time are checked by id."""


def test_review_filters_find(client: TestClient, ids: dict[str, str]) -> None:
    undated = "".join(sorted("ef", key=ids.__getitem__))
    rest = {"newest first": undated[::-1], "oldest first": undated}
    wanted = {name: letters + rest.get(name, "") for name, (_, letters) in REVIEWS.items()}
    assert {name: "".join(found(client, query)) for name, (query, _) in REVIEWS.items()} == wanted


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("path", ["/v1/reviews", "/v1/opinions"])
def test_pages_hold_everything_once_and_in_order(
    client: TestClient, ids: dict[str, str], path: str, sort: str
) -> None:
    assert ids
    whole = client.get(f"{path}?limit=100&sort={sort}").json()
    assert whole["next_cursor"] is None
    pages: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(f"{path}?limit=2&sort={sort}{cursor and f'&cursor={cursor}'}").json()
        pages += answer["items"]
        cursor = answer["next_cursor"]
    assert pages == whole["items"]
    assert len(pages) >= len(SAMPLES)


def test_a_page_goes_on_where_it_ended_although_rows_came(
    client: TestClient, ids: dict[str, str]
) -> None:
    assert ids
    first = client.get("/v1/reviews?limit=2").json()
    new = {"id": "g", "text": "刚来的", "created_at": "2026-03-04 08:00"}
    client.post("/v1/reviews", json={"reviews": [new]})
    assert found(client, f"limit=2&cursor={first['next_cursor']}") == ["b", "a"]


def test_a_broken_cursor_is_refused_by_name(client: TestClient) -> None:
    for cursor in ("x", "%00", "bnVsbA", "W10", "WyJvcmRlcnMiXQ", "9" * 999, "_" * 9):
        answer = client.get(f"/v1/reviews?cursor={cursor}")
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("cursor：")


def test_a_cursor_of_another_order_or_list_is_refused(
    client: TestClient, ids: dict[str, str]
) -> None:
    assert ids
    cursor = client.get("/v1/reviews?limit=1").json()["next_cursor"]
    for path in ("/v1/reviews?sort=oldest&", "/v1/opinions?", "/v1/customers?"):
        assert client.get(f"{path}cursor={cursor}").status_code == 422


def test_a_query_without_words_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/reviews?q=！？")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("q：")


def test_held_reviews_are_marked_and_can_be_left_out(
    client: TestClient, ids: dict[str, str], database: Engine
) -> None:
    held = Quarantined(ids["f"], QuarantineReason.SPAM, "广告")
    with transaction(database) as session:
        quarantine.replace(session, "default", [held], now=NOW)
    items = client.get("/v1/reviews").json()["items"]
    assert {each["external_id"]: each["quarantine"] for each in items if each["quarantine"]} == {
        "f": "spam"
    }
    assert found(client, "quarantined=true") == ["f"]
    assert "f" not in found(client, "quarantined=false")


OPINIONS = {
    "polarity of the opinion": ("polarity=pos", ["一切都好", "客服很好"]),
    "severity and words": ("severity=2&q=物流", ["物流太慢了", "物流配送很慢"]),
    "uncertain": ("uncertain=true", ["包装普通"]),
    "intent and channel": ("intent=praise&channel=app", ["客服很好"]),
}


def test_opinion_filters_find(client: TestClient, ids: dict[str, str]) -> None:
    assert ids
    texts = {
        name: sorted(text.strip("。") for text in found(client, query, "/v1/opinions"))
        for name, (query, _) in OPINIONS.items()
    }
    assert texts == {name: sorted(expected) for name, (_, expected) in OPINIONS.items()}


def test_an_opinion_can_be_traced(client: TestClient, planned: dict[str, str]) -> None:
    [item] = client.get(f"/v1/opinions?theme={planned['second']}").json()["items"]
    review = client.get(f"/v1/reviews/{item['review_id']}").json()
    assert review["text"][item["start"] : item["end"]] == item["text"] == "物流太慢了"
    assert (item["theme"], item["model"]) == ("T-0001", "fake/2026-03-01")
    assert sum(item["probabilities"].values()) == pytest.approx(1)


def test_unassigned_opinions_are_candidates_without_theme(
    client: TestClient, planned: dict[str, str]
) -> None:
    assert planned
    texts = ["退款好慢", "一切都好"]
    client.post("/v1/reviews", json={"reviews": [{"text": text} for text in texts]})
    assert found(client, "theme=none", "/v1/opinions") == ["退款好慢"]


def test_corrected_labels_win(client: TestClient, ids: dict[str, str]) -> None:
    said = {"review_id": ids["e"], "start": 0, "polarity": "neg", "severity": 1, "author": "小李"}
    answer = client.post("/v1/corrections", json=said)
    assert answer.status_code == 201, answer.text
    assert answer.json()["polarity"] == "neg"
    assert found(client, "polarity=pos") == []
    assert "e" in found(client, "polarity=neg")
    assert "一切都好" in found(client, "polarity=neg&severity=1", "/v1/opinions")
    [told] = client.get(f"/v1/corrections?review_id={ids['e']}").json()["items"]
    assert (told["said"]["polarity"], told["seen"]["polarity"]) == ("neg", "pos")
    lines = client.get("/v1/corrections/export").text.splitlines()
    assert [json.loads(line)["polarity"] for line in lines] == ["neg"]


@pytest.mark.parametrize("path", ["/v1/reviews", "/v1/opinions"])
def test_export_holds_what_the_list_shows(
    client: TestClient, ids: dict[str, str], path: str
) -> None:
    assert ids
    answer = client.get(f"{path}/export?until=2026-03-03")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert "物流".encode() in answer.content
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == client.get(f"{path}?until=2026-03-03&limit=100").json()["items"]


def test_export_of_nothing_is_empty(client: TestClient) -> None:
    answer = client.get("/v1/reviews/export?channel=none")
    assert (answer.status_code, answer.content) == (200, b"")


def test_export_takes_no_cursor(client: TestClient) -> None:
    assert client.get("/v1/reviews/export?cursor=x").status_code == 422
