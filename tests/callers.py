"""Callers of the API: clients that carry a key, made in the database of the application."""

from datetime import UTC, datetime

from fastapi.testclient import TestClient

from feedback_nlp.records import Role, Signature
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.manage_keys import KeyWish, add_key
from feedback_nlp.workflows.setup import Setup

AT = datetime(2026, 3, 9, tzinfo=UTC)


def setup_of(client: TestClient) -> Setup:
    """Return what the running application has opened."""
    setup: Setup = client.app_state["setup"]
    return setup


def new_key(
    client: TestClient,
    role: Role = Role.ADMIN,
    *,
    workspace: str | None = None,
    per_minute: int | None = 100_000,
) -> str:
    """Make a key and return its secret."""
    setup = setup_of(client)
    wish = KeyWish(f"test {role}", role, per_minute)
    with transaction(setup.engine) as session:
        name = workspace or setup.workspace
        return add_key(session, name, wish, Signature("test", AT))[1].text


def with_key(client: TestClient) -> TestClient:
    """Let a client of a running application carry the key of an administrator."""
    client.headers["Authorization"] = f"Bearer {new_key(client)}"
    return client
