"""A run that dies anywhere is repeated as it is and ends where an undisturbed one does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pytest
from desk import COMPLAINTS, Desk

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels
from feedback_nlp.workflows import import_sheet, score_pending
from feedback_nlp.workflows.progress import Progress

IMPORT, SCORE, PLAN, REPORT = f"导入 {COMPLAINTS.name}", "分析评论", "归纳主题、排优先级", "写报告"


class PowerCutError(Exception):
    """Comes from outside, at any moment."""


@dataclass
class PowerCut:
    """A stage that dies at its opening (0) or at its n-th report of progress."""

    name: str
    at: int
    seen: list[str] = field(default_factory=list)

    @contextmanager
    def __call__(self, name: str, _total: int | None) -> Iterator[Progress]:
        self.seen.append(name)
        reports = 0

        def progress(_done: int) -> None:
            nonlocal reports
            reports += 1
            if (name, reports) == (self.name, self.at):
                raise PowerCutError

        if (name, 0) == (self.name, self.at):
            raise PowerCutError
        yield progress


@dataclass(frozen=True, slots=True)
class Brittle:
    """The same model, but it breaks while themes are made or after some clauses."""

    model: Classifier
    clauses: int
    labelled: list[int]

    @property
    def version(self) -> str:
        return self.model.version

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        self.labelled.append(len(clauses))
        if sum(self.labelled) > self.clauses:
            raise PowerCutError
        return self.model.label(clauses)

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:  # noqa: ARG002 (the port's)
        raise PowerCutError


@pytest.fixture(autouse=True)
def _small_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_sheet, "BATCH", 7)
    monkeypatch.setattr(score_pending, "BATCH", 7)


@pytest.mark.parametrize(
    ("stage", "at"),
    [
        pytest.param(IMPORT, 2, id="while importing"),
        pytest.param(SCORE, 0, id="before scoring"),
        pytest.param(SCORE, 3, id="while scoring"),
        pytest.param(PLAN, 0, id="before planning"),
        pytest.param(REPORT, 0, id="before reporting"),
    ],
)
def test_a_run_cut_off_in_any_stage_goes_on(
    desk: Desk, finished: Desk, stage: str, at: int
) -> None:
    cut = PowerCut(stage, at)
    with pytest.raises(PowerCutError):
        desk.run(COMPLAINTS, stage=cut)
    assert cut.seen[-1] == stage
    assert not desk.out.exists()
    desk.run(COMPLAINTS)
    assert desk.files() == finished.files()
    assert desk.dump() == finished.dump()


@pytest.mark.parametrize(
    "clauses",
    [
        pytest.param(0, id="at the first clause"),
        pytest.param(14, id="after two batches"),
        pytest.param(1000, id="while themes are made"),
    ],
)
def test_a_run_whose_model_breaks_goes_on(desk: Desk, finished: Desk, clauses: int) -> None:
    brittle = Brittle(desk.classifier, clauses, [])
    with pytest.raises(PowerCutError):
        replace(desk, classifier=brittle).run(COMPLAINTS)
    again = PowerCut(REPORT, 0)
    with pytest.raises(PowerCutError):
        desk.run(COMPLAINTS, stage=again)
    desk.run(COMPLAINTS)
    assert desk.files() == finished.files()
    assert desk.dump() == finished.dump()


def test_a_report_cut_off_leaves_the_earlier_one_whole(desk: Desk, finished: Desk) -> None:
    desk.run(COMPLAINTS)
    for stage in (IMPORT, SCORE, PLAN, REPORT):
        with pytest.raises(PowerCutError):
            desk.run(COMPLAINTS, stage=PowerCut(stage, 0))
        assert desk.files() == finished.files()
