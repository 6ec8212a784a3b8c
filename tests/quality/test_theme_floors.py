"""Floors under the themes, on complaint clauses grouped by hand in `../shared/data`.

They guard against losing quality; settings are never chosen on these clauses.
The figures seen are in `docs/quality.md`.
"""

import os
from pathlib import Path

import pytest

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.workflows.analyze import Line
from feedback_nlp.workflows.group_lines import group_lines
from training.grouping import agreement

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
NO_ISSUE = "none"


def _table(name: str) -> list[list[str]]:
    lines = (DATA / "themes" / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


@pytest.mark.parametrize(
    ("model", "product", "f1", "ari"),
    [
        pytest.param("linear-zh", "alipay", 0.45, 0.32, id="payment app, linear"),
        pytest.param("linear-zh", "waimai", 0.45, 0.38, id="food delivery, linear"),
        pytest.param("encoder-zh", "alipay", 0.53, 0.45, id="payment app, encoder"),
        pytest.param("encoder-zh", "waimai", 0.46, 0.27, id="food delivery, encoder"),
    ],
)
def test_themes_agree_with_those_made_by_hand(
    model: str, product: str, f1: float, ari: float
) -> None:
    by_hand = dict(_table(f"{product}_out.tsv"))
    rows = _table(f"{product}_in.tsv")
    lines = [Line(n, line_id, text) for n, (line_id, _, text) in enumerate(rows, start=1)]
    grouped = group_lines(lines, load_classifier(model), load_taxonomy())
    measured = agreement(
        (by_hand[each.line.id], each.theme) for each in grouped if by_hand[each.line.id] != NO_ISSUE
    )
    print(model, product, measured)  # noqa: T201 (`pytest -s` shows the figures for docs/quality.md)
    assert measured.f1 >= f1, measured
    assert measured.ari >= ari, measured
