"""Puts this folder on the import path, so that every test can use `builders`."""

from pathlib import Path
from typing import Final

import pytest
from builders import TAXONOMY
from hypothesis import settings

from feedback_nlp.records import Taxonomy

settings.register_profile("house", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("house")


NOT_TRACED: Final = frozenset(
    {
        "contracts/test_every_channel.py",
        "api/test_openapi.py",
        "hostile/test_hostile_files.py",
        "hostile/test_hostile_imports.py",
        "hostile/test_hostile_requests.py",
        "lanes/test_schedule.py",
        "privacy/test_mask_time.py",
        "reports/test_files_agree.py",
        "storage/test_query_plans.py",
        "storage/test_workspaces.py",
        "themes/test_discover.py",
        "themes/test_grain.py",
        "themes/test_settle.py",
        "themes/test_watch.py",
        "workflows/test_example_story.py",
        "workflows/test_interrupted_run.py",
        "workflows/test_ledger_survival.py",
        "workflows/test_order_and_parts.py",
        "workflows/test_priorities.py",
        "workflows/test_quarantined_reviews.py",
        "workflows/test_run_files.py",
    }
)
"""Files whose tests reach no line that others do not reach; traced, they take twice as long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the branch tracer off tests that it only slows down."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix() in NOT_TRACED:
            item.add_marker("no_cover")


@pytest.fixture
def taxonomy() -> Taxonomy:
    return TAXONOMY
