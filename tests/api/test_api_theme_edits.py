"""Edits of themes over HTTP: done, previewed, undone, told; lists by state; bounded bodies."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from feedback_nlp.records import How, Placement
from feedback_nlp.settings import Settings
from feedback_nlp.storage import placements, themes
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.placements import Compared

SCHEMAS = create_app(Settings()).openapi()["components"]["schemas"]
NOW = datetime(2026, 3, 9, tzinfo=UTC)
BODIES = ("EditIn", "RenameIn", "MergeIn", "SplitIn", "MoveIn", "UndoIn", "PlaceIn")
Json = dict[str, Any]


@pytest.fixture
def ids(planned: dict[str, str], database: Engine) -> dict[str, str]:
    """Ids of the planned themes; what they hold is written down too."""
    with transaction(database) as session:
        placed = [
            Placement(*place, theme.id, How.JOINED, 0.81234567, planned["asleep"], 0.5)
            for theme in themes.every(session, "default")
            for place in theme.members
        ]
        placements.put(session, "default", placed, Compared("test", NOW))
    return planned


def post(client: TestClient, path: str, status: int = 200, **body: Any) -> Json:  # noqa: ANN401 (any JSON)
    answer = client.post(f"/v1/themes/{path}", json=body)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def get(client: TestClient, path: str) -> Json:
    answer = client.get(f"/v1/themes{path}")
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def places(client: TestClient, theme_id: str) -> list[Json]:
    members = get(client, f"/{theme_id}/members")["members"]
    return [{"review_id": each["review_id"], "start": each["start"]} for each in members]


def listed(client: TestClient, state: str) -> list[str]:
    return [theme["id"] for theme in get(client, f"?state={state}")["themes"]]


def test_a_rename_answers_its_number_and_shows_everywhere(
    client: TestClient, ids: dict[str, str]
) -> None:
    done = post(client, f"{ids['best']}/rename", name=" 打开就退 ", author="小李", reason="清楚")
    number = done.pop("number")
    assert done == {
        "kind": "rename",
        "dry_run": False,
        "themes": [
            {
                "id": ids["best"],
                "name": "打开就退",
                "state": "open",
                "merged_into": None,
                "before": 2,
                "count": 2,
            }
        ],
        "moved": 0,
        "warnings": [],
    }
    assert get(client, f"/{ids['best']}")["name"] == "打开就退"
    history = get(client, f"/{ids['best']}/history")
    assert (history["name"], history["named_by_hand"], history["total"]) == ("打开就退", True, 2)
    created, renamed = history["events"]
    assert (created["kind"], created["author"], created["reason"]) == ("created", None, None)
    assert (renamed["number"], renamed["author"], renamed["reason"]) == (number, "小李", "清楚")
    assert renamed["detail"]["from"] == "闪退"
    assert renamed["at"].endswith("+08:00")


def test_a_preview_has_no_number_and_changes_nothing(
    client: TestClient, ids: dict[str, str]
) -> None:
    paths = ["?state=all", *(f"/{theme_id}/history" for theme_id in ids.values())]
    before = [get(client, path) for path in paths]
    body: Json = {"sources": [ids["second"]]}
    preview = post(client, f"{ids['best']}/merge", dry_run=True, **body)
    assert (preview["number"], preview["dry_run"], preview["moved"]) == (None, True, 1)
    assert [get(client, path) for path in paths] == before
    done = post(client, f"{ids['best']}/merge", **body)
    assert done | {"number": None, "dry_run": True} == preview


def test_a_merged_theme_says_where_it_went_and_comes_back_by_undo(
    client: TestClient, ids: dict[str, str]
) -> None:
    done = post(client, f"{ids['best']}/merge", sources=[ids["second"]])
    assert done["warnings"] == ["主题 T-0001 有未完成的工单 K-0001，请另行处理"]
    assert get(client, f"/{ids['second']}/history")["merged_into"] == ids["best"]
    assert len(places(client, ids["best"])) == 3
    undone = post(client, "undo", number=done["number"])
    assert (undone["kind"], undone["moved"]) == ("undo", 1)
    assert get(client, f"/{ids['second']}")["count"] == 1
    merged, last = get(client, f"/{ids['second']}/history?limit=2&offset=1")["events"]
    assert [(e["kind"], e["undone"], e["theme"]) for e in (merged, last)] == [
        ("merge", True, ids["best"]),
        ("undo", False, ids["best"]),
    ]


def test_a_split_lists_its_new_theme_after_the_ranked_ones(
    client: TestClient, ids: dict[str, str]
) -> None:
    one = places(client, ids["best"])[:1]
    new = post(client, f"{ids['best']}/split", opinions=one, name="另一件事")["themes"][0]
    assert (new["id"], new["before"], new["count"]) == ("T-0004", 0, 1)
    answer = get(client, "")
    assert [(theme["id"], theme["rank"]) for theme in answer["themes"]] == [
        (ids["best"], 1),
        (ids["second"], 2),
        ("T-0004", None),
    ]
    assert answer["total"] == 3


@pytest.mark.parametrize("to", ["T-0001", None], ids=["to a theme", "out"])
def test_opinions_are_moved(client: TestClient, ids: dict[str, str], to: str | None) -> None:
    one = places(client, ids["best"])[0]
    done = post(client, "move", opinions=[one], to=to)
    assert done["moved"] == 1
    assert one not in places(client, ids["best"])
    assert (one in places(client, ids["second"])) is (to is not None)


def test_themes_are_listed_by_state(client: TestClient, ids: dict[str, str]) -> None:
    post(client, f"{ids['best']}/close")
    assert listed(client, "closed") == [ids["best"]]
    assert listed(client, "open") == [ids["second"]]
    assert listed(client, "dormant") == [ids["asleep"]]
    assert listed(client, "merged") == []
    assert listed(client, "all") == [ids["second"], ids["best"], ids["asleep"]]
    post(client, f"{ids['best']}/reopen")
    assert listed(client, "open") == [ids["second"], ids["best"]]


def test_members_tell_how_they_came(client: TestClient, ids: dict[str, str]) -> None:
    answer = get(client, f"/{ids['best']}/members?limit=1&offset=1")
    (member,) = answer["members"]
    assert answer["total"] == 2
    assert (member["how"], member["similarity"]) == ("joined", 0.8123)
    assert (member["runner_up"], member["runner_up_similarity"]) == (ids["asleep"], 0.5)
    review = client.get(f"/v1/reviews/{member['review_id']}").json()
    assert review["text"][member["start"] : member["end"]] == member["text"]


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        pytest.param("T-0099/rename", {"name": "新名"}, 404, "T-0099", id="no such theme"),
        pytest.param("T-0002/rename", {"name": "物流慢"}, 409, "已经叫", id="name of another"),
        pytest.param("T-0002/rename", {"name": " "}, 422, "name", id="blank name"),
        pytest.param("T-0002/rename", {"name": "长" * 41}, 422, "40", id="long name"),
        pytest.param("T-0002/rename", {}, 422, "name", id="no name"),
        pytest.param("T-0002/merge", {"sources": []}, 422, "sources", id="nothing to merge"),
        pytest.param("T-0002/merge", {"sources": ["T-0002"]}, 422, "sources", id="with itself"),
        pytest.param("T-0002/reopen", {}, 409, "没有关闭", id="not closed"),
        pytest.param("T-0002/close", {"by": "x"}, 422, "by", id="extra field"),
        pytest.param("T-0002/close", {"author": "名" * 101}, 422, "author", id="long author"),
        pytest.param("T-0002/close", {"reason": "因" * 501}, 422, "reason", id="long reason"),
        pytest.param("T-0002/close", {"author": "a\x00"}, 422, "author", id="NUL"),
        pytest.param(
            "T-0002/split",
            {"opinions": [{"review_id": "R-0", "start": 0}]},
            422,
            "R-0:0",
            id="stranger",
        ),
        pytest.param(
            "move",
            {"opinions": [{"review_id": "R-0", "start": 0}], "to": None},
            404,
            "R-0",
            id="no such opinion",
        ),
        pytest.param("move", {"opinions": [{"review_id": "R-0"}]}, 422, "start", id="no start"),
        pytest.param("undo", {}, 404, "没有可以撤销", id="nothing to undo"),
        pytest.param("undo", {"number": 0}, 422, "number", id="number below one"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_what_cannot_be_done_is_a_problem_that_names_it(
    client: TestClient, path: str, body: Json, status: int, word: str
) -> None:
    problem = post(client, path, status, **body)
    assert problem["status"] == status
    assert word in problem["detail"]


@pytest.mark.parametrize("name", BODIES)
def test_bodies_refuse_extras_and_bound_every_length_and_number(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["additionalProperties"] is False
    for shape in schema["properties"].values():
        for kind in shape.get("anyOf", [shape]):
            required = {
                "string": {"maxLength"},
                "integer": {"minimum", "maximum"},
                "array": {"minItems", "maxItems"},
            }.get(kind.get("type", ""), set())
            assert required <= set(kind)


def test_an_unknown_state_is_refused_with_the_choices(client: TestClient) -> None:
    answer = client.get("/v1/themes?state=asleep")
    assert answer.status_code == 422
    assert "open、dormant、closed、merged、all" in answer.json()["detail"]
