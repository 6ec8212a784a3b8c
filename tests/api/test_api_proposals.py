"""Proposals and reasons over HTTP: listed by state, accepted, rejected, explained."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from feedback_nlp.records import How, Placement, Proposal, ProposalKind
from feedback_nlp.settings import Settings
from feedback_nlp.storage import placements, proposals, themes
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.placements import Compared

SCHEMAS = create_app(Settings()).openapi()["components"]["schemas"]
NOW = datetime(2026, 3, 9, tzinfo=UTC)
ROOT = "/v1/theme-proposals"
Json = dict[str, Any]
Place = tuple[str, int]


@pytest.fixture
def held(planned: dict[str, str], database: Engine) -> dict[str, tuple[Place, ...]]:
    """What each theme holds, with where it came from; a merge and a split are proposed."""
    with transaction(database) as session:
        known = {theme.id: theme.members for theme in themes.every(session, "default")}
        placed = [
            Placement(*place, theme_id, How.JOINED, 0.81234567, planned["asleep"], 0.5)
            for theme_id, places in known.items()
            for place in places
        ]
        placements.put(session, "default", placed, Compared("test", NOW))
        best = planned["best"]
        made = (
            Proposal(ProposalKind.MERGE, planned["second"], best, 0.7654321),
            Proposal(ProposalKind.SPLIT, best, None, 0.25, known[best][:1]),
        )
        proposals.save(session, "default", made, now=NOW)
    return known


def get(client: TestClient, path: str, status: int = 200) -> Json:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def post(client: TestClient, path: str, status: int = 200, **body: Any) -> Json:  # noqa: ANN401 (any JSON)
    answer = client.post(f"{ROOT}/{path}", json=body)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def ids(client: TestClient, state: str) -> list[str]:
    return [each["id"] for each in get(client, f"{ROOT}?state={state}")["proposals"]]


def test_open_proposals_show_both_sides(
    client: TestClient, held: dict[str, tuple[Place, ...]]
) -> None:
    answer = get(client, ROOT)
    merge, split = answer["proposals"]
    assert (answer["total"], answer["limit"], answer["offset"]) == (2, 20, 0)
    assert merge == {
        "id": "P-0001",
        "kind": "merge",
        "state": "open",
        "theme": {"id": "T-0001", "name": "物流慢", "state": "open", "count": 1},
        "other": {"id": "T-0002", "name": "闪退", "state": "open", "count": 2},
        "similarity": 0.7654,
        "opinions": 0,
        "quotes": [],
        "at": "2026-03-09T08:00:00+08:00",
        "decided_at": None,
        "author": None,
        "reason": None,
    }
    assert (split["theme"]["id"], split["other"], split["opinions"]) == ("T-0002", None, 1)
    (quote,) = split["quotes"]
    assert (quote["review_id"], quote["start"]) == held["T-0002"][0]
    review = get(client, f"/v1/reviews/{quote['review_id']}")
    assert review["text"][quote["start"] : quote["end"]] == quote["text"]
    assert [each["id"] for each in get(client, f"{ROOT}?limit=1&offset=1")["proposals"]] == [
        "P-0002"
    ]


@pytest.mark.usefixtures("held")
def test_a_rejected_proposal_is_kept_with_who_and_why(client: TestClient) -> None:
    done = post(client, "P-0001/reject", author="小李", reason="两件事")
    assert done == {"id": "P-0001", "state": "rejected"}
    assert (ids(client, "open"), ids(client, "rejected")) == (["P-0002"], ["P-0001"])
    (kept,) = get(client, f"{ROOT}?state=rejected")["proposals"]
    assert (kept["author"], kept["reason"]) == ("小李", "两件事")
    assert kept["decided_at"].endswith("+08:00")
    assert "P-0001" in post(client, "P-0001/accept", 409)["detail"]


@pytest.mark.usefixtures("held")
def test_an_accepted_proposal_answers_as_the_edit_it_is(client: TestClient) -> None:
    preview = post(client, "P-0001/accept", dry_run=True)
    assert (preview["number"], preview["dry_run"]) == (None, True)
    assert ids(client, "open") == ["P-0001", "P-0002"]
    done = post(client, "P-0001/accept", author="小李")
    assert done | {"number": None, "dry_run": True} == preview
    assert (done["kind"], done["moved"]) == ("merge", 2)
    assert (ids(client, "accepted"), ids(client, "all")) == (["P-0001"], ["P-0001", "P-0002"])
    undone = client.post("/v1/themes/undo", json={"number": done["number"]})
    assert undone.status_code == 200
    assert get(client, "/v1/themes/T-0002")["count"] == 2


@pytest.mark.usefixtures("held")
def test_an_accepted_split_makes_a_theme(client: TestClient) -> None:
    done = post(client, "P-0002/accept")
    assert (done["kind"], done["themes"][0]["id"], done["themes"][0]["count"]) == (
        "split",
        "T-0004",
        1,
    )


@pytest.mark.usefixtures("held")
def test_what_cannot_be_decided_is_a_problem_that_names_it(client: TestClient) -> None:
    for path in ("P-0099/accept", "P-0099/reject"):
        assert "P-0099" in post(client, path, 404)["detail"]
    assert "dry_run" in post(client, "P-0001/reject", 422, dry_run=True)["detail"]
    problem = get(client, f"{ROOT}?state=x", 422)
    assert "open、accepted、rejected、stale、all" in problem["detail"]


def test_a_reason_tells_how_it_came_and_what_is_alike_now(
    client: TestClient, held: dict[str, tuple[Place, ...]]
) -> None:
    review_id, start = held["T-0002"][0]
    told = get(client, f"/v1/reviews/{review_id}/opinions/{start}/theme")
    reason = told.pop("reason")
    assert told == {
        "review_id": review_id,
        "start": start,
        "theme": {"id": "T-0002", "name": "闪退", "state": "open", "count": 2},
        "how": "joined",
        "similarity": 0.8123,
        "runner_up": "T-0003",
        "runner_up_similarity": 0.5,
    }
    assert reason["sentence"]
    assert 0 <= reason["similarity"] <= 1
    other = held["T-0002"][1]
    assert (reason["nearest"]["review_id"], reason["nearest"]["start"]) == other


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("R-0/opinions/0/theme", 404, id="no such opinion"),
        pytest.param("R-0/opinions/-1/theme", 422, id="start below zero"),
        pytest.param("R-0/opinions/x/theme", 422, id="start is no number"),
        pytest.param("R-0/opinions/1000001/theme", 422, id="start too large"),
    ],
)
def test_what_has_no_theme_has_no_reason(client: TestClient, path: str, status: int) -> None:
    assert get(client, f"/v1/reviews/{path}", status)["status"] == status


def test_the_body_of_a_rejection_is_bounded() -> None:
    schema = SCHEMAS["RejectIn"]
    assert schema["additionalProperties"] is False
    assert {shape["maxLength"] for shape in schema["properties"].values()} == {100, 500}
