"""docs/policy.md lists every setting of the policy with its default, and no other."""

import re
from pathlib import Path

from feedback_nlp.priority.policy import rows
from feedback_nlp.records import Policy

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
LISTED = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", PAGE, flags=re.MULTILINE))


def test_page_and_code_name_the_same_settings_and_defaults() -> None:
    assert {row.key: row.default for row in rows(Policy())} == LISTED


def test_the_weights_that_have_no_default_are_explained() -> None:
    assert "`strategy.`" in PAGE
