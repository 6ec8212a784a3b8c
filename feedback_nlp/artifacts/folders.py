"""Where models live: `models/<name>/<date>/`, beside the code or inside the wheel."""

import re
from pathlib import Path
from typing import Final

from feedback_nlp.errors import ArtefactError

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
SHORT_NAMES: Final = {"encoder": "encoder-zh", "linear": "linear-zh"}
"""How the packaged models may be called; a folder of the short name itself comes first."""


def models_dir() -> Path:
    """Return the folder of packaged models: in the wheel, else the repository's `models/`."""
    inside = _PACKAGE / "models"
    return inside if inside.is_dir() else _PACKAGE.parent / "models"


def find_model(model: str | Path, *, models: Path | None = None) -> Path:
    """Return the folder of a model given as name, name/date or path.

    A name alone means its newest date; `encoder` and `linear` are those that come with this
    package. A Path, or text that names an existing folder with a manifest, is taken as it is.

    Raises:
        ArtefactError: when no such folder exists; the message lists what there is.
    """
    if isinstance(model, Path):
        return model
    if (Path(model) / "manifest.json").is_file():
        return Path(model)
    root = models_dir() if models is None else models
    folder = root / model
    if model in SHORT_NAMES and not folder.is_dir():
        folder = root / SHORT_NAMES[model]
    if not folder.resolve().is_relative_to(root.resolve()) or not folder.is_dir():
        raise ArtefactError(f"{model}: {root} 里没有这个模型；现有：{_names(root)}")
    if _DATED.fullmatch(folder.name):
        return folder
    dated = [path for path in folder.iterdir() if _DATED.fullmatch(path.name) and path.is_dir()]
    if not dated:
        raise ArtefactError(f"{folder}: 里面没有按日期命名的模型；现有：{_names(root)}")
    return max(dated, key=lambda path: path.name)


def _names(root: Path) -> str:
    found = (path.parent for path in root.glob("*/????-??-??/manifest.json"))
    return "、".join(sorted(f"{folder.parent.name}/{folder.name}" for folder in found)) or "无"
