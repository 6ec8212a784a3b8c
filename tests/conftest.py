"""Puts this folder on the import path, so that every test can use `builders`."""

import pytest
from builders import TAXONOMY

from feedback_nlp.records import Taxonomy


@pytest.fixture
def taxonomy() -> Taxonomy:
    return TAXONOMY
