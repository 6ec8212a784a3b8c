"""Corrections through the whole way: a person, another model, a plan, a report, an erasure."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOW, TAXONOMY, SpotClassifier
from desk import Desk, NewDatabase, sample_rows, write_csv
from run_agreement import assert_files_agree, read_opinions

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.records import Labels, PlainLabels, Polarity
from feedback_nlp.storage import annotations, people
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.workflows.correct_opinions import (
    Wish,
    correct_opinion,
    export_corrections,
    list_corrections,
    list_opinions,
)
from training.data import clauses

LATER = SpotClassifier("spot/2026-02-01")
GOOD = PlainLabels(Polarity.POS)


@pytest.fixture
def spot(tmp_path: Path, new_database: NewDatabase) -> Desk:
    """The thirty complaints, read and planned by a model that sees complaints everywhere."""
    desk = Desk(tmp_path, SpotClassifier(), TAXONOMY, new_database=new_database)
    desk.run(file(desk))
    return desk


def file(desk: Desk, **changes: str) -> Path:
    first, *rest = sample_rows(without=["topic"])
    return write_csv(desk.root / "a.csv", [first | changes, *rest])


def first_id(desk: Desk) -> str:
    text = sample_rows()[0]["内容"]
    return next(str(line["id"]) for line in read_opinions(desk.out) if line["text"] == text)


def correct(desk: Desk, review_id: str, said: PlainLabels, *, start: int = 0) -> Labels:
    wish = Wish(review_id, start, said, author="小李", reason="反话")
    model = desk.classifier.version
    with desk.engine() as engine, transaction(engine) as session:
        return correct_opinion(session, desk.workspace, wish, desk.taxonomy, model=model, now=NOW)


def rows_of(desk: Desk, model: str) -> list[str]:
    return [row for row in desk.dump() if f"'model': '{model}'" in row]


def test_a_correction_survives_another_model_and_reaches_report_and_plan(spot: Desk) -> None:
    key, old = first_id(spot), spot.classifier.version
    before, candidates = rows_of(spot, old), spot.run(file(spot)).data.run.candidates
    labels = correct(spot, key, GOOD)
    assert (labels.polarity, labels.severity) == (Polarity.POS, 0)

    later = replace(spot, classifier=LATER)
    report = later.run(file(later))
    assert report.data.run.model == LATER.version
    assert report.data.run.candidates == candidates - 1
    assert report.data.polarity.pos == 1
    (line,) = [line for line in read_opinions(later.out) if line["id"] == key]
    assert (line["polarity"], line["uncertain"], line["model"]) == ("pos", False, LATER.version)
    assert line["opinions"][0]["probabilities"] == {"neg": 0.0, "neu": 0.0, "pos": 1.0}
    members = {member for theme in report.data.themes for member in theme.members}
    assert (key, 0) not in members
    assert_files_agree(later.out)
    assert rows_of(later, old) == before


def test_a_new_text_retires_a_correction_but_keeps_it(spot: Desk) -> None:
    key = first_id(spot)
    correct(spot, key, GOOD)
    spot.run(file(spot, 内容="今天又闪退了"))
    with spot.engine() as engine, reading(engine) as session:
        found = list_opinions(session, spot.workspace, key, model=spot.classifier.version)
        (kept,) = list_corrections(session, spot.workspace)
    assert found.annotation.polarity is Polarity.NEG
    assert found.corrected == frozenset()
    assert (kept.present, kept.correction.author, kept.correction.reason) == (False, "小李", "反话")


def test_an_erasure_takes_the_corrections_along(spot: Desk) -> None:
    correct(spot, first_id(spot), GOOD)
    order = ErasureOrder("管理员", "请求", NOW)
    with spot.engine() as engine, transaction(engine) as session:
        counts = people.erase(session, spot.workspace, Person((sample_rows()[0]["用户"],)), order)
        assert counts["label_corrections"] == 1
        assert list_corrections(session, spot.workspace) == []


def test_an_export_is_what_training_reads(spot: Desk) -> None:
    key, out = first_id(spot), spot.root / "train.jsonl"
    correct(spot, key, GOOD)
    correct(spot, key, PlainLabels(topics=("account.login",)))
    with spot.engine() as engine, reading(engine) as session:
        assert export_corrections(session, spot.workspace, out) == 1
        opinions = list_opinions(session, spot.workspace, key, model=spot.classifier.version)
    line = json.loads(out.read_text("utf-8"))
    assert line == {
        "id": f"{key}:0",
        "text": opinions.annotation.opinions[0].text,
        "polarity": "pos",
        "intent": "complaint",
        "topics": ["account.login"],
        "severity": 0,
    }
    (clause,) = clauses(out)
    assert (clause.polarity, clause.severity) == ("pos", 0)


def test_errors_name_the_field(spot: Desk) -> None:
    key = first_id(spot)
    with pytest.raises(NotFoundError, match="R-0"):
        correct(spot, "R-0", GOOD)
    with pytest.raises(InputError, match=r"at：.*从 999 开始.*可选：0"):
        correct(spot, key, GOOD, start=999)
    with pytest.raises(InputError, match=LATER.version):
        correct(replace(spot, classifier=LATER), key, GOOD)


def test_what_a_correction_says_is_there_for_every_reader(spot: Desk) -> None:
    key = first_id(spot)
    correct(spot, key, GOOD)
    with spot.engine() as engine, reading(engine) as session:
        found = list_opinions(session, spot.workspace, key, model=spot.classifier.version)
        stored = annotations.get(session, spot.workspace, key, model=spot.classifier.version)
    assert stored == found.annotation
    assert found.corrected == {
        (found.annotation.opinions[0].start, found.annotation.opinions[0].end)
    }
