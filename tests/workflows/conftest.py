"""The packaged model, and a place to run files in."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from builders import NOW
from databases import BACKENDS, Spares

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.ports import Classifier
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.protect import Privacy

sys.path += [str(Path(__file__).parents[1] / name) for name in ("reports", "storage")]
from desk import COMPLAINTS, Desk, NewDatabase, sqlite_in


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    """The fast lane: what is done with labels is the same for every model."""
    return load_classifier("linear-zh")


@pytest.fixture(scope="session")
def spares() -> Iterator[Spares]:
    spares = Spares()
    yield spares
    spares.close()


@pytest.fixture(params=BACKENDS)
def new_database(request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    if request.param == "sqlite":
        yield sqlite_in
        return
    spares: Spares = request.getfixturevalue("spares")
    urls: dict[Path, str] = {}
    with ExitStack() as lent:

        def postgres_for(folder: Path) -> str:
            if folder not in urls:
                urls[folder] = lent.enter_context(spares.lent())
            return urls[folder]

        yield postgres_for


@pytest.fixture
def desk(tmp_path: Path, classifier: Classifier, new_database: NewDatabase) -> Desk:
    return Desk(tmp_path, classifier, load_taxonomy(), new_database=new_database)


@pytest.fixture
def target(desk: Desk) -> Iterator[Target]:
    """An empty database to import into, on each kind of server."""
    with desk.engine() as engine:
        yield Target(engine, desk.workspace, NOW, Privacy("geheim"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, classifier: Classifier) -> Desk:
    """One undisturbed run over the thirty complaints, always on SQLite; read only."""
    desk = Desk(tmp_path_factory.mktemp("finished"), classifier, load_taxonomy())
    desk.run(COMPLAINTS)
    return desk
