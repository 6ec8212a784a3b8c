"""Where models live: `models/<name>/<date>/`, beside the code or inside the wheel."""

import re
from pathlib import Path
from typing import Final

from feedback_nlp.errors import ArtefactError

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def models_dir() -> Path:
    """Return the folder of packaged models: in the wheel, else the repository's `models/`."""
    inside = _PACKAGE / "models"
    return inside if inside.is_dir() else _PACKAGE.parent / "models"


def find_model(model: str | Path, *, models: Path | None = None) -> Path:
    """Return the folder of a model given as name, name/date or path.

    A name alone means its newest date. A Path, or text that names an existing folder with a
    manifest, is taken as it is.

    Raises:
        ArtefactError: when no such folder exists; the message lists what there is.
    """
    if isinstance(model, Path):
        return model
    if (Path(model) / "manifest.json").is_file():
        return Path(model)
    root = models_dir() if models is None else models
    folder = root / model
    if not folder.resolve().is_relative_to(root.resolve()) or not folder.is_dir():
        raise ArtefactError(
            f"{model}: no such model in {root}; there are: {', '.join(_names(root)) or 'none'}"
        )
    if _DATED.fullmatch(folder.name):
        return folder
    dated = [path for path in folder.iterdir() if _DATED.fullmatch(path.name) and path.is_dir()]
    if not dated:
        raise ArtefactError(f"{folder}: holds no dated model; there are: {', '.join(_names(root))}")
    return max(dated, key=lambda path: path.name)


def _names(root: Path) -> list[str]:
    return sorted(
        f"{path.parent.parent.name}/{path.parent.name}" for path in root.glob("*/*/manifest.json")
    )
