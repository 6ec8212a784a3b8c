import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from evaluation_data import PROBLEMS, write_embedding_data

from feedback_nlp.errors import InputError
from training.embedding import PAIRS_TEST, Encode, embedding_figures, pair_precision
from training.grouping import agreement


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_embedding_data(tmp_path_factory.mktemp("data"))


def by_first_words(clauses: Sequence[str]) -> np.ndarray:
    """Vectors that know the problem of every sample, with a little of the clause's own."""
    known = [text for texts in PROBLEMS.values() for text in texts]
    places = {text[:2]: place for place, text in enumerate(known)}
    generator = np.random.default_rng(0)
    rows = np.zeros((len(clauses), len(known)))
    for row, clause in enumerate(clauses):
        rows[row, places.get(clause[:2], 0)] = 1.0
    rows += generator.normal(0.0, 0.01, rows.shape)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def blind(clauses: Sequence[str]) -> np.ndarray:
    """Vectors without any meaning."""
    rows = np.random.default_rng(1).normal(size=(len(clauses), 8))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_vectors_that_know_the_problem_are_perfect(data: Path) -> None:
    assert embedding_figures(data, by_first_words) == {
        "pairs": {"average_precision": 1.0},
        "alipay": {"b_cubed_f1": 1.0, "ari": 1.0},
        "waimai": {"b_cubed_f1": 1.0, "ari": 1.0},
    }


def test_vectors_without_meaning_are_not(data: Path) -> None:
    found = embedding_figures(data, blind)
    assert found["pairs"]["average_precision"] < 0.9
    assert found["alipay"]["b_cubed_f1"] < 0.8
    assert found["alipay"]["ari"] < 0.5


def test_equal_vectors_are_grouped_without_a_fault(data: Path) -> None:
    def same(clauses: Sequence[str]) -> np.ndarray:
        return np.full((len(clauses), 3), 1 / np.sqrt(3), np.float32)

    assert embedding_figures(data, same)["alipay"]["ari"] == 0.0


def test_rows_without_an_issue_are_left_out(data: Path) -> None:
    seen: list[str] = []

    def remember(clauses: Sequence[str]) -> np.ndarray:
        seen.extend(clauses)
        return by_first_words(clauses)

    embedding_figures(data, remember)
    assert "大家好" not in seen


def test_texts_are_encoded_in_normalised_form(tmp_path: Path) -> None:
    seen: list[str] = []

    def remember(clauses: Sequence[str]) -> np.ndarray:
        seen.extend(clauses)
        return blind(clauses)

    (tmp_path / PAIRS_TEST).parent.mkdir(parents=True)
    rows = [{"text_a": "ＡＰＰ闪退", "text_b": "ＡＰＰ卡顿", "label": 1}]
    rows += [{"text_a": "好", "text_b": "坏", "label": 0}]
    with gzip.open(tmp_path / PAIRS_TEST, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    pair_precision(tmp_path, remember)
    assert "APP闪退" in seen


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param(PAIRS_TEST, id="pairs"),
        pytest.param("themes/waimai_in.tsv", id="themes"),
    ],
)
@pytest.mark.parametrize("encode", [by_first_words])
def test_a_missing_file_is_named(missing: str, encode: Encode, tmp_path: Path) -> None:
    folder = write_embedding_data(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(InputError, match=missing):
        embedding_figures(folder, encode)


@pytest.mark.parametrize(
    ("ours", "precision", "recall"),
    [
        pytest.param(["x", "x", "y", "y"], 1.0, 1.0, id="the same groups"),
        pytest.param(["x", "x", "x", "x"], 0.5, 1.0, id="one group"),
        pytest.param([None] * 4, 1.0, 0.5, id="all left alone"),
    ],
)
def test_agreement_weighs_purity_and_completeness(
    ours: list[str | None], precision: float, recall: float
) -> None:
    found = agreement(zip(["a", "a", "b", "b"], ours, strict=True))
    assert (found.precision, found.recall) == (precision, recall)
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))
