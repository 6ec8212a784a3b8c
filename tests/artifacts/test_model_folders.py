import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from builders import TAXONOMY
from sealing import resealed
from tiny_model import VERSION

from feedback_nlp.artifacts import find_model, load_classifier, models_dir, open_folder
from feedback_nlp.errors import ArtefactError

Damage = Callable[[Path], object]
Array = npt.NDArray[Any]


@pytest.fixture
def folder(tiny_model: Path, tmp_path: Path) -> Path:
    copy = tmp_path / VERSION
    shutil.copytree(tiny_model, copy)
    return copy


@pytest.mark.parametrize(
    ("damage", "file", "words"),
    [
        pytest.param(shutil.rmtree, "", "没有这个模型文件夹", id="folder is gone"),
        pytest.param(
            lambda folder: (folder / "manifest.json").unlink(),
            "manifest.json",
            "文件不存在",
            id="no manifest",
        ),
        pytest.param(
            lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"),
            "manifest.json",
            "不是模型清单",
            id="manifest is cut short",
        ),
        pytest.param(
            lambda folder: (folder / "weights.npz").unlink(),
            "weights.npz",
            "文件不存在",
            id="no weights",
        ),
        pytest.param(
            lambda folder: (folder / "weights.npz").write_bytes(b"half"),
            "weights.npz",
            "被改动或已损坏",
            id="weights differ from their sha256",
        ),
        pytest.param(
            lambda folder: (folder / "thresholds.json").write_text("{}", encoding="utf-8"),
            "thresholds.json",
            "被改动或已损坏",
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
    assert "请重新安装 feedback-nlp，或用 `python -m training` 重新训练模型" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        pytest.param("vocabulary.json", b"[", "不是 JSON", id="vocabulary is not JSON"),
        pytest.param("vocabulary.json", b"\xff", "不是 JSON", id="vocabulary is not UTF-8"),
        pytest.param("vocabulary.json", b'{"a": 1}', "不是词的列表", id="vocabulary is no list"),
        pytest.param("words.json", b'["a", 2]', "不是词的列表", id="a word is a number"),
        pytest.param("words.json", b'["a", "a"]', "有重复的词", id="a word twice"),
        pytest.param("weights.npz", b"PK", "读不出数组", id="weights are no archive"),
        pytest.param("word_vectors.npz", b"", "读不出数组", id="vectors are empty"),
        pytest.param("calibration.json", b"{}", "缺少 polarity_temp", id="calibration empty"),
        pytest.param("thresholds.json", b'{"topic":', "不是 JSON", id="thresholds cut short"),
        pytest.param(
            "thresholds.json", b'{"topic": "a", "best": 1}', "topic 不能是“a”", id="a wrong number"
        ),
        pytest.param(
            "thresholds.json",
            b'{"topic": 1, "uncertain": 1, "x": 1}',
            "不应有 x",
            id="one too many",
        ),
        pytest.param("thresholds.json", b'{"topic": []}', "topic 的内容不对", id="a list"),
        pytest.param("thresholds.json", b"[]", "结构不对", id="thresholds are a list"),
    ],
)
def test_a_sealed_file_with_wrong_content_is_refused(
    file: str, content: bytes, words: str, folder: Path
) -> None:
    (folder / file).write_bytes(content)
    resealed(folder)
    with pytest.raises(ArtefactError, match=words) as caught:
        load_classifier(folder)
    assert str(folder / file) in str(caught.value)


READ = (
    "calibration.json",
    "thresholds.json",
    "vocabulary.json",
    "weights.npz",
    "word_vectors.npz",
    "words.json",
)


@pytest.mark.parametrize("file", READ)
def test_a_file_that_the_manifest_does_not_protect_is_refused(file: str, folder: Path) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["files"][file]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ArtefactError, match=r"manifest\.json 没有列出这个文件") as caught:
        load_classifier(folder)
    assert str(folder / file) in str(caught.value)


