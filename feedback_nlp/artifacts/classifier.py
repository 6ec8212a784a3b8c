"""Loads a classifier of whatever kind its manifest names."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from feedback_nlp.artifacts import encoder, linear
from feedback_nlp.artifacts.folders import find_model, models_dir
from feedback_nlp.artifacts.manifest import MANIFEST, read_manifest
from feedback_nlp.artifacts.taxonomy import load_taxonomy
from feedback_nlp.errors import ArtefactError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy

LOADERS: Final[Mapping[str, Callable[[Path, Taxonomy], Classifier]]] = {
    encoder.KIND: encoder.load_encoder,
    linear.KIND: linear.load_linear,
}
DEFAULTS: Final = ("encoder-zh", "linear-zh")
"""The first of these that is there is loaded when no model is named."""


def load_classifier(
    model: str | Path | None = None,
    *,
    taxonomy: Taxonomy | None = None,
    models: Path | None = None,
) -> Classifier:
    """Load a classifier: a name, name/date or folder; None = the best packaged one.

    The manifest, the sha256 of every file and the label set are checked first, then the content
    of each file; every topic the model can name must be in `taxonomy` (default: the newest
    packaged one). `models` is where names are looked up (default: the packaged models).

    Raises:
        ArtefactError: when the folder is missing, damaged or does not fit.
    """
    root = models_dir() if models is None else models
    folder = find_model(_default(root) if model is None else model, models=root)
    kind = read_manifest(folder).kind
    if kind not in LOADERS:
        raise ArtefactError(
            f"{folder / MANIFEST}: 本版 feedback-nlp 不会加载“{kind}”类模型，"
            f"只会加载：{'、'.join(LOADERS)}；请换一个模型，或升级 feedback-nlp"
        )
    return LOADERS[kind](folder, load_taxonomy() if taxonomy is None else taxonomy)


def _default(root: Path) -> str:
    found = (name for name in DEFAULTS if any((root / name).glob("????-??-??/manifest.json")))
    return next(found, DEFAULTS[-1])
