"""What normalisation makes of four noisy documents of `../shared/data`.

The counts are those of the files themselves, found with a regular expression of our own.
"""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from feedback_nlp.text.garbled import garbled_spans
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.split import split_clauses

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
FILES = sorted(path.name for path in (DATA / "business_texts").glob("*.txt"))
READING = re.compile(r"[(（][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*[)）]")
ACRONYM = re.compile(r"[(（]([A-Z]{2,5})[)）]")
WATERMARK = re.compile(
    r"_第\d+页|已阅读\d+页|未读|下载本文档|版权说明|文档简介|只提供\d+页预览|查找使用更方便"
)


def _text(name: str) -> str:
    return (DATA / "business_texts" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "readings"), [("000.txt", 0), ("001.txt", 788), ("002.txt", 176), ("003.txt", 1383)]
)
def test_every_reading_in_brackets_is_removed(name: str, readings: int) -> None:
    assert len(READING.findall(_text(name))) == readings
    assert READING.findall(normalize(_text(name)).text) == []


@pytest.mark.parametrize(
    ("name", "acronyms"),
    [
        ("000.txt", ["USP", "SLA"]),
        ("001.txt", ["CSAT", "NPS"]),
        ("002.txt", ["KPI", "ROI"]),
        ("003.txt", ["LTV"]),
    ],
)
def test_every_acronym_in_brackets_survives(name: str, acronyms: list[str]) -> None:
    assert ACRONYM.findall(_text(name)) == acronyms
    assert ACRONYM.findall(normalize(_text(name)).text) == acronyms


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("001.txt", "支持总部与分店数据协同"),
        ("002.txt", "含FABE法则"),
        ("003.txt", "R≤30天,F≥10次,M≥2000元"),
    ],
)
def test_words_that_readings_had_torn_are_whole_again(name: str, words: str) -> None:
    assert words not in _text(name)
    assert words in normalize(_text(name)).text


@pytest.mark.parametrize("name", FILES)
def test_watermark_lines_are_gone(name: str) -> None:
    assert WATERMARK.findall(normalize(_text(name)).text) == []


@pytest.mark.parametrize(
    ("name", "garbled"),
    [
        ("000.txt", []),
        ("001.txt", ["??缇畴娚虖", "?qū)", "??缃缏?lián)", "??蜕魸"]),
        ("002.txt", ["?。?", "??及鎱"]),
        ("003.txt", ["?jiǎn)", "?;I", "?yè)?dān)", "?jiǎn)", "?dòng)"]),
    ],
)
def test_mojibake_that_cannot_be_repaired_is_flagged(name: str, garbled: list[str]) -> None:
    spans = garbled_spans(_text(name))
    assert [normalize(_text(name)[start:end]).text for start, end in spans] == garbled


@pytest.mark.parametrize("name", FILES)
def test_the_result_is_stable_and_leads_back(name: str) -> None:
    text = _text(name)
    result = normalize(text)
    assert normalize(result.text).applied == ()
    assert all(first <= second for first, second in pairwise(result.offsets))
    assert result.offsets[-1] == len(text)
    clauses = split_clauses(text)
    assert all(clause.text == text[clause.start : clause.end] for clause in clauses)
    assert all(first.end <= second.start for first, second in pairwise(clauses))
