import csv
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.errors import InputError
from feedback_nlp.heads.scores import INTENTS, POLARITIES
from training.data import LabelledClause
from training.own_labels import (
    LABELS,
    NO_PROBLEM,
    OPINIONS,
    PROBLEMS,
    Complaint,
    complaints,
    labelled_rows,
    own_clauses,
)

PHONES = "demo/phones.jsonl.gz"
PAIRS = "pairs/questions.jsonl"
DATA = {
    PHONES: [
        {"text": "没有标注的一行"},
        {"text": "屏幕很亮😀，但是电池不耐用。"},
        {"text": "ＡＰＰ打不开!!"},
    ],
    PAIRS: [{"text_a": "怎么退款", "text_b": "退款在哪里"}],
}
SPAN = ("path", "row", "field", "start", "end")
BATTERY = (PHONES, 1, "text", 8, 14)
SCREEN = (PHONES, 1, "text", 0, 5)
APP = (PHONES, 2, "text", 0, 8)
REFUND = (PAIRS, 0, "text_b", 0, 5)

Span = tuple[str, int, str, int, int]


def write_data(folder: Path) -> Path:
    for name, found in DATA.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found).encode()
        path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return folder


def row(span: Span, **labels: str) -> dict[str, str]:
    path, number, field, start, end = span
    text = DATA[path][number][field][start:end]
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    named = {name: str(value) for name, value in zip(SPAN, span, strict=True)}
    return named | {"digest": digest} | labels


def write_table(path: Path, found: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, list(found[0]), delimiter="\t", lineterminator="\n")
        table.writeheader()
        table.writerows(found)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "data")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    folder.mkdir()
    neg = {"polarity": "neg", "intent": "complaint", "topics": "a.b,c.d", "severity": "2"}
    pos = {"polarity": "pos", "intent": "praise", "topics": "e.f", "severity": "0"}
    ask = {"polarity": "neu", "intent": "question", "topics": "g.h", "severity": "0"}
    opinions = [row(APP, **neg), row(SCREEN, **pos), row(REFUND, **ask)]
    write_table(folder / OPINIONS, opinions)
    phone = {"product": "phone"}
    sorted_out = [row(BATTERY, **phone, problem="c1"), row(APP, **phone, problem=NO_PROBLEM)]
    write_table(folder / PROBLEMS, sorted_out)
    return folder


def test_labels_meet_the_texts_they_were_made_for_in_their_own_order(
    data: Path, labels: Path
) -> None:
    assert own_clauses(data, labels=labels) == (
        LabelledClause("APP打不开!!", "neg", "complaint", ("a.b", "c.d"), 2),
        LabelledClause("屏幕很亮😀", "pos", "praise", ("e.f",), 0),
        LabelledClause("退款在哪里", "neu", "question", ("g.h",), 0),
    )


def test_complaints_meet_their_problems(data: Path, labels: Path) -> None:
    assert complaints(data, labels=labels) == (
        Complaint("电池不耐用。", "phone", "c1"),
        Complaint("APP打不开!!", "phone", None),
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(PHONES, {1, 2}, id="of both tables"),
        pytest.param(PAIRS, {0}, id="of one table"),
        pytest.param("demo/other.jsonl", set(), id="of neither"),
    ],
)
def test_rows_with_a_label_are_known(path: str, expected: set[int], labels: Path) -> None:
    assert labelled_rows(path, labels=labels) == expected


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param([{"text": "x"}, {"text": "屏幕很亮😀,但是电池不耐用。"}], id="fewer rows"),
        pytest.param(
            [*DATA[PHONES][:2], {"text": "APP打不开!!"}],
            id="another width",
        ),
        pytest.param([*DATA[PHONES][:2], {"title": "ＡＰＰ打不开!!"}], id="another field"),
        pytest.param([DATA[PHONES][1], DATA[PHONES][0], DATA[PHONES][2]], id="another order"),
    ],
)
def test_data_that_changed_is_refused(
    changed: list[dict[str, str]], data: Path, labels: Path
) -> None:
    lines = "".join(json.dumps(found, ensure_ascii=False) + "\n" for found in changed)
    (data / PHONES).write_bytes(gzip.compress(lines.encode()))
    with pytest.raises(InputError, match=f"{PHONES}: 第 [12] 行的 text"):
        own_clauses(data, labels=labels)


def test_a_missing_data_file_is_named(data: Path, labels: Path) -> None:
    (data / PAIRS).unlink()
    with pytest.raises(InputError, match=PAIRS):
        own_clauses(data, labels=labels)


def test_a_missing_label_file_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=PROBLEMS):
        complaints(data, labels=tmp_path)


# --- the label files of this repository --------------------------------------------------------

HEADERS = {
    OPINIONS: (*SPAN, "digest", "polarity", "intent", "topics", "severity"),
    PROBLEMS: ("product", *SPAN, "digest", "problem"),
}
TABLES = pytest.mark.parametrize("name", HEADERS)


def committed(name: str) -> list[dict[str, str]]:
    with (LABELS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@TABLES
def test_a_label_file_has_its_columns_and_no_text(name: str) -> None:
    lines = (LABELS / name).read_text("ascii").splitlines()
    assert tuple(lines[0].split("\t")) == HEADERS[name]
    assert {line.count("\t") for line in lines} == {len(HEADERS[name]) - 1}


@TABLES
def test_a_span_is_labelled_once(name: str) -> None:
    spans = Counter(tuple(found[part] for part in SPAN) for found in committed(name))
    assert {span for span, times in spans.items() if times > 1} == set()


@TABLES
def test_spans_and_digests_can_be(name: str) -> None:
    for found in committed(name):
        assert re.fullmatch(r"[0-9a-f]{8}", found["digest"]), found
        assert 0 <= int(found["start"]) < int(found["end"]), found
        assert int(found["row"]) >= 0, found


@TABLES
def test_different_texts_have_different_digests(name: str) -> None:
    """Two spans of one digest are of one length: they hold the same text."""
    lengths = defaultdict(set)
    for found in committed(name):
        lengths[found["digest"]].add(int(found["end"]) - int(found["start"]))
    assert {digest for digest, seen in lengths.items() if len(seen) > 1} == set()


@TABLES
def test_no_label_is_of_evaluation_data(name: str) -> None:
    rooms = {found["path"].split("/", 1)[0] for found in committed(name)}
    assert rooms <= {"demo", "pairs", "train", "unlabelled"}


def test_labels_have_known_codes() -> None:
    topics = {topic.code for topic in load_taxonomy().topics}
    for found in committed(OPINIONS):
        named = found["topics"].split(",")
        assert found["polarity"] in POLARITIES, found
        assert found["intent"] in INTENTS, found
        assert 1 <= len(named) <= 3, found
        assert len(set(named)) == len(named), found
        assert set(named) <= topics, found


def test_only_what_is_negative_has_a_severity() -> None:
    for found in committed(OPINIONS):
        allowed = {"1", "2", "3"} if found["polarity"] == "neg" else {"0"}
        assert found["severity"] in allowed, found


def test_a_problem_is_one_of_two_complaints_or_more() -> None:
    sizes = Counter(
        (found["product"], found["problem"])
        for found in committed(PROBLEMS)
        if found["problem"] != NO_PROBLEM
    )
    assert {problem for problem, size in sizes.items() if size < 2} == set()
    assert all(re.fullmatch(r"c\d+", problem) for _, problem in sizes)
