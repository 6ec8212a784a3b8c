"""The behaviour cases are well formed, and the measure counts them as it says."""

import json
from collections import Counter
from pathlib import Path

import pytest
from builders import make_labels

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.errors import InputError
from feedback_nlp.records import (
    Annotation,
    Intent,
    Labels,
    Opinion,
    Polarity,
    Probabilities,
    TopicProbability,
)
from training.behaviour import (
    CASES,
    WRONG_TODAY,
    Case,
    Expected,
    main,
    measure,
    pass_rates,
    read_cases,
    wrong_answers,
)

ALL = read_cases(CASES)
BY_ID = {case.id: case for case in ALL}
KINDS = {
    *("negation", "rhetorical", "contrast", "sarcasm", "degree", "slang", "script", "emoji"),
    *("english", "numbers", "request", "question", "facts", "severity", "comparison", "typos"),
    *("abbreviations", "repeats", "long", "conditional", "temporal", "reported", "topics"),
}


# --- the file ----------------------------------------------------------------------------------


def test_every_kind_has_at_least_a_dozen_cases() -> None:
    counts = Counter(case.kind for case in ALL)
    assert set(counts) == KINDS
    assert min(counts.values()) >= 12
    assert len(ALL) >= 260


def test_ids_are_unique_and_begin_with_the_kind() -> None:
    assert len(BY_ID) == len(ALL)
    assert [case.id for case in ALL if case.id.rpartition("-")[0] != case.kind] == []


def test_no_text_is_there_twice() -> None:
    counts = Counter(case.text for case in ALL)
    assert [text for text, n in counts.items() if n > 1 or text != text.strip()] == []


def test_expected_labels_and_codes_are_known() -> None:
    polarities, intents = {each.value for each in Polarity}, {each.value for each in Intent}
    codes = {topic.code for topic in load_taxonomy().topics}
    for case in ALL:
        expect = case.expect
        assert set(expect.polarity) <= polarities, case.id
        assert set(expect.intent) <= intents, case.id
        assert {*expect.topics_any, *expect.topics_not} <= codes, case.id
        assert not {*expect.topics_any} & {*expect.topics_not}, case.id
        assert expect.severity_min in range(4), case.id


def test_expectations_follow_the_guide_together() -> None:
    for case in ALL:
        expect = case.expect
        assert expect.severity_min == 0 or expect.polarity == ("neg",), case.id
        if expect.intent == ("praise",):
            assert expect.polarity == ("pos",), case.id
        if expect.intent == ("complaint",):
            assert expect.polarity == ("neg",), case.id


def test_compared_cases_exist_and_expect_what_the_comparison_says() -> None:
    for case in ALL:
        same, opposite = case.expect.same_as, case.expect.opposite_of
        assert case.id not in {same, opposite}
        assert not same or BY_ID[same].expect.polarity == case.expect.polarity, case.id
        if opposite:
            assert not {*BY_ID[opposite].expect.polarity} & {*case.expect.polarity}, case.id


def test_known_failures_are_cases() -> None:
    known = json.loads(CASES.with_name(WRONG_TODAY).read_text(encoding="utf-8"))
    assert set(known) <= set(BY_ID)
    assert all(known.values())


# --- the measure -------------------------------------------------------------------------------


def answer(case_id: str, labels: Labels | None, *, uncertain: bool = False) -> Annotation:
    """An annotation of one opinion, or of none."""
    return Annotation(
        review_id=case_id,
        text="还行",
        polarity=labels.polarity if labels else Polarity.NEU,
        probabilities=labels.probabilities if labels else Probabilities(0.3, 0.4, 0.3),
        uncertain=uncertain,
        opinions=(Opinion(0, 2, "还行", labels),) if labels else (),
        model="made/2026-11-22",
    )


CRASH = make_labels("performance.crash")
TWO_TOPICS = make_labels(
    topics=(TopicProbability("price.value", 0.9), TopicProbability("food.taste", 0.8))
)
PRAISE = make_labels("food.taste", polarity=Polarity.POS, intent=Intent.PRAISE, severity=0)
OTHERS = {"bad": answer("bad", CRASH), "good": answer("good", PRAISE)}


