"""Runs day after day: themes and their opinions stay, nothing is encoded twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from builders import NOW
from desk import COMPLAINTS, Desk

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels, Placement
from feedback_nlp.storage import placements, themes
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.run_files import plan_stored, score


@dataclass
class Listening:
    """The same model under another name; keeps what it was asked to encode."""

    model: Classifier
    name: str
    asked: list[str] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.name

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return self.model.label(clauses)

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += clauses
        return self.model.encode(clauses)


def placed(desk: Desk) -> list[Placement]:
    with desk.engine() as engine, reading(engine) as session:
        return placements.every(session, desk.workspace)


def kinds(desk: Desk, theme_id: str) -> list[str]:
    with desk.engine() as engine, reading(engine) as session:
        return [event.kind for event in themes.history(session, desk.workspace, theme_id)]


def plan(desk: Desk) -> None:
    with desk.setup() as setup:
        score(setup)
        plan_stored(setup, now=NOW)


def test_every_member_of_a_theme_has_a_place(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    with desk.engine() as engine, reading(engine) as session:
        members = {
            (member, theme.id)
            for theme in themes.every(session, desk.workspace)
            for member in theme.members
        }
    assert {(each.place, each.theme_id) for each in placed(desk)} == members
    assert members


def test_a_clause_is_encoded_once(desk: Desk) -> None:
    listening = Listening(desk.classifier, desk.classifier.version)
    heard = replace(desk, classifier=listening)
    heard.run(COMPLAINTS)
    assert len(listening.asked) == len(set(listening.asked)) > 0
    listening.asked.clear()
    plan(heard)
    assert listening.asked == []


def test_another_model_leaves_opinions_where_they_are_and_writes_a_map(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    before = placed(desk)
    plan(replace(desk, classifier=Listening(desk.classifier, "other/2026-12-01")))
    assert placed(desk) == before
    with desk.engine() as engine, reading(engine) as session:
        for theme in themes.every(session, desk.workspace):
            last = themes.history(session, desk.workspace, theme.id)[-1]
            told = dict(last.detail)
            assert last.kind == "remodelled"
            assert told["to"].startswith("other/2026-12-01 ")
            assert (told["kept"], told["left"], told["joined"]) == (str(theme.count), "0", "0")


def test_the_map_is_written_once(desk: Desk) -> None:
    desk.run(COMPLAINTS)
    other = replace(desk, classifier=Listening(desk.classifier, "other/2026-12-01"))
    plan(other)
    plan(other)
    assert kinds(desk, "T-0001").count("remodelled") == 1
