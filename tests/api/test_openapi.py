"""The OpenAPI document: committed, in Chinese, true."""

import json
import os
import re
import runpy
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api.app import create_app
from feedback_nlp.settings import Settings

COMMITTED = Path(__file__).parents[2] / "api" / "openapi.json"
EXAMPLES = int(os.environ.get("FEEDBACK_EXAMPLES", "20"))
"""Of each operation; `make soak` takes 200."""
HAN = re.compile(r"[\u4e00-\u9fff]")
DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()


OPERATIONS = [
    pytest.param(path, operation, id=f"{method.upper()} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_committed_document_is_the_present_one(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("api.__main__", run_name="__main__")
    if capsys.readouterr().out != COMMITTED.read_text("utf-8"):
        pytest.fail("run: python -m api > api/openapi.json")


def test_served_document_is_the_committed_one(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == json.loads(COMMITTED.read_text("utf-8"))


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_operation_speaks_chinese_and_documents_its_problems(
    path: str, operation: dict[str, Any]
) -> None:
    assert HAN.search(operation["summary"])
    assert HAN.search(operation["description"])
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    failures = {int(code) for code in operation["responses"] if int(code) >= 400}
    # Only whether the process is up hangs on nothing else.
    assert (503 in failures) == (path != "/healthz")
    # One of a few fixed words is refused as such; any other name may not be there.
    named = [
        each
        for each in operation.get("parameters", ())
        if each["in"] == "path" and "$ref" not in each["schema"]
    ]
    assert ("{" in path) <= (422 in failures)
    assert bool(named) <= (404 in failures)
    for code in failures:
        content = operation["responses"][str(code)]["content"]
        assert list(content) == ["application/problem+json"]


def test_every_field_is_described_in_chinese() -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, shape in schema.get("properties", {}).items()
        if "$ref" not in shape and "items" not in shape
        if not HAN.search(shape.get("description", ""))
    ]
    assert silent == []


def test_input_refuses_extras_and_bounds_every_number_and_length() -> None:
    for name in ("ReviewsIn", "ReviewIn"):
        schema = DOCUMENT["components"]["schemas"][name]
        assert schema["additionalProperties"] is False
        for shape in schema["properties"].values():
            for kind in shape.get("anyOf", [shape]):
                if kind.get("type") in {"number", "integer"}:
                    assert {"minimum", "maximum"} <= set(kind)
                if kind.get("type") == "string":
                    assert "maxLength" in kind
                if kind.get("type") == "array":
                    assert {"minItems", "maxItems"} <= set(kind)


def test_example_of_the_document_is_accepted(client: TestClient) -> None:
    example = DOCUMENT["components"]["schemas"]["ReviewsIn"]["examples"][0]
    answer = client.post("/v1/reviews", json=example).json()
    assert answer["counts"]["added"] == len(example["reviews"])


def without_long_lists() -> dict[str, Any]:
    """Schemathesis would try 10,001 reviews many times; other tests send that many once."""
    document = deepcopy(DOCUMENT)
    del document["components"]["schemas"]["ReviewsIn"]["properties"]["reviews"]["maxItems"]
    # It would make keys up; the client carries a good one, and test_every_route.py tries bad ones.
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return document


@schemathesis.serializer("application/x-ndjson", "text/csv")
def as_it_is(_context: schemathesis.SerializationContext, value: Any) -> bytes:  # noqa: ANN401 (whatever was made up)
    return str(value).encode("utf-8", "replace")


schema = schemathesis.openapi.from_dict(without_long_lists())


@schema.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_keep_what_the_document_promises(
    case: schemathesis.Case[Any], client: TestClient
) -> None:
    request = case.as_transport_kwargs(base_url="http://testserver")
    # Schemathesis speaks the dialect of requests.
    content = {"content": request.pop("data")} if "data" in request else {}
    del request["cookies"]
    answer = client.request(**request, **content)
    # A bad entry of `reviews` is answered 200 with an error of its own, as CONTRACTS.md says.
    # Names and bounds of settings hang on the taxonomy: a schema cannot tell them.
    excluded: dict[str, list[Any]] = {
        # A wish about an account that is not there yet must be whole; so many logins are refused.
        "/v1/users/{name}": [positive_data_acceptance],
        "/v1/session": [positive_data_acceptance],
        # Keys expire in the future.
        "/v1/keys": [positive_data_acceptance],
        "/v1/reviews": [negative_data_rejection],
        # A body is a table, a column map names its columns.
        "/v1/reviews:bulk": [positive_data_acceptance, negative_data_rejection],
        # An address must be one, and not inside.
        "/v1/webhooks": [positive_data_acceptance],
        "/v1/policy": [positive_data_acceptance],
        # Bounds of a value hang on the metric, those of a day on the other one.
        "/v1/targets": [positive_data_acceptance],
        # Either a user or a review; which blanks and words a wording may hold, no schema can tell.
        "/v1/opt-outs": [positive_data_acceptance],
        "/v1/reply-templates/{kind}": [positive_data_acceptance],
        # Nor which characters a name may hold that goes into a database.
        "/v1/theme-proposals/{proposal_id}/accept": [positive_data_acceptance],
        "/v1/theme-proposals/{proposal_id}/reject": [positive_data_acceptance],
        # Some field must be there, or some day within bounds.
        "/v1/tickets/{ticket_id}": [positive_data_acceptance],
        "/v1/tickets/{ticket_id}/assign": [positive_data_acceptance],
        "/v1/tickets/{ticket_id}/comments": [positive_data_acceptance],
        "/v1/progress": [positive_data_acceptance],
        # Some label must be said, and be one of ours.
        "/v1/corrections": [positive_data_acceptance],
        # What the rules did not find needs a reason.
        "/v1/quarantine/hold": [positive_data_acceptance],
        # Nobody answers in the future.
        "/v1/sla/{review_id}/answer": [positive_data_acceptance],
        # A group needs its value, weeks need a single ticket, a time must be one.
        "/v1/releases": [positive_data_acceptance],
    }
    # A cursor is a word of ours, a query needs a word, If-Match a tag of ours.
    ours = {"cursor", "q", "if-match"} & {each.name for each in case.operation.iter_parameters()}
    checks = excluded.get(case.path, []) + [positive_data_acceptance] * bool(ours)
    case.validate_response(answer, excluded_checks=checks)