Change = Callable[[Array], Array]
ARRAYS = [
    ("weights.npz", "coefficients"),
    ("weights.npz", "intercepts"),
    ("weights.npz", "idf"),
    ("word_vectors.npz", "vectors"),
    ("word_vectors.npz", "centre"),
    ("word_vectors.npz", "common"),
]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda array: array[:-1], "的形状是 .*与其他文件不符", id="one short"),
        pytest.param(lambda array: array[None], "的形状是 .*与其他文件不符", id="one axis more"),
        pytest.param(lambda array: array.reshape(-1)[0], "的形状是", id="one number"),
        pytest.param(lambda array: array.astype(str), "{name} 不是小数", id="texts"),
    ],
)
@pytest.mark.parametrize(("file", "name"), ARRAYS, ids=[name for _, name in ARRAYS])
def test_an_array_that_fits_no_other_file_is_refused(
    file: str, name: str, change: Change, words: str, folder: Path
) -> None:
    with np.load(folder / file) as stored:
        arrays = dict(stored)
    np.savez(folder / file, **arrays | {name: change(arrays[name])})
    resealed(folder)
    with pytest.raises(ArtefactError, match=words.format(name=name)) as caught:
        load_classifier(folder)
    assert str(folder / file) in str(caught.value)


def test_a_bare_array_instead_of_an_archive_is_refused(folder: Path) -> None:
    with (folder / "weights.npz").open("wb") as file:
        np.save(file, np.ones(3))
    resealed(folder)
    with pytest.raises(ArtefactError, match="读不出数组"):
        load_classifier(folder)


def test_many_wrong_fields_are_counted(folder: Path) -> None:
    (folder / "calibration.json").write_text("{}", encoding="utf-8")
    resealed(folder)
    with pytest.raises(ArtefactError, match="等共 5 处"):
        load_classifier(folder)


def test_pickled_weights_are_refused(folder: Path) -> None:
    with (folder / "weights.npz").open("wb") as file:
        np.savez(file, coefficients=np.array([{}], dtype=object))
    resealed(folder)
    with pytest.raises(ArtefactError, match="读不出数组"):
        load_classifier(folder)


def test_a_model_of_another_kind_is_refused(folder: Path) -> None:
    resealed(folder, kind="vectors")
    assert open_folder(folder, kind="vectors").kind == "vectors"
    with pytest.raises(ArtefactError, match="这是“vectors”类模型，不是“linear”类"):
        open_folder(folder, kind="linear")


def test_a_file_outside_the_folder_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["files"]["../other.json"] = "0" * 64
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ArtefactError, match="不是模型清单"):
        load_classifier(folder)


def test_a_label_set_of_another_version_is_refused(folder: Path) -> None:
    resealed(folder, labels={"polarity": ["bad", "good"], "topics": ["food.taste"]})
    with pytest.raises(ArtefactError, match="标签集（polarity、topics）"):
        load_classifier(folder)


def test_a_taxonomy_without_the_models_topics_is_refused(folder: Path) -> None:
    with pytest.raises(ArtefactError, match=r"类别表 2026-01-01 里没有类别 .*food\.taste"):
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


@pytest.mark.parametrize("name", ["encoder", "linear"])
def test_a_short_name_means_the_packaged_model_unless_a_folder_has_it(
    name: str, folder: Path
) -> None:
    assert find_model(name).parent == models_dir() / f"{name}-zh"
    own = folder.parents[1] / name / "2026-11-22"
    shutil.copytree(folder, own)
    assert find_model(name, models=folder.parents[1]) == own


@pytest.mark.parametrize("name", ["linear-huge", "linear-tiny/2020-01-01", "../models", "/"])
def test_an_unknown_name_lists_what_there_is(name: str, folder: Path) -> None:
    with pytest.raises(ArtefactError, match=f"现有：{VERSION}"):
        find_model(name, models=folder.parents[1])


def test_a_name_without_any_dated_model_is_refused(folder: Path) -> None:
    (folder.parents[1] / "empty").mkdir()
    with pytest.raises(ArtefactError, match="没有按日期命名的模型；现有："):
        find_model("empty", models=folder.parents[1])


def test_the_packaged_model_loads_by_default() -> None:
    packaged = load_classifier()
    assert packaged.label(["闪退，打不开"])[0].topics[0].code == "performance.crash"
    assert load_classifier(packaged.version).version == packaged.version


def test_models_lie_beside_the_code_in_a_checkout() -> None:
    assert (models_dir() / "taxonomy").is_dir()
