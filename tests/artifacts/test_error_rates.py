import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tiny_encoder as tiny
from sealing import resealed

from feedback_nlp.artifacts import load_classifier, load_error_rates, open_folder
from feedback_nlp.errors import ArtefactError
from feedback_nlp.heads.counting import ErrorRates

FILE = "error_rates.json"
RATES = ErrorRates(
    np.array([[1.0, 0.1, 0.0, -0.2], [0.9, 0.2, 0.0, -0.1]]),
    np.array([[0.6, 0.1, 0.3], [0.5, 0.2, 0.3]]),
)


@pytest.fixture(scope="session")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: copy the folder before changing it."""
    return tiny.write(tmp_path_factory.mktemp("rated") / tiny.VERSION, error_rates=RATES)


@pytest.fixture
def folder(rated: Path, tmp_path: Path) -> Path:
    copy = tmp_path / tiny.VERSION
    shutil.copytree(rated, copy)
    return copy


def refused(folder: Path) -> str:
    """Read the rates, which must fail with an error that names the file; return its words."""
    with pytest.raises(ArtefactError) as caught:
        load_error_rates(folder)
    assert str(folder / FILE) in str(caught.value)
    assert "请重新安装 feedback-nlp" in str(caught.value)
    return str(caught.value)


def test_error_rates_come_back_as_they_were_written(rated: Path) -> None:
    found = load_error_rates(rated)
    assert found is not None
    assert np.array_equal(found.lines, RATES.lines)
    assert np.array_equal(found.shares, RATES.shares)
    assert FILE in open_folder(rated, kind="encoder").files


@pytest.mark.parametrize("name", ["encoder-tiny", tiny.VERSION])
def test_a_model_is_looked_up_by_name_among_models(name: str, rated: Path) -> None:
    assert load_error_rates(name, models=rated.parents[1]) is not None


def test_a_model_with_error_rates_loads_like_any_other(rated: Path) -> None:
    assert load_classifier(rated).version == tiny.VERSION


@pytest.mark.parametrize(
    "model",
    [
        pytest.param("encoder-tiny/2020-01-01", id="another date"),
        pytest.param("spot/2026-01-01", id="another name"),
        pytest.param("../models", id="no name at all"),
    ],
)
def test_a_model_that_is_gone_has_no_error_rates(model: str, rated: Path) -> None:
    assert load_error_rates(model, models=rated.parents[1]) is None


def test_a_model_without_the_file_has_no_error_rates(tiny_encoder: Path, tiny_model: Path) -> None:
    assert load_error_rates(tiny_encoder) is None
    assert load_error_rates(tiny_model) is None


def test_writing_again_without_rates_leaves_none_of_an_earlier_run(folder: Path) -> None:
    tiny.write(folder, error_rates=None)
    assert not (folder / FILE).exists()
    assert load_error_rates(folder) is None


# --- damaged on the way ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(Path.unlink, "文件不存在", id="gone"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes()[:-1]), "被改动或已损坏", id="cut short"
        ),
    ],
)
def test_damaged_error_rates_are_named_with_what_to_do(
    damage: Callable[[Path], object], words: str, folder: Path
) -> None:
    damage(folder / FILE)
    assert words in refused(folder)


def test_error_rates_that_the_manifest_does_not_protect_are_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["files"][FILE]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "manifest.json 没有列出这个文件" in refused(folder)


LINE, SHARE = [1.0, 0.0, 0.0, 0.0], [0.6, 0.1, 0.3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("[", "不是 JSON", id="not JSON"),
        pytest.param({}, "缺少 polarity", id="empty"),
        pytest.param({"polarity": {"lines": [LINE]}}, "缺少 polarity.shares", id="no shares"),
        pytest.param(
            {"polarity": {"lines": [], "shares": []}}, "polarity.lines 的内容不对", id="no row"
        ),
        pytest.param(
            {"polarity": {"lines": [LINE[:3]], "shares": [SHARE]}},
            "polarity.lines.0",
            id="a line of three",
        ),
        pytest.param(
            {"polarity": {"lines": [LINE], "shares": [[0.5, 0.5]]}},
            "polarity.shares.0",
            id="shares of two classes",
        ),
        pytest.param(
            {"polarity": {"lines": [LINE, LINE], "shares": [SHARE]}},
            "polarity 的内容不对",
            id="fewer shares than lines",
        ),
        pytest.param(
            {"polarity": {"lines": [LINE], "shares": [[0.6, 0.6, 0.6]]}},
            "polarity 的内容不对",
            id="shares that sum to more than one",
        ),
        pytest.param(
            {"polarity": {"lines": [LINE], "shares": [[-0.2, 0.6, 0.6]]}},
            "polarity.shares.0.0 不能是“-0.2”",
            id="a negative share",
        ),
        pytest.param(
            '{"polarity": {"lines": [[NaN, 0, 0, 0]], "shares": [[0.6, 0.1, 0.3]]}}',
            "polarity.lines.0.0",
            id="no number",
        ),
        pytest.param(
            {"polarity": {"lines": [LINE], "shares": [SHARE]}, "intent": {}},
            "不应有 intent",
            id="one head too many",
        ),
    ],
)
def test_sealed_error_rates_of_another_shape_are_refused(
    content: object, words: str, folder: Path
) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / FILE).write_text(text, encoding="utf-8")
    resealed(folder)
    assert words in refused(folder)
