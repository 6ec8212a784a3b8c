"""Puts this folder on the import path, so that every test can use `builders`."""

import pytest
from builders import TAXONOMY
from hypothesis import settings

from feedback_nlp.records import Taxonomy

settings.register_profile("house", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("house")


@pytest.fixture
def taxonomy() -> Taxonomy:
    return TAXONOMY
