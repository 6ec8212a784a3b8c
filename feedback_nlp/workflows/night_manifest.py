"""The manifest of a night as a file: what the database holds about it, and how long it took."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from feedback_nlp.records import CHINA, Night, Step
from feedback_nlp.reports.json_files import dumps
from feedback_nlp.reports.write import write_atomically
from feedback_nlp.storage.nights import RUNNING
from feedback_nlp.workflows.night_steps import versions
from feedback_nlp.workflows.setup import Setup

NAME: Final = "manifest.json"


@dataclass(slots=True)
class Journal:
    """Writes the manifest again whenever something is done. Lives only inside one night."""

    out: Path
    setup: Setup
    clock: Callable[[], datetime]
    replayed: bool
    """The night plays a day of the past, so nothing it stores tells the real time."""
    attempts: int = 1
    begun: datetime | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each step took, when it was done in this attempt or the manifest before tells."""

    @property
    def path(self) -> Path:
        """Return where it is."""
        return self.out / NAME

    def open(self, night: Night) -> None:
        """Begin an attempt; one before it, if its manifest is here, is counted."""
        before = self._before(night)
        self._continue(before)
        self.attempts += before is not None
        self.begun = self.clock()
        self._write(night, None)

    def mend(self, night: Night) -> None:
        """Write the manifest of a finished night that was killed before it could, or elsewhere."""
        before = self._before(night)
        if before is None or before["state"] != night.state:
            self._continue(before)
            self._write(night, None)

    def note(self, night: Night, *, fault: str | None = None) -> None:
        """Write what has become of the night; the time since the last note is its last step's."""
        now = self.clock()
        if night.state == RUNNING and self.begun is not None and night.steps:
            self.seconds[night.steps[-1].name] = round((now - self.begun).total_seconds(), 3)
        self.begun = now
        self._write(night, fault)

    def end_of(self, night: Night) -> datetime:
        """Return when the night ends: by its own clock, if it plays a day of the past."""
        return night.at if self.replayed else self.clock()

    def _continue(self, before: Mapping[str, Any] | None) -> None:
        if before is not None:
            self.attempts = before["attempts"]
            self.seconds = {step["name"]: step["seconds"] for step in before["steps"]}

    def _before(self, night: Night) -> Mapping[str, Any] | None:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            same = (found["night"], found["at"]) == (night.number, _shown(night.at))
            return found if same and isinstance(found["attempts"], int) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, night: Night, fault: str | None) -> None:
        document = {
            "night": night.number,
            "workspace": self.setup.workspace,
            "day": night.day.isoformat(),
            "at": _shown(night.at),
            "state": night.state,
            "fault": fault,
            "attempts": self.attempts,
            "written_at": _shown(self.clock()),
            "versions": {"program": version("feedback-nlp"), **versions(self.setup)},
            "inputs": [{"name": name, "sha256": digest} for name, digest in night.inputs],
            "steps": [self._step(step) for step in night.steps],
            "result": night.result,
        }
        write_atomically(self.path, f"{dumps(document, indent=2)}\n".encode("utf-8", "replace"))

    def _step(self, step: Step) -> dict[str, Any]:
        return {**asdict(step), "seconds": self.seconds.get(step.name)}


def _shown(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat()
