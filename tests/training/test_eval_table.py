import json
import re
import shutil
from pathlib import Path

import pytest
from evaluation_data import add_held_out_reviews, write_embedding_data
from tiny_model import VERSION

from feedback_nlp.artifacts import find_model
from feedback_nlp.artifacts.manifest import sha256
from training.__main__ import main
from training.goals import Figure, Goal
from training.table import packaged, table


@pytest.fixture(scope="module")
def data(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluation") / "data"
    shutil.copytree(tiny_data, folder)
    add_held_out_reviews(folder)
    return write_embedding_data(folder)


@pytest.fixture(scope="module")
def printed(data: Path, tiny_model: Path) -> str:
    return table(str(tiny_model), data=data, cases=data / "none.jsonl")


def with_evaluation(model: Path, folder: Path, **parts: object) -> Path:
    """Copy a model and add parts to its `eval.json`; the manifest vouches for it."""
    copy = folder / VERSION
    shutil.copytree(model, copy)
    evaluation = json.loads((copy / "eval.json").read_text("utf-8")) | parts
    (copy / "eval.json").write_text(json.dumps(evaluation), "utf-8")
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"]["eval.json"] = sha256(copy / "eval.json")
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return copy


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(r"polarity macro-F1 +>= 0\.8200 +0\.\d{4} +\d\.\d{3} - \d\.\d{3} ", id="dev"),
        pytest.param(r"polarity ECE +<= 0\.0500 +\d\.\d{4} +(holds|missed by)", id="calibration"),
        pytest.param(r"review polarity, held out \(\d+\) +>= 0\.8800 +\d\.\d{4}", id="reviews"),
        pytest.param(r"  waimai_10k \(\d+\) +\d\.\d{4}", id="one source"),
        pytest.param(r"pairs, average precision +\d\.\d{4}", id="pairs"),
        pytest.param(r"themes waimai, ARI +-?\d\.\d{4}", id="themes"),
    ],
)
def test_the_table_has_the_line(line: str, printed: str) -> None:
    assert re.search(f"^{line}", printed, flags=re.MULTILINE)


def test_the_table_begins_with_the_model_and_is_aligned(printed: str) -> None:
    lines = printed.splitlines()
    assert lines[0] == VERSION
    start = lines[1].index("value")
    assert all(re.match(r"-?\d\.\d{4}", line[start:].strip()) for line in lines[2:])


def test_without_case_file_no_behaviour_line_is_printed(printed: str) -> None:
    assert "behaviour" not in printed


def test_behaviour_cases_are_counted_by_kind(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    rows = [
        {"id": "a-1", "kind": "any", "text": "不好", "expect": {"polarity": ["neg", "neu", "pos"]}},
        {"id": "a-2", "kind": "any", "text": "很好", "expect": {"severity_min": 3}},
    ]
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = table(str(tiny_model), data=data, cases=cases)
    assert re.search(r"^behaviour cases passed \(2\) +0\.5000$", found, flags=re.MULTILINE)
    assert re.search(r"^  any \(2\) +0\.5000$", found, flags=re.MULTILINE)


def test_the_figures_of_the_base_are_goals(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    base = {
        "pairs": {"average_precision": 1.5},
        "alipay": {"b_cubed_f1": 0.0, "ari": -1.0},
        "waimai": {"b_cubed_f1": 0.0, "ari": -1.0},
    }
    model = with_evaluation(tiny_model, tmp_path, embedding={"base": base})
    found = table(str(model), data=data, cases=data / "none.jsonl")
    assert re.search(r"^pairs, average precision +>= 1\.5000 .* missed by", found, re.MULTILINE)
    assert re.search(r"^themes alipay, ARI +>= -1\.0000 .* holds$", found, re.MULTILINE)


def test_counting_is_measured_where_error_rates_are_kept(
    data: Path, tiny_model: Path, tmp_path: Path, printed: str
) -> None:
    assert "polarity shares" not in printed
    rates = {"polarity": {"lines": [[1, 0, 0, 0]] * 2, "shares": [[0.4, 0.2, 0.4]] * 2}}
    model = with_evaluation(tiny_model, tmp_path, error_rates=rates)
    found = table(str(model), data=data, cases=data / "none.jsonl")
    assert re.search(r"^polarity shares: error, corrected +<= ", found, re.MULTILINE)


def test_every_packaged_model_is_named() -> None:
    assert f"linear-zh/{find_model('linear-zh').name}" in packaged()


def test_the_command_prints_the_table(
    data: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--data", str(data), str(tiny_model)]) == 0
    assert capsys.readouterr().out.startswith(f"{VERSION}\nfigure")


@pytest.mark.parametrize(
    ("model", "words", "status"),
    [
        pytest.param("nobody-zh", "里没有这个模型", 1, id="unknown model"),
        pytest.param("linear-zh", "no such file; give the data folder", 2, id="no data"),
    ],
)
def test_the_command_names_what_is_missing(
    model: str, words: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--data", str(tmp_path), model]) == status
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("goal", "verdict", "chinese"),
    [
        pytest.param(None, "", "-", id="no goal"),
        pytest.param(Goal(0.5), "holds", "达到", id="just reached"),
        pytest.param(Goal(0.75), "missed by 0.2500", "差 0.2500", id="too low"),
        pytest.param(Goal(0.5, at_most=True), "holds", "达到", id="not above"),
        pytest.param(Goal(0.25, at_most=True), "missed by 0.2500", "差 0.2500", id="too high"),
    ],
)
def test_a_verdict_says_whether_and_by_how_much(
    goal: Goal | None, verdict: str, chinese: str
) -> None:
    figure = Figure("polarity", "情感", 0.5, goal=goal)
    assert (figure.verdict, figure.chinese_verdict) == (verdict, chinese)
