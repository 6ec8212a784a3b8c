"""An application on an empty database with a classifier of ten lines, and a planned workspace."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from callers import with_key
from databases import migrated_copy
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from feedback_nlp.records import (
    Intent,
    Labels,
    Polarity,
    Priority,
    Probabilities,
    Quote,
    Run,
    Taxonomy,
    Theme,
    Ticket,
    TicketState,
    Topic,
    TopicProbability,
    WeekCount,
)
from feedback_nlp.settings import Settings
from feedback_nlp.storage import priorities, runs, themes, tickets
from feedback_nlp.storage.database import open_database, transaction

NOW = datetime(2026, 3, 9, tzinfo=UTC)
MODEL = "fake/2026-03-01"
WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class WordClassifier:
    """Knows a few words; the answer for a clause depends on this clause only."""

    version: str = MODEL

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return [self._label(clause) for clause in clauses]

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.ones((len(clauses), 1), dtype=np.float32)

    @staticmethod
    def _label(clause: str) -> Labels:
        bad, good = "慢" in clause or "闪退" in clause, "好" in clause
        polarity = Polarity.NEG if bad else Polarity.POS if good else Polarity.NEU
        share = {Polarity.NEG: (0.9, 0.06, 0.04), Polarity.POS: (0.04, 0.06, 0.9)}
        code = "performance.crash" if "闪退" in clause else "logistics.speed"
        return Labels(
            polarity=polarity,
            probabilities=Probabilities(*share.get(polarity, (0.2, 0.6, 0.2))),
            uncertain=polarity is Polarity.NEU,
            topics=(TopicProbability(code, 0.75),),
            intent=Intent.COMPLAINT if bad else Intent.PRAISE if good else Intent.OTHER,
            severity=2 if bad else 0,
        )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=migrated_copy(tmp_path / "db" / "feedback.db"))


@pytest.fixture
def taxonomy() -> Taxonomy:
    return Taxonomy(
        "2026-03-01",
        (
            Topic(
                "logistics.speed",
                "配送时效",
                "快慢",
                "logistics",
                "物流配送",
                "物流",
                "weekly",
                2,
            ),
        ),
    )


@pytest.fixture
def classifier() -> WordClassifier:
    return WordClassifier()


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document; every application of a test has the same one."""
    return create_app(Settings()).openapi()


@pytest.fixture
def app(
    settings: Settings,
    taxonomy: Taxonomy,
    classifier: WordClassifier,
    document: dict[str, Any],
) -> FastAPI:
    app = create_app(settings, classifier=classifier, taxonomy=taxonomy)
    app.openapi_schema = document  # half a second each time it is asked for first
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield with_key(client)


@pytest.fixture
def database(client: TestClient, settings: Settings) -> Iterator[Engine]:  # noqa: ARG001 (the application makes the database first)
    engine = open_database(settings.database_url)
    yield engine
    engine.dispose()


def _theme(number: int, name: str, members: tuple[tuple[str, int], ...]) -> Theme:
    count = len(members)
    return Theme(
        id=f"T-{number:04d}",
        name=name,
        topic="logistics.speed",
        keywords=("物流", "慢"),
        quotes=tuple(Quote(review_id, start, start + 2, "原话") for review_id, start in members),
        members=members,
        count=count,
        reviews=count,
        users=count,
        negative_share=2 / 3,
        first_seen=NOW,
        last_seen=NOW,
        trend=(WeekCount(date(2026, 3, 9), count),),
        by_channel=(("api", count),),
        by_version=(("", count),),
        by_region=(("广东", count),),
        by_rating=(("1", count),),
    )


def _priority(theme_id: str, score: float) -> Priority:
    return Priority(
        theme_id=theme_id,
        reach=100.0,
        impact=2.0,
        confidence=0.8,
        effort=0.46,
        score=score,
        low=score / 2,
        high=score * 2,
        reasons=(("reach", "十周里有 77 个用户提到。"),),
    )


def _ticket(number: int, priority: Priority, state: TicketState) -> Ticket:
    return Ticket(
        id=f"K-{number:04d}",
        theme_id=priority.theme_id,
        title="修复：物流慢",
        problem="很多用户说物流慢。",
        evidence=(Quote("R-1", 0, 4, "物流太慢"),),
        department="物流",
        lane="weekly",
        due=date(2026, 3, 16),
        resources="两周人力",
        acceptance="四周内提及率下降三成",
        state=state,
        priority=priority,
    )


@pytest.fixture
def planned(client: TestClient, database: Engine) -> dict[str, str]:
    """Three reviews, two themes in reverse RICE order, one sleeping theme, two tickets, a run."""
    texts = ["物流太慢了", "配送很慢", "总是闪退"]
    answer = client.post("/v1/reviews", json={"reviews": [{"text": text} for text in texts]})
    ids = tuple(result["id"] for result in answer.json()["results"])
    slow = _theme(1, "物流慢", ((ids[0], 0),))
    crash = _theme(2, "闪退", tuple(sorted(((ids[1], 0), (ids[2], 0)))))
    ranked = (_priority("T-0001", 12.345), _priority("T-0002", 345.678))
    run = Run(
        as_of=NOW,
        model=MODEL,
        taxonomy="2026-03-01",
        lexicon="2026-03-01",
        recipe="2026-03-01",
        reviews=3,
        opinions=3,
        candidates=4,
        assigned=3,
        unassigned=1,
        themes=2,
        tickets=2,
        rejected=0,
    )
    with transaction(database) as session:
        themes.save(session, WORKSPACE, [slow, crash, _theme(3, "旧事", ())], now=NOW)
        themes.save(session, WORKSPACE, [slow, crash], now=NOW)
        priorities.save(session, WORKSPACE, ranked)
        drafts = [
            _ticket(1, ranked[0], TicketState.TRIAGE),
            _ticket(2, ranked[1], TicketState.SCHEDULED),
        ]
        tickets.save(session, WORKSPACE, drafts, now=NOW)
        runs.add(session, WORKSPACE, run)
    return {"best": "T-0002", "second": "T-0001", "asleep": "T-0003"}
