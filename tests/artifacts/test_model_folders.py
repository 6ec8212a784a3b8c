import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import TAXONOMY
from tiny_model import VERSION

from feedback_nlp.artifacts import find_model, load_classifier, models_dir, open_folder, sha256
from feedback_nlp.errors import ArtefactError

Damage = Callable[[Path], object]


@pytest.fixture
def folder(tiny_model: Path, tmp_path: Path) -> Path:
    copy = tmp_path / VERSION
    shutil.copytree(tiny_model, copy)
    return copy


def resealed(folder: Path, **changes: Any) -> None:  # noqa: ANN401 (any field of a manifest)
    """Write the manifest again so that every sha256 fits what the files now hold."""
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8")) | changes
    content["files"] = {
        name: sha256(folder / name) for name in content["files"] if (folder / name).exists()
    }
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "file", "words"),
    [
        pytest.param(shutil.rmtree, "", "no such model folder", id="folder is gone"),
        pytest.param(
            lambda folder: (folder / "manifest.json").unlink(),
            "manifest.json",
            "file is missing",
            id="no manifest",
        ),
        pytest.param(
            lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"),
            "manifest.json",
            "not a manifest",
            id="manifest is cut short",
        ),
        pytest.param(
            lambda folder: (folder / "weights.npz").unlink(),
            "weights.npz",
            "file is missing",
            id="no weights",
        ),
        pytest.param(
            lambda folder: (folder / "weights.npz").write_bytes(b"half"),
            "weights.npz",
            "altered or damaged",
            id="weights differ from their sha256",
        ),
        pytest.param(
            lambda folder: (folder / "thresholds.json").write_text("{}", encoding="utf-8"),
            "thresholds.json",
            "altered or damaged",
            id="thresholds edited by hand",
        ),
    ],
)
def test_a_damaged_folder_is_named_with_what_to_do(
    damage: Damage, file: str, words: str, folder: Path
) -> None:
    damage(folder)
    with pytest.raises(ArtefactError) as caught:
        load_classifier(folder)
    assert str(folder / file) in str(caught.value)
    assert words in str(caught.value)
    assert "reinstall feedback-nlp, or train the model again" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        pytest.param("vocabulary.json", b"[", "not JSON", id="vocabulary is not JSON"),
        pytest.param(
            "vocabulary.json", b'["a"]', "do not fit 1 n-grams", id="vocabulary too short"
        ),
        pytest.param("weights.npz", b"PK", "not the arrays", id="weights are no archive"),
        pytest.param("calibration.json", b"{}", "not what it should hold", id="calibration empty"),
        pytest.param("thresholds.json", b'{"topic":', "not what", id="thresholds cut short"),
    ],
)
def test_a_sealed_file_with_wrong_content_is_refused(
    file: str, content: bytes, words: str, folder: Path
) -> None:
    (folder / file).write_bytes(content)
    resealed(folder)
    with pytest.raises(ArtefactError, match=words):
        load_classifier(folder)


def test_pickled_weights_are_refused(folder: Path) -> None:
    with (folder / "weights.npz").open("wb") as file:
        np.savez(file, coefficients=np.array([{}], dtype=object))
    resealed(folder)
    with pytest.raises(ArtefactError, match="not the arrays"):
        load_classifier(folder)


def test_a_model_of_another_kind_is_refused(folder: Path) -> None:
    resealed(folder, kind="vectors")
    assert open_folder(folder, kind="vectors").kind == "vectors"
    with pytest.raises(ArtefactError, match="'vectors' model, not a 'linear' one"):
        load_classifier(folder)


def test_a_file_outside_the_folder_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["files"]["../other.json"] = "0" * 64
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ArtefactError, match="not a manifest"):
        load_classifier(folder)


def test_a_label_set_of_another_version_is_refused(folder: Path) -> None:
    resealed(folder, labels={"polarity": ["bad", "good"], "topics": ["food.taste"]})
    with pytest.raises(ArtefactError, match="label set"):
        load_classifier(folder)


def test_a_taxonomy_without_the_models_topics_is_refused(folder: Path) -> None:
    with pytest.raises(ArtefactError, match=r"taxonomy 2026-01-01 has no topic .*food\.taste"):
        load_classifier(folder, taxonomy=TAXONOMY)


def test_a_name_means_its_newest_date(folder: Path) -> None:
    models = folder.parents[1]
    older = folder.with_name("2025-12-31")
    shutil.copytree(folder, older)
    (folder.parent / "notes").mkdir()
    assert find_model("linear-tiny", models=models) == folder
    assert find_model("linear-tiny/2025-12-31", models=models) == older
    assert find_model(str(older), models=models) == older
    assert find_model(older, models=models) == older


@pytest.mark.parametrize("name", ["linear-huge", "linear-tiny/2020-01-01", "../models", "/"])
def test_an_unknown_name_lists_what_there_is(name: str, folder: Path) -> None:
    with pytest.raises(ArtefactError, match=f"there are: {VERSION}"):
        find_model(name, models=folder.parents[1])


def test_a_name_without_any_dated_model_is_refused(folder: Path) -> None:
    (folder.parents[1] / "empty").mkdir()
    with pytest.raises(ArtefactError, match="holds no dated model"):
        find_model("empty", models=folder.parents[1])


def test_the_packaged_model_loads_by_default() -> None:
    packaged = load_classifier()
    assert packaged.version.startswith("linear-zh/")
    assert packaged.label(["闪退，打不开"])[0].topics[0].code == "performance.crash"
    assert load_classifier(packaged.version).version == packaged.version


def test_models_lie_beside_the_code_in_a_checkout() -> None:
    assert (models_dir() / "taxonomy").is_dir()
