"""What people did to themes outlives many nights and a change of model."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from desk import AFTER_EXAMPLES, EXAMPLES, Desk, sample_rows, write_csv

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels, Signature, Theme, ThemeState
from feedback_nlp.storage import placements, themes
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows import edit_desk, edit_themes, regroup_themes
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.run_files import plan_stored, score

NIGHTS = int(os.environ.get("FEEDBACK_NIGHTS", "8"))
"""`make soak` takes thirty."""
LI = Signature("小李", AFTER_EXAMPLES, "每周例会")


@dataclass(frozen=True, slots=True)
class Turned:
    """The same labels under another name, and vectors that mean something else."""

    model: Classifier
    version: str = "turned/2026-12-01"

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return self.model.label(clauses)

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.asarray(self.model.encode(clauses)[:, ::-1], np.float32)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Themes of one state of the database, and where each opinion belongs."""

    themes: dict[str, Theme]
    homes: dict[tuple[str, int], str]

    def open_ids(self) -> set[str]:
        return {key for key, theme in self.themes.items() if theme.state is ThemeState.OPEN}


def ledger(desk: Desk) -> Ledger:
    with desk.engine() as engine, reading(engine) as session:
        found = themes.every(session, desk.workspace, any_state=True)
        placed = placements.every(session, desk.workspace)
    return Ledger(
        {theme.id: theme for theme in found}, {each.place: each.theme_id for each in placed}
    )


def night_run(desk: Desk, file: Path) -> None:
    """Do what a night does, but for the report."""
    with desk.setup() as setup:
        import_files(Target(setup.engine, desk.workspace, AFTER_EXAMPLES), [file])
        score(setup)
        plan_stored(setup, now=AFTER_EXAMPLES)


@pytest.fixture
def edited(desk: Desk, tmp_path: Path) -> tuple[Desk, Ledger, str]:
    """Half of the examples are planned; then a person renames, merges, splits and closes."""
    rows = sample_rows(EXAMPLES)
    night_run(desk, write_csv(tmp_path / "half.csv", rows[::2]))
    known = sorted(ledger(desk).themes.values(), key=lambda theme: (-theme.count, theme.id))
    renamed, into, gone, parted, closed = known[:5]
    model = desk.classifier.version
    with desk.engine() as engine, transaction(engine) as session:
        here = edit_desk.Desk(session, desk.workspace, model)
        edit_themes.rename(here, renamed.id, "我们起的名字", LI)
        regroup_themes.merge(here, into.id, [gone.id], LI)
        done = regroup_themes.split(here, parted.id, parted.members[:1], LI, name="拆出来的")
        edit_themes.close(here, closed.id, LI)
    return desk, ledger(desk), done.changes[0].theme.id


def test_edits_outlive_many_nights_and_another_model(
    edited: tuple[Desk, Ledger, str], tmp_path: Path
) -> None:
    desk, before, new_id = edited
    rows = sample_rows(EXAMPLES)[1::2]
    for night in range(NIGHTS):
        part = write_csv(tmp_path / f"{night}.csv", rows[night::NIGHTS])
        night_run(desk, part)
        now = ledger(desk)
        assert now.themes.keys() >= before.themes.keys()
        assert now.homes.items() >= before.homes.items()
        assert_decisions_stand(now, before, new_id)
        before = now
    other = replace(desk, classifier=Turned(desk.classifier))
    night_run(other, tmp_path / "0.csv")
    now = ledger(desk)
    assert now.homes.items() >= before.homes.items()
    assert now.open_ids() >= before.open_ids()  # who had no theme may found one
    assert_decisions_stand(now, before, new_id)


def assert_decisions_stand(now: Ledger, before: Ledger, new_id: str) -> None:
    for key, theme in before.themes.items():
        if theme.named_by_hand:
            assert now.themes[key].name == theme.name
        if theme.state in {ThemeState.CLOSED, ThemeState.MERGED}:
            assert now.themes[key].state is theme.state
        if theme.state is ThemeState.MERGED:
            assert key not in now.homes.values()
    assert now.themes[new_id].count >= 1
    names = [theme.name for theme in now.themes.values() if theme.state is ThemeState.OPEN]
    assert len(names) == len(set(names))
