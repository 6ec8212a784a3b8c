"""Stages whose results stay on disk: a second start goes on where the first one stopped."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from training.encoder.fit import Say

_RESULT: Final = "{name}.pt"
_RECORD: Final = "{name}.json"

State = Mapping[str, Any]
"""Tensors, numbers and texts by name: what `torch.load(weights_only=True)` reads back."""


@dataclass(slots=True)
class Stages:
    """The work folder of one training, and how long each stage took."""

    work: Path
    say: Say
    clock: Callable[[], float] = time.monotonic
    minutes: dict[str, float] = field(default_factory=dict)
    """Stage -> minutes; of a stage that was stopped and taken up, those of its last part."""

    def result(
        self, name: str, *, settings: Mapping[str, Any], make: Callable[[Path], State]
    ) -> State:
        """Return what `make` returns, from the work folder when these settings made it before.

        `make` is given the path of a checkpoint that it may write. Settings are
        compared as JSON; those of a stage must hold all that its result depends on.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        path, record = (self.work / each.format(name=name) for each in (_RESULT, _RECORD))
        wanted = json.loads(json.dumps(settings))
        kept = _read(record)
        if path.is_file() and kept.get("settings") == wanted and "minutes" in kept:
            self.minutes[name] = kept["minutes"]
            self.say(f"{name}: done before")
            return dict(torch.load(path, weights_only=True))
        checkpoint = self.work / f"{name}.checkpoint"
        if kept.get("settings") != wanted:  # work of other settings, half or done, is of no use
            for stale in (checkpoint, path):
                stale.unlink(missing_ok=True)
            _write(record, {"settings": wanted})
        self.say(f"{name}: begins")
        begun = self.clock()
        state = make(checkpoint)
        self.minutes[name] = round((self.clock() - begun) / 60, 1)
        written = path.with_suffix(".part")
        torch.save(dict(state), written)
        written.replace(path)
        checkpoint.unlink(missing_ok=True)
        _write(record, {"settings": wanted, "minutes": self.minutes[name]})
        self.say(f"{name}: {self.minutes[name]} minutes")
        return state


def _read(path: Path) -> dict[str, Any]:
    """Return a record; one that is missing or was cut off says nothing."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    written = path.with_suffix(".part")
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    written.write_text(text, encoding="utf-8")
    written.replace(path)
