"""Planning beside other writers: what arrives while themes are made is in the plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from builders import NOW
from desk import Desk, sample_rows, write_csv

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Labels
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.run_files import plan_stored, report_stored, score


@dataclass
class Slow:
    """The same model, but something happens while it encodes."""

    model: Classifier
    happenings: list[Callable[[], None]] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.model.version

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return self.model.label(clauses)

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        if self.happenings:
            self.happenings.pop()()
        return self.model.encode(clauses)


@pytest.mark.parametrize("times", [1, 2], ids=["once", "each time"])
def test_opinions_stored_meanwhile_are_planned_too(
    desk: Desk, finished: Desk, tmp_path: Path, times: int
) -> None:
    rows = sample_rows()
    parts = [write_csv(tmp_path / f"{n}.csv", rows[n :: times + 1]) for n in range(times + 1)]

    def arrive(part: Path) -> None:
        with desk.setup() as setup:
            import_files(Target(setup.engine, "default", NOW), [part])
            score(setup)

    arrive(parts[0])
    slow = Slow(desk.classifier, [lambda part=part: arrive(part) for part in parts[1:]])  # type: ignore[misc]
    with replace(desk, classifier=slow).setup() as setup:
        planned = plan_stored(setup, now=NOW)
    with desk.setup() as setup:
        report_stored(setup, out=desk.out)
    assert slow.happenings == []
    assert len(planned.priorities) == 4
    assert desk.files() == finished.files()
