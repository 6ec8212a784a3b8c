"""The trend of a theme by day or by week."""

import pytest
from fastapi.testclient import TestClient


def test_a_trend_by_day_and_by_week_counts_alike(
    client: TestClient, planned: dict[str, str]
) -> None:
    path = f"/v1/themes/{planned['best']}/trend"
    days = client.get(path).json()
    weeks = client.get(path, params={"by": "week", "days": 366}).json()
    assert sum(each["count"] for each in days["trend"]) == sum(
        each["count"] for each in weeks["trend"]
    )
    assert days["denominator"] == weeks["denominator"]
    for each in days["trend"]:
        assert set(each) == {"start", "count", "base", "rate"}


@pytest.mark.parametrize(
    ("params", "status"),
    [
        pytest.param({"by": "month"}, 422, id="an unknown step"),
        pytest.param({"days": 0}, 422, id="no days"),
        pytest.param({"days": 367}, 422, id="too many days"),
        pytest.param({"from": "2026-03-01"}, 422, id="an unknown parameter"),
    ],
)
def test_a_bad_question_is_refused(
    client: TestClient, planned: dict[str, str], params: dict[str, str], status: int
) -> None:
    answer = client.get(f"/v1/themes/{planned['best']}/trend", params=params)
    assert answer.status_code == status


def test_an_unknown_theme_has_no_trend(client: TestClient) -> None:
    assert client.get("/v1/themes/T-9999/trend").status_code == 404
