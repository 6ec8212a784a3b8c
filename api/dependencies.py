"""What routes ask for: the setup, a session that ends before the answer is sent, the time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.setup import Setup


def get_setup(request: Request) -> Setup:
    """Return what the application opened when it started."""
    setup: Setup = request.state.setup
    return setup


OpenSetup = Annotated[Setup, Depends(get_setup)]


def open_reading(setup: OpenSetup) -> Iterator[Session]:
    """Open a read-only transaction for one request."""
    with reading(setup.engine) as session:
        yield session


def open_transaction(setup: OpenSetup) -> Iterator[Session]:
    """Open the one write transaction of a request."""
    with transaction(setup.engine) as session:
        yield session


def read_clock() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


# With the default scope the commit comes after the answer, and a failing one is answered 2xx.
ReadSession = Annotated[Session, Depends(open_reading, scope="function")]
WriteSession = Annotated[Session, Depends(open_transaction, scope="function")]
Now = Annotated[datetime, Depends(read_clock)]
