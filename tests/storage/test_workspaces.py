"""The same ids in two workspaces never mix."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import (
    HOME,
    MODEL,
    NOW,
    annotation,
    labels,
    priority,
    review,
    run,
    theme,
    ticket,
)

from feedback_nlp.records import Polarity, Rejected, TicketState
from feedback_nlp.storage import (
    annotations,
    priorities,
    rejections,
    reviews,
    runs,
    themes,
    tickets,
)
from feedback_nlp.storage.database import transaction

AWAY, EMPTY = "away", "empty"


def _fill(session: Session, workspace: str) -> None:
    """Write the same ids with other content into each workspace."""
    here = workspace == HOME
    one = review(text="闪退了，求修复" if here else "卡死了，求改进", likes=int(here))
    polarity = Polarity.NEG if here else Polarity.NEU
    reviews.add(session, workspace, [review(text="旧文"), one], now=NOW)
    rejections.add(session, workspace, "a.csv", [Rejected(1, workspace)], now=NOW)
    parts = ((0, 3, labels(polarity)), (4, 7, labels()))
    annotations.add(session, workspace, [annotation(one, *parts)])
    themes.save(session, workspace, [theme("T-0001", ("r1", 4), name=workspace)], now=NOW)
    priorities.save(session, workspace, [priority(score=1.0 + here)])
    draft = replace(ticket(), title=workspace)
    tickets.save(session, workspace, [draft], now=NOW)
    runs.add(session, workspace, run(1 + here))


READS: dict[str, Callable[[Session, str], object]] = {
    "reviews.get": lambda s, w: reviews.get(s, w, "r1"),
    "reviews.pending": lambda s, w: reviews.pending(s, w, model="new", limit=9),
    "reviews.count_pending": lambda s, w: reviews.count_pending(s, w, model="new"),
    "reviews.every": lambda s, w: list(reviews.every(s, w)),
    "reviews.time_span": reviews.time_span,
    "reviews.revisions": lambda s, w: reviews.revisions(s, w, "r1"),
    "rejections.every": rejections.every,
    "rejections.count": rejections.count,
    "annotations.get": lambda s, w: annotations.get(s, w, "r1", model=MODEL),
    "annotations.every": lambda s, w: list(annotations.every(s, w, model=MODEL)),
    "annotations.voices": lambda s, w: annotations.voices(s, w, model=MODEL),
    "annotations.count_opinions": lambda s, w: annotations.count_opinions(s, w, model=MODEL),
    "themes.every": themes.every,
    "themes.get": lambda s, w: themes.get(s, w, "T-0001"),
    "themes.voices_of": lambda s, w: themes.voices_of(s, w, "T-0001", model=MODEL, limit=9),
    "themes.history": lambda s, w: themes.history(s, w, "T-0001"),
    "themes.next_number": themes.next_number,
    "priorities.every": priorities.every,
    "priorities.get": lambda s, w: priorities.get(s, w, "T-0001"),
    "tickets.every": tickets.every,
    "tickets.get": lambda s, w: tickets.get(s, w, "K-0001"),
    "tickets.open_ids": tickets.open_ids,
    "tickets.history": lambda s, w: tickets.history(s, w, "K-0001"),
    "tickets.next_number": tickets.next_number,
    "runs.latest": runs.latest,
}
PUBLIC = (annotations, priorities, rejections, reviews, runs, themes, tickets)
WRITES = {"add", "begin", "save"}


@pytest.mark.parametrize("name", READS)
def test_what_others_write_changes_no_answer(engine: Engine, name: str) -> None:
    read = READS[name]
    with transaction(engine) as session:
        nothing = read(session, EMPTY)
        _fill(session, HOME)
        before = read(session, HOME)
        _fill(session, AWAY)
        _change_everything(session, AWAY)
        assert read(session, HOME) == before
        assert read(session, EMPTY) == nothing


def _change_everything(session: Session, workspace: str) -> None:
    reviews.add(session, workspace, [review(text="新文"), review("r2")], now=NOW)
    annotations.add(session, workspace, [annotation(review(text="新文"))])
    rejections.begin(session, workspace, "a.csv")
    themes.save(session, workspace, [theme("T-0005", ("r2", 0))], now=NOW)
    priorities.save(session, workspace, [])
    newer = [ticket("K-0004", "T-0005", TicketState.SCHEDULED), replace(ticket(), title="新")]
    tickets.save(session, workspace, newer, now=NOW)
    runs.add(session, workspace, run(9))


def test_every_reading_function_is_on_the_list() -> None:
    present = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in PUBLIC
        for name, thing in vars(module).items()
        if callable(thing)
        and getattr(thing, "__module__", None) == module.__name__
        and not name.startswith(("_", "to_"))
        and not isinstance(thing, type)
        and name not in {*WRITES, "text_hash"}
    }
    assert present == set(READS)
