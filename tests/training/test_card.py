import datetime as dt
import json
import re
from typing import Any

import pytest
from drawn_scores import CODES, drawn
from jinja2 import UndefinedError

from feedback_nlp.artifacts import DataSource, Manifest, find_model
from feedback_nlp.heads.scores import Calibration, Thresholds
from training.card import card
from training.data import GOLD_TRAIN
from training.evaluate import evaluate
from training.sources import OUR_GOLD, OUR_LABELS
from training.table import packaged

MANIFEST = Manifest(
    name="encoder-tiny",
    date=dt.date(2026, 11, 22),
    kind="encoder",
    files={},
    labels={"topics": CODES},
    taxonomy="2026-11-21",
    normalizer=dt.date(2026, 11, 1),
    data=tuple(
        DataSource(path=path, use="train", rows=7, licence="labels: this project; texts: public")
        for path in sorted(OUR_GOLD | OUR_LABELS)
    ),
)
FIGURE = re.compile(r"-?\d+\.\d{3,4}")


def vectors(value: float) -> dict[str, dict[str, float]]:
    theme = {"b_cubed_f1": value + 0.0101, "ari": value + 0.0202}
    return {"pairs": {"average_precision": value}, "alipay": theme, "waimai": theme}


@pytest.fixture(scope="module")
def evaluation() -> dict[str, Any]:
    scores, gold = drawn(1.0)
    dev = evaluate(
        scores,
        gold,
        topics=CODES,
        calibration=Calibration(1.0, 1.0, 1.0, 1.0, 0.0),
        thresholds=Thresholds(topic=0.5, uncertain=0.6),
    )
    return {
        "dev": dev,
        "recipe": {
            "base": "some base",
            "base_layers": 12,
            "teacher_layers": 11,
            "layers": 5,
            "inner": 48,
            "hidden": 384,
            "pieces": 19_123,
            "parameters": 21_450_000,
            "dimensions": 129,
            "own_clauses": 20_501,
            "folds": 5,
            "out_of_fold": 4_941,
            "stages": [{"what": "教师", "minutes": 41}],
        },
        "review": {
            "reviews": 31,
            "accuracy": 0.8912,
            "interval": [0.8801, 0.9023],
            "ece": 0.0312,
            "by_source": {"waimai": {"reviews": 31, "accuracy": 0.8913}},
        },
        "embedding": {"model": vectors(0.9011), "base": vectors(0.8011)},
        "counting": {
            "collections": 90,
            "clauses_each": 200,
            "plain_error": 0.0712,
            "corrected_error": 0.0312,
            "coverage": 0.9112,
        },
        "behaviour": {"negation": [20, 23], "emoji": [9, 18]},
        "risk_level": 0.9,
        "attempts": [{"what": "一种做法", "result": "0.8123", "kept": False}],
    }


@pytest.fixture(scope="module")
def text(evaluation: dict[str, Any]) -> str:
    return card(MANIFEST, evaluation)


def labelled_by_others(paths: frozenset[str]) -> Manifest:
    """Return the manifest of a model for which these files are of somebody else."""
    data = tuple(
        source.model_copy(update={"licence": "mine"}) if source.path in paths else source
        for source in MANIFEST.data
    )
    return MANIFEST.model_copy(update={"data": data})


def numbers(content: object) -> set[float]:
    """Every number in nested lists and mappings."""
    if isinstance(content, dict):
        return {number for each in content.values() for number in numbers(each)}
    if isinstance(content, list):
        return {number for each in content for number in numbers(each)}
    return {float(content)} if isinstance(content, int | float) else set()


@pytest.mark.parametrize("model", packaged())
def test_the_card_of_a_packaged_model_is_made_from_its_figures(model: str) -> None:
    folder = find_model(model)
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_text("utf-8"))
    evaluation = json.loads((folder / "eval.json").read_text("utf-8"))
    assert card(manifest, evaluation) == (folder / "README.md").read_text("utf-8")