@pytest.mark.parametrize(
    ("expect", "labels", "wrong"),
    [
        pytest.param(Expected(polarity=("neg", "neu")), CRASH, "", id="one of two polarities"),
        pytest.param(Expected(polarity=("neu",)), CRASH, "polarity neg", id="another polarity"),
        pytest.param(Expected(intent=("complaint",)), CRASH, "", id="the intent"),
        pytest.param(Expected(intent=("praise",)), CRASH, "intent complaint", id="another intent"),
        pytest.param(Expected(topics_any=("food.taste",)), TWO_TOPICS, "", id="the second topic"),
        pytest.param(
            Expected(topics_any=("food.portion",)),
            TWO_TOPICS,
            "topics price.value,food.taste",
            id="no such topic",
        ),
        pytest.param(
            Expected(topics_any=("price.value",), topics_not=("food.taste",)),
            TWO_TOPICS,
            "topics price.value,food.taste",
            id="a topic too many",
        ),
        pytest.param(Expected(severity_min=2), CRASH, "", id="as severe as asked"),
        pytest.param(Expected(severity_min=3), CRASH, "severity 2", id="not severe enough"),
        pytest.param(Expected(uncertain=True), CRASH, "certain", id="should abstain"),
        pytest.param(Expected(same_as="bad"), CRASH, "", id="same as another"),
        pytest.param(Expected(same_as="good"), CRASH, "not as good", id="not the same"),
        pytest.param(Expected(opposite_of="good"), CRASH, "", id="opposite"),
        pytest.param(Expected(opposite_of="bad"), CRASH, "as bad", id="not opposite"),
        pytest.param(
            Expected(polarity=("pos",), severity_min=3),
            CRASH,
            "polarity neg; severity 2",
            id="two things wrong",
        ),
        pytest.param(
            Expected(intent=("other",), topics_any=("food.taste",)),
            None,
            "intent none; topics none",
            id="no opinion at all",
        ),
    ],
)
def test_wrong_answers_name_what_the_model_says(
    expect: Expected, labels: Labels | None, wrong: str
) -> None:
    case = Case("it", "negation", "还行", expect)
    assert wrong_answers(case, {**OTHERS, "it": answer("it", labels)}) == wrong


def test_abstaining_is_right_where_it_is_asked_for() -> None:
    case = Case("it", "repeats", "？？", Expected(uncertain=True))
    assert wrong_answers(case, {"it": answer("it", None, uncertain=True)}) == ""


def test_pass_rates_are_by_kind() -> None:
    negative = Expected(polarity=("neg",))
    cases = [
        Case("bad", "slang", "翻车", negative),
        Case("good", "slang", "真香", negative),
        Case("bad", "emoji", "👎", negative),
    ]
    assert pass_rates(cases, OTHERS) == {"slang": (1, 2), "emoji": (1, 1)}


# --- the command -------------------------------------------------------------------------------


def write_cases(folder: Path, *cases: dict[str, object]) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


def case_row(case_id: str, **expect: object) -> dict[str, object]:
    return {"id": case_id, "kind": "repeats", "text": "。。。", "expect": expect}


WORDLESS = (case_row("repeats-01", uncertain=True), case_row("repeats-02", polarity=["pos"]))
"""Without a word the answer is the same whatever the model."""


def test_update_writes_the_wrong_answers_beside_the_cases(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_cases(tmp_path, *WORDLESS)
    arguments = ["--cases", str(path), "--model", str(tiny_model)]
    assert main(arguments) == 0
    assert not (tmp_path / WRONG_TODAY).exists()
    assert main([*arguments, "--update"]) == 0
    known = json.loads((tmp_path / WRONG_TODAY).read_text(encoding="utf-8"))
    assert known == {"repeats-02": "polarity neu"}
    assert "repeats          1 / 2   0.50" in capsys.readouterr().out


def test_measure_reads_and_counts(tiny_model: Path, tmp_path: Path) -> None:
    path = write_cases(tmp_path, *WORDLESS)
    assert measure(load_classifier(tiny_model), path) == {"repeats": (1, 2)}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param({"id": "a-1", "text": "好", "expect": {}}, "缺少 ['kind']", id="no kind"),
        pytest.param(case_row("a-1", colour="red"), "['colour']", id="unknown expectation"),
        pytest.param(case_row("a-1"), "expect 是 []", id="expects nothing"),
    ],
)
def test_a_malformed_case_is_named(row: dict[str, object], words: str, tmp_path: Path) -> None:
    path = write_cases(tmp_path, row)
    with pytest.raises(InputError) as raised:
        read_cases(path)
    assert f"{path}: 用例 a-1" in str(raised.value)
    assert words in str(raised.value)


def test_the_command_says_which_file_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--cases", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl: 没有这个文件，请用 --cases" in capsys.readouterr().err
