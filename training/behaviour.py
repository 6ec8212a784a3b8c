"""Behaviour cases: short texts of our own whose right answers follow from the annotation guide.

`python -m training.behaviour` prints the pass rate of every kind; with `--update` it also rewrites
the table of known failures that lies beside the cases.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from feedback_nlp import pipeline
from feedback_nlp.artifacts import load_classifier
from feedback_nlp.errors import FeedbackError, InputError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Annotation
from training.data import rows

CASES: Final = Path(__file__).parents[1] / "tests" / "quality" / "behaviour.jsonl"
WRONG_TODAY: Final = "behaviour_wrong_today.json"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold; an empty field asks nothing."""

    polarity: tuple[str, ...] = ()
    """Any of these is right."""
    intent: tuple[str, ...] = ()
    """Any of these is right."""
    topics_any: tuple[str, ...] = ()
    """At least one of these is named."""
    topics_not: tuple[str, ...] = ()
    """None of these is named."""
    severity_min: int = 0
    uncertain: bool = False
    """The model must abstain."""
    same_as: str = ""
    """Id of the case that gets the same polarity."""
    opposite_of: str = ""
    """Id of the case that gets another polarity."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text and what any good model says about it."""

    id: str
    kind: str
    text: str
    expect: Expected


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read the cases in file order.

    Raises:
        InputError: when the file is missing, a field of a case is, or an expectation is unknown.
    """
    if not path.is_file():
        raise InputError(f"{path}: 没有这个文件，请用 --cases 指明用例文件")
    return tuple(_case(row, path) for row in rows(path))


def _case(row: Mapping[str, Any], path: Path) -> Case:
    missing = {"id", "kind", "text", "expect"} - row.keys()
    if missing:
        raise InputError(f"{path}: 用例 {row.get('id', row)} 缺少 {sorted(missing)}，请补上")
    known = {field.name for field in fields(Expected)}
    unknown = row["expect"].keys() - known
    if unknown or not row["expect"]:
        raise InputError(
            f"{path}: 用例 {row['id']} 的 expect 是 {sorted(row['expect'])}，"
            f"请用 {sorted(known)} 中的一项或几项"
        )
    expect = {key: _field(key, value) for key, value in row["expect"].items()}
    return Case(row["id"], row["kind"], row["text"], Expected(**expect))


def _field(key: str, value: Any) -> Any:  # noqa: ANN401 (a JSON value)
    if key in {"polarity", "intent", "topics_any", "topics_not"}:
        return (value,) if isinstance(value, str) else tuple(value)
    return value


def annotate_cases(cases: Sequence[Case], classifier: Classifier) -> dict[str, Annotation]:
    """Return what the model says by case id; a case is one opinion, whatever its commas."""
    texts = [(case.id, case.text) for case in cases]
    found = pipeline.annotate(texts, classifier, split=False)
    return {annotation.review_id: annotation for annotation in found}


def wrong_answers(case: Case, annotations: Mapping[str, Annotation]) -> str:
    """Return what is wrong about the answer to one case, `polarity pos; severity 1`; "" if nothing.

    `annotations` also holds the answers to the cases it is compared with.
    """
    expect, said = case.expect, annotations[case.id]
    labels = said.opinions[0].labels if said.opinions else None
    topics = [topic.code for topic in labels.topics] if labels else []
    intent = labels.intent.value if labels else "none"
    severity = labels.severity if labels else 0
    named = "topics " + (",".join(topics) or "none")
    checks = {
        f"polarity {said.polarity}": not expect.polarity or said.polarity in expect.polarity,
        f"intent {intent}": not expect.intent or intent in expect.intent,
        named: (not expect.topics_any or bool({*topics} & {*expect.topics_any}))
        and not {*topics} & {*expect.topics_not},
        f"severity {severity}": severity >= expect.severity_min,
        "certain": said.uncertain or not expect.uncertain,
        f"not as {expect.same_as}": not expect.same_as
        or said.polarity == annotations[expect.same_as].polarity,
        f"as {expect.opposite_of}": not expect.opposite_of
        or said.polarity != annotations[expect.opposite_of].polarity,
    }
    return "; ".join(answer for answer, right in checks.items() if not right)


def all_wrong_answers(
    cases: Sequence[Case], annotations: Mapping[str, Annotation]
) -> dict[str, str]:
    """Return the wrong answers by case id, in file order, of the cases that have any."""
    answers = {case.id: wrong_answers(case, annotations) for case in cases}
    return {case_id: answer for case_id, answer in answers.items() if answer}


def pass_rates(
    cases: Sequence[Case], annotations: Mapping[str, Annotation]
) -> dict[str, tuple[int, int]]:
    """Return (passed, total) by kind; a case passes when all it expects holds."""
    wrong = all_wrong_answers(cases, annotations)
    total = Counter(case.kind for case in cases)
    passed = Counter(case.kind for case in cases if case.id not in wrong)
    return {kind: (passed[kind], count) for kind, count in total.items()}


def measure(classifier: Classifier, path: Path = CASES) -> dict[str, tuple[int, int]]:
    """Return (passed, total) of every kind of case in a file."""
    cases = read_cases(path)
    return pass_rates(cases, annotate_cases(cases, classifier))


def table(rates: Mapping[str, tuple[int, int]]) -> str:
    """Return one line a kind and one for all of them, for people."""
    passed = sum(some for some, _ in rates.values())
    total = sum(count for _, count in rates.values())
    lines = {**rates, "all": (passed, total)}
    return "\n".join(
        f"{kind:<14}{some:>4} / {count:<4}{some / max(1, count):.2f}"
        for kind, (some, count) in lines.items()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one model on the cases; returns 0, or 1 after an error the caller can mend."""
    options = _parser().parse_args(arguments)
    try:
        cases = read_cases(options.cases)
        annotations = annotate_cases(cases, load_classifier(options.model))
    except FeedbackError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(pass_rates(cases, annotations)))
    if options.update:
        wrong = json.dumps(all_wrong_answers(cases, annotations), ensure_ascii=False, indent=2)
        options.cases.with_name(WRONG_TODAY).write_text(wrong + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.behaviour", description=__doc__)
    parser.add_argument("--model", help="name, name/date or folder; else the default model")
    parser.add_argument("--cases", type=Path, default=CASES, help="JSON lines file of cases")
    parser.add_argument("--update", action="store_true", help=f"rewrite {WRONG_TODAY}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
