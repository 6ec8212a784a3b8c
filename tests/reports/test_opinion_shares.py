import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from odd_samples import EMPTY
from report_parsing import Numbers, corrected_shares, page_of
from report_sample import annotations, sample

from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.records import Polarity
from feedback_nlp.reports.content import OpinionShare, ReportData
from feedback_nlp.reports.opinion_shares import opinion_sentence, opinion_shares
from feedback_nlp.reports.write import write_reports

RATES = ErrorRates(np.array([[1.0, 0.0, 0.0, 0.0]] * 3), np.full((3, 3), 1 / 3))
"""Probabilities that are right where all polarities are equally frequent."""
COUNTS = {Polarity.NEG: 431, Polarity.NEU: 169, Polarity.POS: 400}
SHARES = (
    OpinionShare(Polarity.NEG, 431, 0.431, 0.4099, 0.3815, 0.4412),
    OpinionShare(Polarity.NEU, 169, 0.169, 0.2001, 0.1704, 0.2299),
    OpinionShare(Polarity.POS, 400, 0.4, 0.39, 0.3612, 0.4205),
)


def corrected() -> ReportData:
    return replace(sample(), opinion_shares=SHARES)


def said(counts: Mapping[Polarity, int]) -> np.ndarray:
    """Return probabilities, neg, neu, pos, of that many opinions with each label: 0.8 for it."""
    labels = [place for place, polarity in enumerate(Polarity) for _ in range(counts[polarity])]
    return 0.1 + 0.7 * np.eye(3)[labels]


def test_shares_are_counted_and_corrected_one_for_each_polarity() -> None:
    found = opinion_shares(COUNTS, said(COUNTS), RATES)
    assert [one.polarity for one in found] == list(Polarity)
    assert [one.count for one in found] == [431, 169, 400]
    assert [one.share for one in found] == [0.431, 0.169, 0.4]
    # Two labels in ten are wrong, so a share p is counted as 0.1 + 0.7 p.
    undone = [(one.share - 0.1) / 0.7 for one in found]
    assert [one.corrected for one in found] == pytest.approx(undone, abs=0.001)
    for one in found:
        assert 0 <= one.low < one.corrected < one.high <= 1
        assert one.low == round(one.low, 4)


def test_an_interval_always_holds_its_share() -> None:
    shifts = np.array([[1.0, 0.0, 0.0, 0.0]] + [[1.0, 1.0, 0.0, 0.0]] * 3)
    far = ErrorRates(shifts, np.full((4, 3), 1 / 3))
    for one in opinion_shares(COUNTS, said(COUNTS), far):
        assert one.low <= one.corrected <= one.high


@pytest.mark.parametrize(
    ("opinions", "rates", "told"),
    [
        pytest.param(50, RATES, 3, id="fifty opinions"),
        pytest.param(49, RATES, 0, id="one less"),
        pytest.param(0, RATES, 0, id="no opinions"),
        pytest.param(1000, None, 0, id="no error rates"),
    ],
)
def test_shares_need_rates_and_fifty_opinions(
    opinions: int, rates: ErrorRates | None, told: int
) -> None:
    counts = {Polarity.NEG: opinions, Polarity.NEU: 0, Polarity.POS: 0}
    assert len(opinion_shares(counts, said(counts).reshape(-1, 3), rates)) == told


def test_the_sentence_tells_each_polarity_with_its_interval() -> None:
    assert opinion_sentence(corrected()) == (
        "意见情感（1,000 条）：负面 43.1%（按分类误差校正后 41%，90% 区间 38.1%—44.1%）；"
        "中性 16.9%（按分类误差校正后 20%，90% 区间 17%—23%）；"
        "正面 40%（按分类误差校正后 39%，90% 区间 36.1%—42%）。"
    )


def test_all_files_tell_the_same_shares(tmp_path: Path) -> None:
    write_reports(corrected(), annotations(), tmp_path)
    document = json.loads((tmp_path / "themes.json").read_text("utf-8"))
    stated: Numbers = document["run"]["opinion_polarity"]
    assert list(stated) == ["neg", "neu", "pos"]
    assert stated["neg"] == {
        "count": 431,
        "share": 0.431,
        "corrected": 0.4099,
        "low": 0.3815,
        "high": 0.4412,
    }
    page = "\n".join(page_of((tmp_path / "report.html").read_text("utf-8")).text)
    markdown = (tmp_path / "report.md").read_text("utf-8")
    for text in (page, markdown):
        total, told = corrected_shares(text)
        assert total == 1000
        assert told.keys() == stated.keys()
        for name, one in told.items():
            assert one == pytest.approx({key: stated[name][key] for key in one}, abs=0.0006)
        assert "「校正后」按模型在标注分句上的误判规律" in text


@pytest.mark.parametrize("data", [pytest.param(sample(), id="a run"), pytest.param(EMPTY, id="0")])
def test_without_corrected_shares_no_file_says_anything(data: ReportData, tmp_path: Path) -> None:
    write_reports(data, annotations(), tmp_path)
    for name in ("report.html", "report.md"):
        assert "校正" not in (tmp_path / name).read_text("utf-8")
    assert "opinion_polarity" not in (tmp_path / "themes.json").read_text("utf-8")
