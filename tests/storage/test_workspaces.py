"""The same ids in two workspaces never mix."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import (
    HOME,
    MODEL,
    NOW,
    annotation,
    correction,
    labels,
    origin,
    priority,
    quarantined,
    review,
    run,
    theme,
    ticket,
)

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import (
    Alert,
    AlertKind,
    Bar,
    Customer,
    EditKind,
    Exposure,
    How,
    Order,
    Placement,
    PlainLabels,
    Polarity,
    Proposal,
    ProposalKind,
    ProposalState,
    QuarantineReason,
    Rejected,
    Signature,
    SurveyAnswer,
    TicketState,
    UsageEvent,
)
from feedback_nlp.storage import (
    alerts,
    annotations,
    column_maps,
    customers,
    embeddings,
    exposure,
    heard,
    imports,
    label_corrections,
    orders,
    originals,
    placements,
    priorities,
    proposals,
    quarantine,
    rejections,
    reviews,
    runs,
    surveys,
    theme_edits,
    theme_history,
    themes,
    tickets,
    usage,
)
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.placements import Compared
from feedback_nlp.storage.quarantine import Decision
from feedback_nlp.storage.theme_edits import Move, NewEdit

AWAY, EMPTY = "away", "empty"
GRAVE = PlainLabels(Polarity.NEG, severity=3)


def _fill(session: Session, workspace: str) -> None:
    """Write the same ids with other content into each workspace."""
    here = workspace == HOME
    one = review(text="闪退了，求修复" if here else "卡死了，求改进", likes=int(here))
    polarity = Polarity.NEG if here else Polarity.NEU
    kept = {"r1": f"原文 {workspace}", "r9": f"原文 {workspace}"}
    more = [review(text="旧文"), one, review("r9", created_at=NOW + here * timedelta(days=1))]
    reviews.add(session, workspace, more, now=NOW, originals=kept)
    _fill_intake(session, workspace)
    quarantine.replace(session, workspace, [quarantined("r9", detail=workspace)], now=NOW)
    parts = ((0, 3, labels(polarity)), (4, 7, labels()))
    annotations.add(session, workspace, [annotation(one, *parts)])
    said = PlainLabels(topics=(f"app.{workspace}",))
    label_corrections.add(session, workspace, correction(one, (4, 7), said))
    themes.save(session, workspace, [theme("T-0001", ("r1", 4), name=workspace)], now=NOW)
    _fill_ledger(session, workspace, Placement("r1", 4, "T-0001", How.JOINED, 0.5 + here / 10))
    priorities.save(session, workspace, [priority(score=1.0 + here)])
    draft = replace(ticket(), title=workspace)
    tickets.save(session, workspace, [draft], now=NOW)
    runs.add(session, workspace, run(1 + here))
    told = Alert(AlertKind.SPIKE, "T-0001", NOW.date(), NOW.date(), reason=workspace)
    alerts.put(session, workspace, [told, replace(told, kind=AlertKind.LEGAL, subject="r1")])


def _fill_intake(session: Session, workspace: str) -> None:
    here = workspace == HOME
    number = imports.begin(session, workspace, origin("a.csv", notes=(workspace,)), now=NOW)
    lines = [Rejected(1, workspace), *([Rejected(2, "只在这里")] if here else [])]
    rejections.add(session, workspace, "a.csv", lines, import_id=number, now=NOW)
    imports.count_up(session, workspace, number, {"added": 1 + here})
    column_maps.save(session, workspace, "tmall", "table", {workspace: "text"}, now=NOW)
    customers.add(session, workspace, [Customer("c1", workspace)], now=NOW)
    orders.add(session, workspace, [Order("o1", "u1", NOW, 1.0 + here)], now=NOW)
    surveys.add(session, workspace, [SurveyAnswer("s1", workspace, NOW, nps=9 + here)], now=NOW)
    usage.add(session, workspace, [UsageEvent("e1", "u1", workspace, NOW, count=1 + here)], now=NOW)
    exposure.add(session, workspace, [Exposure(NOW.date(), orders=1 + here)], now=NOW)


def _or_none(
    get: Callable[[Session, str, str], object], session: Session, workspace: str, key: str
) -> object:
    try:
        return get(session, workspace, key)
    except NotFoundError:
        return None


READS: dict[str, Callable[[Session, str], object]] = {
    "reviews.get": lambda s, w: reviews.get(s, w, "r1"),
    "reviews.pending": lambda s, w: reviews.pending(s, w, model="new", limit=9),
    "reviews.count_pending": lambda s, w: reviews.count_pending(s, w, model="new"),
    "reviews.every": lambda s, w: list(reviews.every(s, w)),
    "reviews.time_span": reviews.time_span,
    "reviews.stored_ids": lambda s, w: reviews.stored_ids(s, w, ["r1"]),
    "reviews.count_revisions": reviews.count_revisions,
    "reviews.revisions": lambda s, w: reviews.revisions(s, w, "r1"),
    "originals.get": lambda s, w: originals.get(s, w, "r1"),
    "originals.count": originals.count,
    "imports.get": lambda s, w: imports.get(s, w, 1),
    "imports.every": lambda s, w: imports.every(s, w, limit=9),
    "rejections.every": lambda s, w: list(rejections.every(s, w)),
    "rejections.count": rejections.count,
    "rejections.count_by_source": rejections.count_by_source,
    "column_maps.load": lambda s, w: column_maps.load(s, w, "tmall", "table"),
    "column_maps.every": column_maps.every,
    "quarantine.get": lambda s, w: quarantine.get(s, w, "r9", model=MODEL),
    "quarantine.every": lambda s, w: quarantine.every(s, w, model=MODEL),
    "quarantine.mark": quarantine.mark,
    "quarantine.count_by_reason": lambda s, w: quarantine.count_by_reason(s, w, model=MODEL),
    "quarantine.candidates": lambda s, w: list(quarantine.candidates(s, w, model=MODEL)),
    "customers.every": lambda s, w: list(customers.every(s, w)),
    "orders.every": lambda s, w: list(orders.every(s, w)),
    "orders.by_author": lambda s, w: orders.by_author(
        s, w, ["u1"], first=NOW.date(), last=NOW.date()
    ),
    "surveys.every": lambda s, w: list(surveys.every(s, w)),
    "surveys.scores": lambda s, w: surveys.scores(s, w, NOW.date(), NOW.date()),
    "usage.every": lambda s, w: list(usage.every(s, w)),
    "usage.of_authors": lambda s, w: usage.of_authors(s, w, [("u1", None)]),
    "exposure.every": lambda s, w: list(exposure.every(s, w)),
    "exposure.per_day": lambda s, w: exposure.per_day(s, w, first=NOW.date(), last=NOW.date()),
    "exposure.total": lambda s, w: exposure.total(s, w, first=NOW.date(), last=NOW.date()),
    "annotations.get": lambda s, w: annotations.get(s, w, "r1", model=MODEL),
    "annotations.every": lambda s, w: list(annotations.every(s, w, model=MODEL)),
    "annotations.voices": lambda s, w: annotations.voices(s, w, model=MODEL),
    "annotations.corrected": lambda s, w: annotations.corrected(s, w, ["r1"], model=MODEL),
    "annotations.count_opinions": lambda s, w: annotations.count_opinions(s, w, model=MODEL),
    "annotations.voices_at": lambda s, w: annotations.voices_at(s, w, {("r1", 4)}, model=MODEL),
    "embeddings.known": lambda s, w: str(embeddings.known(s, w, model=MODEL)),
    "embeddings.at": lambda s, w: str(embeddings.at(s, w, [("r1", 4)], model=MODEL)),
    "placements.every": placements.every,
    "placements.of_theme": lambda s, w: placements.of_theme(s, w, "T-0001"),
    "placements.of_review": lambda s, w: placements.of_review(s, w, "r1"),
    "placements.basis": placements.basis,
    "placements.mark": placements.mark,
    "embeddings.mark": lambda s, w: embeddings.mark(s, w, model=MODEL),
    "placements.text_hashes": lambda s, w: placements.text_hashes(s, w, ["r1"]),
    "proposals.every": proposals.every,
    "proposals.get": lambda s, w: _or_none(proposals.get, s, w, "P-0001"),
    "proposals.mark": proposals.mark,
    "theme_edits.edits": theme_edits.edits,
    "theme_edits.every": theme_edits.every,
    "theme_edits.all_bars": theme_edits.all_bars,
    "theme_edits.moves_of": lambda s, w: theme_edits.moves_of(s, w, 2),
    "theme_edits.mark": theme_edits.mark,
    "theme_history.of_theme": lambda s, w: theme_history.of_theme(s, w, "T-0001"),
    "label_corrections.every": label_corrections.every,
    "label_corrections.said": label_corrections.said,
    "label_corrections.mark": label_corrections.mark,
    "themes.every": themes.every,
    "themes.ids": themes.ids,
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
    "alerts.every": alerts.every,
    "alerts.open_on": lambda s, w: alerts.open_on(s, w, NOW.date()),
    "alerts.of_day": lambda s, w: alerts.of_day(s, w, NOW.date()),
    "heard.reviews_per_day": lambda s, w: heard.reviews_per_day(s, w, model=MODEL),
    "heard.lately": lambda s, w: list(heard.lately(s, w, model=MODEL, since=NOW.date())),
}
PUBLIC = (
    alerts,
    annotations,
    column_maps,
    customers,
    embeddings,
    exposure,
    heard,
    imports,
    label_corrections,
    orders,
    originals,
    placements,
    priorities,
    proposals,
    quarantine,
    rejections,
    reviews,
    runs,
    surveys,
    theme_edits,
    theme_history,
    themes,
    tickets,
    usage,
)
WRITES = {
    *("add", "begin", "save", "count_up", "finish", "keep", "replace", "decide", "undecide"),
    *("correct", "hold", "forget_before", "forget_older", "note", "drop", "change", "put"),
    *("remove", "confirm", "record", "lift_bars", "retarget"),
}
PURE = {"emptied", "rounded", "key_of"}


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


def _fill_ledger(session: Session, workspace: str, placed: Placement) -> None:
    placements.put(session, workspace, [placed], Compared(workspace, NOW))
    vector = np.array([0.5, len(workspace)], np.float32)
    embeddings.add(session, workspace, {placed.place: vector}, model=MODEL)
    moves = (Move("r1", 4, None, "T-0001"),)
    bars = (Bar("r1", 4, "T-0001"),) if workspace == HOME else ()
    done = NewEdit(EditKind.MOVE, "T-0001", Signature(workspace, NOW), (), moves, bars)
    theme_edits.record(session, workspace, done)
    part = (placed.place,) if workspace == HOME else ()
    made = Proposal(ProposalKind.SPLIT, "T-0001", None, 0.5 + len(workspace) / 100, part)
    proposals.save(session, workspace, [made], now=NOW)


def _change_everything(session: Session, workspace: str) -> None:
    one = review(text="卡死了，求改进")
    label_corrections.add(session, workspace, correction(one, (0, 3), GRAVE))
    reviews.add(session, workspace, [review(text="新文"), review("r2")], now=NOW)
    annotations.add(session, workspace, [annotation(review(text="新文"))])
    imports.finish(session, workspace, 1, now=NOW)
    rejections.forget_older(session, workspace, "a.csv", import_id=9)
    rejections.correct(session, workspace, [("a.csv", 1), ("a.csv", 2)], now=NOW)
    originals.forget_before(session, workspace, NOW + timedelta(days=1))
    column_maps.save(session, workspace, "tmall", "table", {}, now=NOW)
    held = Decision(held=False, by=workspace, reason=QuarantineReason.TEMPLATE)
    quarantine.decide(session, workspace, "r9", held, now=NOW)
    quarantine.undecide(session, workspace, "r9")
    quarantine.replace(session, workspace, [quarantined("r1")], now=NOW)
    themes.save(session, workspace, [theme("T-0005", ("r2", 0))], now=NOW)
    elsewhere = Placement("r2", 0, "T-0005", How.BY_HAND)
    placements.put(session, workspace, [elsewhere], Compared("", NOW))
    placements.confirm(session, workspace, [elsewhere], Compared("m", NOW))
    placements.retarget(session, workspace, [("r1", 4)], "T-0005")
    placements.remove(session, workspace, [("r1", 4)])
    signed = Signature(workspace, NOW)
    proposals.decide(session, workspace, "P-0001", ProposalState.REJECTED, signed)
    theme_edits.lift_bars(session, workspace, 2)
    priorities.drop(session, workspace, ["T-0001"])
    priorities.save(session, workspace, [])
    newer = [ticket("K-0004", "T-0005", TicketState.SCHEDULED), replace(ticket(), title="新")]
    tickets.save(session, workspace, newer, now=NOW)
    runs.add(session, workspace, run(9))
    again = Alert(AlertKind.SPIKE, "T-0001", NOW.date(), NOW.date(), reason="新的")
    alerts.put(session, workspace, [again])


def test_every_reading_function_is_on_the_list() -> None:
    present = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in PUBLIC
        for name, thing in vars(module).items()
        if callable(thing)
        and getattr(thing, "__module__", None) == module.__name__
        and not name.startswith(("_", "to_"))
        and not isinstance(thing, type)
        and name not in WRITES | PURE
    }
    assert present == set(READS)