def test_every_figure_of_an_encoders_card_is_one_of_its_evaluation(
    text: str, evaluation: dict[str, Any]
) -> None:
    known = numbers(evaluation) | {0.8123}
    goals = {0.82, 0.74, 0.80, 0.72, 0.05, 0.94, 0.10, 0.88}
    without_verdicts = re.sub(r"差 [\d.]+", "", text).replace("0.014", "")
    found = {float(figure) for figure in FIGURE.findall(without_verdicts)}
    assert len(found) > 40
    assert found - known - goals == set()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("12 层，宽 384", id="base"),
        pytest.param("教师：11 层", id="teacher"),
        pytest.param("5 层，每层至多 48 个内部神经元，21.4 百万参数", id="student"),
        pytest.param("剩 19123 个", id="pieces"),
        pytest.param("| 教师 | 41 |", id="stage"),
        pytest.param("情感宏平均 F1 | >= 0.8200", id="goal"),
        pytest.param("判错的不超过 0.1", id="stated risk"),
        pytest.param("单侧 90% 区间的上端", id="margin of the risk"),
        pytest.param("| waimai | 31 | 0.8913 |", id="reviews by source"),
        pytest.param("平均精确率 | 0.9011 | 0.8011 | 达到 |", id="beside the base"),
        pytest.param("41 条短句", id="behaviour cases"),
        pytest.param("通过 29 条", id="behaviour cases passed"),
        pytest.param("20501 个分句由语言模型标注员", id="own labels"),
        pytest.param("没有人工复核", id="no human check"),
        pytest.param("六个语言模型标注员", id="labels of gold"),
        pytest.param("另有一份测试集不公开", id="hidden test"),
        pytest.param("| `gold/opinions_dev.jsonl` | 7 | train | labels: this", id="licence"),
        pytest.param("| 一种做法 | 0.8123 | 否 |", id="attempt"),
        pytest.param("## In English", id="English"),
    ],
)
def test_the_card_of_an_encoder_says(words: str, text: str) -> None:
    assert words in text


@pytest.mark.parametrize(
    ("theirs", "said", "unsaid"),
    [
        pytest.param(
            OUR_GOLD,
            ("训练本模型的人提供或增补", "20501 个分句由语言模型标注员"),
            ("六个语言模型标注员", "测试集不公开", "settings were chosen", "有意多取"),
            id="gold",
        ),
        pytest.param(
            frozenset({GOLD_TRAIN}),
            ("训练本模型的人提供或增补", "测试集不公开", "settings were chosen"),
            ("六个语言模型标注员", "有意多取"),
            id="training clauses only",
        ),
        pytest.param(
            OUR_LABELS,
            ("六个语言模型标注员", "20501 个分句由训练本模型的人标注"),
            ("GUIDE.md", "of our own"),
            id="labels beside gold",
        ),
    ],
)
def test_what_is_known_of_our_labels_is_said_of_no_others(
    theirs: frozenset[str],
    said: tuple[str, ...],
    unsaid: tuple[str, ...],
    evaluation: dict[str, Any],
) -> None:
    text = card(labelled_by_others(theirs), evaluation)
    assert [words for words in said if words not in text] == []
    ours = ("一种做法", "behaviour_wrong_today", "仔细的、模型做的标注")
    assert [words for words in (*unsaid, *ours) if words in text] == []


@pytest.mark.parametrize(
    ("part", "found", "words"),
    [
        pytest.param("behaviour", {}, "行为用例", id="no cases"),
        pytest.param("review", {"reviews": 0}, "整条评论的情感", id="no reviews"),
        pytest.param("risk_level", None, "单侧", id="abstention without a margin"),
    ],
)
def test_what_was_not_measured_has_no_section(
    part: str, found: object, words: str, text: str, evaluation: dict[str, Any]
) -> None:
    assert words in text
    without = card(MANIFEST, evaluation | {part: found})
    assert words not in without
    assert "\n\n\n" not in without


def test_chinese_comes_first(text: str) -> None:
    assert text.index("中文用户反馈的编码器模型") < text.index("## In English")


def test_a_model_without_student_is_its_own_teacher(evaluation: dict[str, Any]) -> None:
    recipe = evaluation["recipe"] | {"layers": 11}
    text = card(MANIFEST, evaluation | {"recipe": recipe})
    assert "没有蒸馏" in text
    assert "student" not in text


@pytest.mark.parametrize(
    ("part", "missing", "error"),
    [
        pytest.param("recipe", "layers", UndefinedError, id="figure of the recipe"),
        pytest.param("review", "ece", UndefinedError, id="figure of the reviews"),
        pytest.param("embedding", "base", KeyError, id="the base"),
    ],
)
def test_a_missing_figure_makes_no_card(
    part: str, missing: str, error: type[Exception], evaluation: dict[str, Any]
) -> None:
    rest = {key: value for key, value in evaluation[part].items() if key != missing}
    with pytest.raises(error, match=missing):
        card(MANIFEST, evaluation | {part: rest})
