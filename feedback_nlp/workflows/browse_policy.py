"""Browse the policy and how it came to be. Reads only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.priority.policy import Setting, rows
from feedback_nlp.storage import policies
from feedback_nlp.storage.policies import StoredPolicy
from feedback_nlp.workflows.browse import Page


@dataclass(frozen=True, slots=True)
class ShownPolicy:
    """Every setting, and the change that made it so; None where nobody ever changed one."""

    settings: tuple[Setting, ...]
    latest: StoredPolicy | None


@dataclass(frozen=True, slots=True)
class PolicyHistory:
    """A part of the changes, newest first, and how many there are."""

    changes: tuple[StoredPolicy, ...]
    total: int


def show_policy(session: Session, workspace: str) -> ShownPolicy:
    """Return the policy that counts."""
    history = policies.history(session, workspace)
    settings = rows(policies.current(session, workspace))
    return ShownPolicy(settings, history[0] if history else None)


def list_changes(session: Session, workspace: str, page: Page) -> PolicyHistory:
    """Return a page of what people changed."""
    history = policies.history(session, workspace)
    return PolicyHistory(tuple(history[page.part]), len(history))
