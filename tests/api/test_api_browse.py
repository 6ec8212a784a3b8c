"""Themes, tickets, health: what is stored, in RICE order, a page at a time."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.reports.json_files import priority_dict, theme_dict
from feedback_nlp.storage import priorities, themes
from feedback_nlp.storage.database import reading


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in found]


def test_themes_come_in_rice_order_with_rank_total_and_unassigned(
    client: TestClient, planned: dict[str, str]
) -> None:
    answer = client.get("/v1/themes").json()
    assert [(theme["rank"], theme["id"]) for theme in answer["themes"]] == [
        (1, planned["best"]),
        (2, planned["second"]),
    ]
    assert (answer["total"], answer["limit"], answer["offset"]) == (2, 20, 0)
    assert answer["unassigned"] == {"count": 1, "share": 0.25}
    assert answer["run"]["as_of"] == "2026-03-09T08:00:00+08:00"


def test_page_of_themes_keeps_the_rank_in_the_whole_list(
    client: TestClient, planned: dict[str, str]
) -> None:
    answer = client.get("/v1/themes", params={"limit": 1, "offset": 1}).json()
    assert [(theme["rank"], theme["id"]) for theme in answer["themes"]] == [(2, planned["second"])]
    assert answer["total"] == 2


@pytest.mark.usefixtures("planned")
def test_page_behind_the_end_is_empty(client: TestClient) -> None:
    assert client.get("/v1/themes?offset=7").json()["themes"] == []


def test_theme_has_the_fields_and_digits_of_the_file(
    client: TestClient, planned: dict[str, str], database: Engine
) -> None:
    with reading(database) as session:
        theme = themes.get(session, "default", planned["best"])
        priority = priorities.get(session, "default", planned["best"])
    assert theme is not None
    assert priority is not None
    expected = theme_dict(theme) | {"rank": 1, "priority": priority_dict(priority)}
    assert client.get(f"/v1/themes/{planned['best']}").json() == expected


def test_sleeping_theme_is_found_but_not_ranked(
    client: TestClient, planned: dict[str, str]
) -> None:
    answer = client.get(f"/v1/themes/{planned['asleep']}").json()
    assert (answer["state"], answer["rank"], answer["priority"]) == ("dormant", None, None)


def test_opinions_of_a_theme_lead_to_the_words_of_reviews(
    client: TestClient, planned: dict[str, str]
) -> None:
    answer = client.get(f"/v1/themes/{planned['best']}/opinions").json()
    assert answer["total"] == len(answer["opinions"]) == 2
    for opinion in answer["opinions"]:
        review = client.get(f"/v1/reviews/{opinion['review_id']}").json()
        assert review["text"][opinion["start"] : opinion["end"]] == opinion["text"]
        assert (opinion["polarity"], opinion["channel"]) == ("neg", "api")


def test_opinions_come_in_pages_that_add_up(client: TestClient, planned: dict[str, str]) -> None:
    whole = client.get(f"/v1/themes/{planned['best']}/opinions").json()["opinions"]
    pages = [
        client.get(f"/v1/themes/{planned['best']}/opinions?limit=1&offset={place}").json()[
            "opinions"
        ]
        for place in (0, 1)
    ]
    assert [*pages[0], *pages[1]] == whole


def test_tickets_come_in_rice_order(client: TestClient, planned: dict[str, str]) -> None:
    answer = client.get("/v1/tickets").json()
    assert ids(answer["tickets"]) == ["K-0002", "K-0001"]
    assert [ticket["theme"] for ticket in answer["tickets"]] == [planned["best"], planned["second"]]


@pytest.mark.parametrize(
    ("query", "expected", "total"),
    [
        pytest.param("state=待评估", ["K-0001"], 1, id="one state"),
        pytest.param("state=挂起", [], 0, id="a state nobody is in"),
        pytest.param("limit=1", ["K-0002"], 2, id="first page"),
        pytest.param("limit=1&offset=1", ["K-0001"], 2, id="second page"),
    ],
)
@pytest.mark.usefixtures("planned")
def test_tickets_are_filtered_and_paged(
    query: str, expected: list[str], total: int, client: TestClient
) -> None:
    answer = client.get(f"/v1/tickets?{query}").json()
    assert (ids(answer["tickets"]), answer["total"]) == (expected, total)


@pytest.mark.usefixtures("planned")
def test_ticket_shows_evidence_and_the_numbers_of_the_file(client: TestClient) -> None:
    ticket = client.get("/v1/tickets/K-0002").json()
    assert ticket["evidence"] == [{"review_id": "R-1", "text": "物流太慢"}]
    assert (ticket["priority"]["score"], ticket["due"]) == (345.68, "2026-03-16")
    assert ticket["state"] == "已排期"


def test_empty_workspace_has_empty_lists(client: TestClient) -> None:
    assert client.get("/v1/themes").json() == {
        "themes": [],
        "total": 0,
        "limit": 20,
        "offset": 0,
        "unassigned": None,
        "run": None,
    }
    assert client.get("/v1/tickets").json()["tickets"] == []


def test_chinese_is_written_as_it_is(client: TestClient, planned: dict[str, str]) -> None:
    answer = client.get(f"/v1/themes/{planned['second']}")
    assert "物流慢".encode() in answer.content
    assert b"\\u" not in answer.content


def test_health_tells_the_model_and_what_waits(client: TestClient) -> None:
    assert client.get("/v1/queue").json() == {
        "model": "fake/2026-03-01",
        "pending": 0,
    }
    client.post("/v1/reviews", json={"reviews": [{"text": f"第{n}条"} for n in range(101)]})
    assert client.get("/v1/queue").json()["pending"] == 101


def test_health_is_503_while_the_database_is_gone(client: TestClient, tmp_path: Path) -> None:
    client.app_state["setup"].engine.dispose()
    (tmp_path / "db").rename(tmp_path / "elsewhere")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text
    (tmp_path / "elsewhere").rename(tmp_path / "db")
    assert client.get("/readyz").status_code == 200
