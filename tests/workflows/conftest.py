"""The packaged model, and a place to run files in."""

import sys
from pathlib import Path

import pytest

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.ports import Classifier

sys.path.append(str(Path(__file__).parents[1] / "reports"))
from desk import COMPLAINTS, Desk


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return load_classifier()


@pytest.fixture
def desk(tmp_path: Path, classifier: Classifier) -> Desk:
    return Desk(tmp_path, classifier, load_taxonomy())


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, classifier: Classifier) -> Desk:
    """One undisturbed run over the thirty complaints; read only."""
    desk = Desk(tmp_path_factory.mktemp("finished"), classifier, load_taxonomy())
    desk.run(COMPLAINTS)
    return desk
