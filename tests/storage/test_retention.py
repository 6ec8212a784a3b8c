"""What is too old goes, and nothing else."""

from datetime import timedelta

import pytest
from databases import every_row
from full_database import DECIDED, fill, review_row
from sqlalchemy import Engine, insert, select
from storage_samples import HOME, NOW

from feedback_nlp.errors import InputError
from feedback_nlp.storage import retention, tables
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.retention import Policy


@pytest.fixture
def full(engine: Engine) -> Engine:
    with transaction(engine) as session:
        for workspace in (HOME, "away"):
            fill(session, workspace)
    return engine


def due(engine: Engine, policy: Policy, *, days: int = 0) -> dict[str, int]:
    with reading(engine) as session:
        return retention.due(session, HOME, policy, now=NOW + timedelta(days=days))


def sweep(engine: Engine, policy: Policy, *, days: int = 0, limit: int = 1_000) -> dict[str, int]:
    with transaction(engine) as session:
        now = NOW + timedelta(days=days)
        return retention.sweep(session, HOME, policy, now=now, limit=limit)


def ids(engine: Engine, name: str) -> list[str]:
    table = tables.metadata.tables[name]
    with reading(engine) as session:
        query = select(list(table.primary_key)[1]).where(table.c.workspace_id == HOME)
        return sorted(map(str, session.execute(query).scalars()))


def test_no_policy_keeps_everything(full: Engine) -> None:
    before = every_row(full)
    assert due(full, Policy(), days=9_999) == {}
    assert sweep(full, Policy(), days=9_999) == {}
    assert every_row(full) == before


@pytest.mark.parametrize(
    ("policy", "days", "expected"),
    [
        pytest.param(Policy(review_days=6), 0, {}, id="young reviews"),
        pytest.param(Policy(review_days=5), 1, {"reviews": 4}, id="written five days ago"),
        pytest.param(Policy(review_days=5), 6, {"reviews": 5}, id="undated: since the import"),
        pytest.param(Policy(original_days=5), 1, {"original_texts": 1}, id="originals"),
        pytest.param(Policy(rejection_days=1), 1, {}, id="rejections of that very moment"),
        pytest.param(Policy(rejection_days=1), 2, {"rejections": 5}, id="rejections"),
        pytest.param(Policy(usage_days=30), 0, {"usage_events": 2}, id="usage"),
        pytest.param(
            Policy(30, 30, 30, 30),
            99,
            {"reviews": 5, "original_texts": 1, "rejections": 5, "usage_events": 2},
            id="everything at once",
        ),
    ],
)
def test_what_is_due_is_counted_and_goes(
    full: Engine, policy: Policy, days: int, expected: dict[str, int]
) -> None:
    others = [row for row in every_row(full) if "'away'" in row]
    assert due(full, policy, days=days) == expected
    gone = sweep(full, policy, days=days)
    assert {name: gone.get(name) for name in expected} == expected
    assert due(full, policy, days=days) == {}
    assert sweep(full, policy, days=days) == {}
    assert [row for row in every_row(full) if "'away'" in row] == others


def test_old_reviews_go_with_all_that_hangs_on_them(full: Engine) -> None:
    gone = sweep(full, Policy(review_days=5), days=1)
    assert gone == {
        "reviews": 4,
        "review_revisions": 1,
        "original_texts": 1,
        "annotations": 8,
        "opinions": 8,
        "label_corrections": 2,
        "quarantine": 2,
        "escalations": 2,
        "sends": 2,
        "embeddings": 1,
        "theme_members": 3,
        "theme_placements": 3,
        "theme_moves": 2,
        "theme_bars": 1,
        "theme_proposal_members": 2,
        "alerts": 2,
        "survey_answers": 1,
        "themes": 2,
        "theme_events": 2,
        "theme_proposals": 1,
        "tickets": 2,
        "ticket_events": 2,
        **DECIDED,
    }
    assert ids(full, "reviews") == ["r4"]
    assert ids(full, "orders") == ["o1", "o2"]
    assert ids(full, "erasures") == ["ff00"]


def test_originals_go_alone(full: Engine) -> None:
    sweep(full, Policy(original_days=1))
    assert ids(full, "original_texts") == []
    assert len(ids(full, "reviews")) == 5


def test_a_sweep_takes_so_many_at_a_time_and_goes_on(engine: Engine) -> None:
    rows = [review_row(f"m{n}", f"第{n}条", None) | {"workspace_id": HOME} for n in range(25)]
    with transaction(engine) as session:
        session.execute(insert(tables.reviews), rows)
    policy = Policy(review_days=5)
    sizes = [sweep(engine, policy, days=1, limit=10).get("reviews", 0) for _ in range(4)]
    assert sizes == [10, 10, 5, 0]


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_a_policy_without_sense_is_refused(days: int) -> None:
    with pytest.raises(InputError, match=str(days)):
        Policy(rejection_days=days)
