"""Competitors and segments over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

OURS, THEIRS = "我家买菜", "别家/买菜"
WHO = {"author": "小李", "reason": "同类产品"}


def post(client: TestClient, prefix: str, complaining: int, of: int, **fields: str) -> None:
    found = [
        {
            "id": f"{prefix}{n}",
            "text": f"物流太慢了，等了{n}天" if n < complaining else f"第{n}次买了",
            "author_id": f"u-{prefix}{n}",
            "created_at": f"2026-03-{n % 28 + 1:02} 10:00",
            **fields,
        }
        for n in range(of)
    ]
    for start in range(0, of, 100):
        answer = client.post("/v1/reviews", json={"reviews": found[start : start + 100]})
        assert answer.json()["counts"]["rejected"] == 0


@pytest.fixture
def filled(client: TestClient) -> TestClient:
    """Two versions of ours, one product of another company."""
    post(client, "a", 40, 60, product=OURS, version="3.1")
    post(client, "b", 10, 60, product=OURS, version="3.0")
    post(client, "x", 2, 60, product=THEIRS)
    return client


def products(client: TestClient) -> list[tuple[str, int, bool]]:
    found = client.get("/v1/competitors").json()["products"]
    return [(each["product"], each["reviews"], each["competitor"]) for each in found]


def mark(client: TestClient, product: str = THEIRS) -> Any:  # noqa: ANN401 (JSON)
    answer = client.put(f"/v1/competitors/{product}", json=WHO)
    assert answer.status_code == 200
    return answer.json()


def test_a_product_is_marked_listed_and_unmarked(filled: TestClient) -> None:
    assert products(filled) == [(OURS, 120, False), (THEIRS, 60, False)]
    marked = mark(filled)
    assert marked.pop("at").endswith("+08:00")
    assert marked == WHO | {"product": THEIRS, "reviews": 60, "competitor": True}
    assert products(filled) == [(THEIRS, 60, True), (OURS, 120, False)]
    answer = filled.delete(f"/v1/competitors/{THEIRS}", params={"author": "小王"})
    assert answer.status_code == 200
    assert answer.json()["competitor"] is False
    assert answer.json()["at"] is None
    assert products(filled) == [(OURS, 120, False), (THEIRS, 60, False)]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("DELETE", f"/{OURS}?author=小李", 404, id="unmark ours"),
        pytest.param("GET", f"/gaps?product={OURS}", 404, id="compare with ours"),
        pytest.param("PUT", "/%20", 422, id="a blank name"),
        pytest.param("PUT", "/a%01b", 422, id="a control character"),
        pytest.param("PUT", f"/{'菜' * 201}", 422, id="a long name"),
        pytest.param("GET", "/gaps?days=0", 422, id="no days"),
        pytest.param("GET", "/gaps?dayz=1", 422, id="an unknown parameter"),
    ],
)
def test_what_cannot_be_done_is_refused(
    client: TestClient, method: str, path: str, status: int
) -> None:
    body = WHO if method == "PUT" else None
    answer = client.request(method, f"/v1/competitors{path}", json=body)
    assert answer.status_code == status


def test_gaps_show_both_sides_with_words(filled: TestClient) -> None:
    mark(filled)
    answer = filled.get("/v1/competitors/gaps").json()
    (rivalry,) = answer["competitors"]
    assert (rivalry["product"], rivalry["basis"]) == (THEIRS, "overlap")
    assert (rivalry["first"], rivalry["last"]) == ("2026-03-01", "2026-03-28")
    assert (rivalry["our_users"], rivalry["their_users"]) == (120, 60)
    (row,) = rivalry["topics"]
    assert (row["topic"], row["name"], row["contrast"]) == (
        "logistics.speed",
        "配送时效",
        "higher",
    )
    assert (row["ours"]["count"], row["ours"]["of"], row["ours"]["share"]) == (50, 120, 0.416667)
    assert (row["theirs"]["count"], row["theirs"]["of"]) == (2, 60)
    assert row["gap"] == pytest.approx(0.416667 - 0.033333, abs=2e-6)
    assert 0 < row["low"] < row["gap"] < row["high"] < 1
    assert 0 < row["p"] == row["q"] < 1e-6
    assert [len(row[side]["quotes"]) for side in ("ours", "theirs")] == [3, 2]
    assert (answer["tests"], answer["level"]) == (1, 0.95)


def test_without_competitors_there_are_no_gaps(filled: TestClient) -> None:
    answer = filled.get("/v1/competitors/gaps").json()
    assert answer == {"competitors": [], "tests": 0, "level": 0.95}


def test_segments_stand_beside_the_rest(filled: TestClient) -> None:
    mark(filled)
    answer = filled.get("/v1/segments", params={"by": "version", "limit": 1}).json()
    (row,) = answer["rows"]
    assert (row["value"], row["topic"], row["theme"], row["contrast"]) == (
        "3.1",
        "logistics.speed",
        None,
        "higher",
    )
    assert (row["count"], row["of"], row["rest_count"], row["rest_of"]) == (40, 60, 10, 60)
    assert len(row["quotes"]) == 3
    assert answer["values"] == [
        {"value": value, "users": 60, "reviews": 60, "compared": True} for value in ("3.0", "3.1")
    ]
    assert (answer["by"], answer["first"], answer["last"]) == (
        "version",
        "2026-03-01",
        "2026-03-28",
    )
    assert (answer["tests"], answer["total"], answer["unknown"]) == (2, 2, 0)


def test_rows_without_a_difference_come_when_asked_for(filled: TestClient) -> None:
    found = filled.get("/v1/segments", params={"by": "channel", "all": True}).json()
    (row,) = found["rows"]
    assert (row["value"], row["contrast"], row["rest_of"]) == ("api", "too_few", 0)
    assert (row["gap"], row["low"], row["high"], row["p"], row["q"]) == (None,) * 5
    assert filled.get("/v1/segments", params={"by": "channel"}).json()["rows"] == []


def test_themes_are_named_by_their_id(client: TestClient, planned: dict[str, str]) -> None:
    post(client, "a", 0, 40)
    rows = client.get("/v1/segments?by=channel&all=true&themes=true").json()["rows"]
    named = {row["theme"]: row["name"] for row in rows if row["topic"] is None}
    assert named == {planned["best"]: "闪退", planned["second"]: "物流慢"}


@pytest.mark.parametrize("query", ["", "by=age", "by=version&days=0", "by=version&x=1"])
def test_questions_without_sense_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/segments?{query}").status_code == 422
