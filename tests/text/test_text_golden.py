"""Thirty-six reviews as readable text: what the text room makes of them.

Run it with the environment variable FEEDBACK_REFRESH_GOLDEN=1 to write the snapshot anew.
"""

import os
from pathlib import Path

from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.segment import LEXICON_VERSION, segment
from feedback_nlp.text.split import split_clauses

GOLDEN = Path(__file__).parents[1] / "golden"


def golden_texts() -> list[str]:
    lines = (GOLDEN / "texts.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if not line.startswith("#")]


def rendered(text: str) -> str:
    result = normalize(text)
    clauses = (
        f"  [{clause.start}:{clause.end}] {clause.normalized}\n"
        f"      {' / '.join(segment(clause.normalized))}"
        for clause in split_clauses(text)
    )
    rewrites = f"  ({', '.join(result.applied)})" if result.applied else ""
    return "\n".join((repr(result.text)[1:-1] + rewrites, *clauses)) + "\n"


def test_clauses_and_words_match_the_golden_file() -> None:
    snapshot = f"# {LEXICON_VERSION}\n\n" + "\n".join(map(rendered, golden_texts()))
    path = GOLDEN / "clauses.txt"
    if os.environ.get("FEEDBACK_REFRESH_GOLDEN"):
        path.write_text(snapshot, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == snapshot


def test_golden_folder_holds_thirty_six_reviews() -> None:
    assert len(golden_texts()) == len(set(golden_texts())) == 36
