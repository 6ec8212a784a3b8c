"""What a command opens before it works: settings, database, model, clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.settings import read_settings
from feedback_nlp.storage.database import open_database
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.setup import Setup


def now() -> datetime:
    """Read the clock; nothing below the command line does."""
    return datetime.now(UTC)


def named_workspace(workspace: str | None) -> str:
    """Return the workspace asked for, else that of the settings."""
    return workspace or read_settings().workspace


@contextmanager
def opened(url: str | None) -> Iterator[Engine]:
    """Open the database asked for, else that of the settings."""
    engine = open_database(url or read_settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def target_in(url: str | None, workspace: str | None) -> Iterator[Target]:
    """Open a database to import into."""
    settings = read_settings()
    with opened(url) as engine:
        yield Target(engine, workspace or settings.workspace, now(), settings.privacy)


@contextmanager
def prepared(url: str | None, *, model: str | None, workspace: str | None) -> Iterator[Setup]:
    """Open everything that scoring and planning need."""
    settings = read_settings()
    classifier = load_classifier(model or settings.model)
    with opened(url) as engine:
        yield Setup(
            engine,
            workspace or settings.workspace,
            classifier,
            load_taxonomy(),
            settings.privacy,
        )
