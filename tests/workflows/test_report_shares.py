"""A report by a model whose error rates are known: a tiny encoder, packaged with and without."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_encoder as tiny
from desk import AFTER_EXAMPLES, EXAMPLES, Desk, Rows, sample_rows, write_csv
from run_agreement import assert_files_agree, read_opinions

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.errors import ArtefactError
from feedback_nlp.heads.counting import ErrorRates, corrected_shares
from feedback_nlp.heads.scores import POLARITIES, FloatArray
from feedback_nlp.reports.content import ReportData
from feedback_nlp.workflows.build_report import build_report

RATES = ErrorRates(
    np.array([[1.0, 0.0, 0.0, 0.0], [1.0, 0.02, 0.0, 0.0], [1.0, 0.0, 0.02, 0.0]]),
    np.array([[0.3, 0.1, 0.6]] * 3),
)
"""Shares like those the tiny encoder counts: with others its random answers give 0 or 1."""
HELD = "系统默认好评"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    tiny.write(folder / tiny.VERSION, polarity_temperature=0.1, error_rates=RATES)
    return folder


@pytest.fixture
def rated_desk(desk: Desk, models: Path) -> Desk:
    return replace(desk, classifier=load_classifier(models / tiny.VERSION))


def run(desk: Desk, rows: Rows) -> None:
    """Read the rows; the report says nothing of shares, for the model is not a packaged one."""
    desk.run(write_csv(desk.root / "rows.csv", rows), now=AFTER_EXAMPLES)
    assert "opinion_polarity" not in run_of(desk)


def report(desk: Desk, models: Path) -> ReportData:
    with desk.engine() as engine:
        data, _ = build_report(
            engine,
            desk.workspace,
            desk.taxonomy,
            model=desk.classifier.version,
            out=desk.out,
            models=models,
        )
    return data


def run_of(desk: Desk) -> dict[str, Any]:
    document = json.loads((desk.out / "themes.json").read_text("utf-8"))
    found: dict[str, Any] = document["run"]
    return found


def written(desk: Desk) -> FloatArray:
    """Return what `opinions.jsonl` says of the opinions that count, neg, neu, pos."""
    said = [
        [opinion["probabilities"][name] for name in POLARITIES]
        for line in read_opinions(desk.out)
        if line["quarantine"] is None
        for opinion in line["opinions"]
    ]
    return np.array(said, np.float64)


def test_corrected_shares_agree_in_all_files_and_leave_out_held_reviews(
    rated_desk: Desk, models: Path
) -> None:
    rows = sample_rows(EXAMPLES)[::4]
    held = [row | {"评论编号": f"Q-{n}", "内容": HELD} for n, row in enumerate(rows[:2])]
    run(rated_desk, [*rows, *held])
    before = rated_desk.files()
    data = report(rated_desk, models)
    assert data.run.quarantined == 2
    assert 50 <= sum(one.count for one in data.opinion_shares) < data.run.opinions
    assert [one["corrected"] for one in run_of(rated_desk)["opinion_polarity"].values()] == (
        pytest.approx(corrected_shares(written(rated_desk), RATES).point, abs=0.002)
    )
    assert_files_agree(rated_desk.out)
    after = rated_desk.files()
    assert {name for name in after if after[name] != before[name]} == {
        "report.html",
        "report.md",
        "themes.json",
    }
    assert report(rated_desk, models) == data
    assert rated_desk.files() == after


def test_few_opinions_are_not_corrected(rated_desk: Desk, models: Path) -> None:
    run(rated_desk, sample_rows()[:10])
    before = rated_desk.files()
    assert report(rated_desk, models).opinion_shares == ()
    assert rated_desk.files() == before


def test_a_model_that_is_gone_leaves_a_report_without_shares(
    rated_desk: Desk, tmp_path: Path
) -> None:
    run(rated_desk, sample_rows(EXAMPLES)[::4])
    before = rated_desk.files()
    report(rated_desk, tmp_path / "empty")
    assert rated_desk.files() == before
    assert_files_agree(rated_desk.out)


def test_damaged_error_rates_stop_the_report_before_it_is_written(
    rated_desk: Desk, models: Path
) -> None:
    run(rated_desk, sample_rows()[:10])
    before = rated_desk.files()
    (models / tiny.VERSION / "error_rates.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ArtefactError, match=r"error_rates\.json: 文件被改动或已损坏"):
        report(rated_desk, models)
    assert rated_desk.files() == before
