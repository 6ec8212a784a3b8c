"""The packaged default model on texts of our own whose right answers are beyond doubt.

Known failures are in `behaviour_wrong_today.json`, which `python -m training.behaviour --update`
rewrites: a mended one fails here until it is taken off the list.
"""

import json
from collections.abc import Mapping

import pytest

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.records import Annotation
from training.behaviour import (
    CASES,
    WRONG_TODAY,
    Case,
    annotate_cases,
    pass_rates,
    read_cases,
    table,
    wrong_answers,
)

pytestmark = pytest.mark.quality
ALL = read_cases(CASES)
KNOWN: dict[str, str] = json.loads(CASES.with_name(WRONG_TODAY).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def annotations() -> dict[str, Annotation]:
    return annotate_cases(ALL, load_classifier())


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in ALL])
def test_behaviour(case: Case, annotations: Mapping[str, Annotation]) -> None:
    wrong = wrong_answers(case, annotations)
    if case.id in KNOWN and not wrong:
        pytest.fail(f"{case.id} passes now: take it off the list in {WRONG_TODAY}")
    assert wrong == KNOWN.get(case.id, ""), case.text


def test_pass_rates_count_every_case_but_the_known_failures(
    annotations: Mapping[str, Annotation],
) -> None:
    rates = pass_rates(ALL, annotations)
    print("\n" + table(rates))  # noqa: T201 (`pytest -s` shows the figures)
    assert sum(passed for passed, _ in rates.values()) == len(ALL) - len(KNOWN)
