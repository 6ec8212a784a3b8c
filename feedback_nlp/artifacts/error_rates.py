"""Reads how the probabilities of a packaged model err: an optional file of its folder."""

from pathlib import Path
from typing import Annotated, Final, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from feedback_nlp.artifacts.faults import explain
from feedback_nlp.artifacts.folders import find_model
from feedback_nlp.artifacts.manifest import check_file, check_listed, damaged, read_manifest
from feedback_nlp.errors import ArtefactError
from feedback_nlp.heads.counting import ErrorRates

ERROR_RATES: Final = "error_rates.json"
_SUM: Final = 0.01
"""Shares are written with four digits; a row that is off by more holds no shares."""

_Number = Annotated[float, Field(allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Rates(_Strict):
    lines: Annotated[list[tuple[_Number, _Number, _Number, _Number]], Field(min_length=1)]
    shares: list[tuple[_Share, _Share, _Share]]

    @model_validator(mode="after")
    def _one_row_a_fit(self) -> Self:
        if len(self.shares) != len(self.lines):
            raise ValueError
        if any(abs(sum(row) - 1.0) > _SUM for row in self.shares):
            raise ValueError
        return self


class _File(_Strict):
    polarity: _Rates


def load_error_rates(model: str | Path, *, models: Path | None = None) -> ErrorRates | None:
    """Load the error rates of the polarities of a model: a name, name/date or folder.

    None when the model has none or is not there any more: stored annotations may outlive it.
    `models` is where names are looked up (default: the packaged models).

    Raises:
        ArtefactError: when the file is not listed in the manifest, altered or damaged.
    """
    try:
        folder = find_model(model, models=models)
    except ArtefactError:
        return None
    path = folder / ERROR_RATES
    manifest = read_manifest(folder)
    if ERROR_RATES not in manifest.files and not path.exists():
        return None
    check_listed(path, manifest)
    check_file(path, manifest)
    return _read(path)


def _read(path: Path) -> ErrorRates:
    try:
        rates = _File.model_validate_json(path.read_bytes()).polarity
    except ValidationError as error:
        raise damaged(path, f"内容不对（{explain(error)}）") from error
    return ErrorRates(np.array(rates.lines), np.array(rates.shares))
