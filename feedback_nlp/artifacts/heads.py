"""What the folders of all classifiers share: label set, calibration, thresholds."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedback_nlp.artifacts.faults import explain
from feedback_nlp.artifacts.manifest import MANIFEST, Manifest, damaged
from feedback_nlp.errors import ArtefactError
from feedback_nlp.heads.scores import INTENTS, POLARITIES, SEVERITIES, Calibration, Thresholds
from feedback_nlp.records import Taxonomy

CALIBRATION: Final = "calibration.json"
THRESHOLDS: Final = "thresholds.json"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1)]


class _Calibration(_Strict):
    polarity_temperature: _Positive
    intent_temperature: _Positive
    severity_temperature: _Positive
    topic_slope: _Positive
    topic_shift: Annotated[float, Field(allow_inf_nan=False)]


class _Thresholds(_Strict):
    topic: _Share
    uncertain: _Share


def read_calibration(folder: Path) -> Calibration:
    """Read `calibration.json`; raises ArtefactError when a number is missing or none."""
    return Calibration(**_numbers(folder / CALIBRATION, _Calibration))


def read_thresholds(folder: Path) -> Thresholds:
    """Read `thresholds.json`; raises ArtefactError when a number is missing or none."""
    return Thresholds(**_numbers(folder / THRESHOLDS, _Thresholds))


def check_labels(manifest: Manifest, folder: Path, *, taxonomy: Taxonomy) -> None:
    """Compare the label set of a model with ours.

    Raises:
        ArtefactError: when a head differs or `taxonomy` lacks a topic that the model can name.
    """
    path = folder / MANIFEST
    expected = {"polarity": POLARITIES, "intent": INTENTS, "severity": SEVERITIES}
    fixed = {head: labels for head, labels in manifest.labels.items() if head != "topics"}
    if fixed != expected or not manifest.labels.get("topics"):
        raise ArtefactError(
            f"{path}: 标签集（{'、'.join(sorted(manifest.labels))}）与本版 feedback-nlp 不符；"
            f"请用 `python -m training {manifest.kind}` 重新训练模型"
        )
    unknown = set(manifest.labels["topics"]) - {topic.code for topic in taxonomy.topics}
    if unknown:
        raise ArtefactError(
            f"{path}: 类别表 {taxonomy.version} 里没有类别 {'、'.join(sorted(unknown))}；"
            f"模型按类别表 {manifest.taxonomy} 训练，请改用它，或重新训练模型"
        )


def _numbers(path: Path, shape: type[BaseModel]) -> dict[str, float]:
    try:
        return dict(shape.model_validate_json(path.read_bytes()).model_dump())
    except ValidationError as error:
        raise damaged(path, f"内容不对（{explain(error)}）") from error
