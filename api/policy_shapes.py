"""Policies -> schemas."""

from collections.abc import Iterable

from api.schemas.policy import (
    ChangedOut,
    ChangesOut,
    PolicyChangeOut,
    PolicyHistoryOut,
    PolicyIn,
    PolicyOut,
    SettingOut,
)
from feedback_nlp.priority.policy import Changed
from feedback_nlp.priority.policy_values import figure
from feedback_nlp.records import CHINA
from feedback_nlp.storage.policies import StoredPolicy
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_policy import PolicyHistory, ShownPolicy


def wishes_in(asked: PolicyIn) -> list[tuple[str, str]]:
    """Return what is to be changed as people write it."""
    return [
        (key, value if isinstance(value, str) else figure(value))
        for key, value in asked.changes.items()
    ]


def policy_out(found: ShownPolicy) -> PolicyOut:
    """Show the policy that counts."""
    return PolicyOut(
        settings=[
            SettingOut(key=row.key, value=row.value, default=row.default, meaning=row.meaning)
            for row in found.settings
        ],
        latest=None if found.latest is None else _change(found.latest),
    )


def changes_out(changes: Iterable[Changed]) -> ChangesOut:
    """Show what a change did."""
    return ChangesOut(changes=_changed(changes))


def policy_history_out(found: PolicyHistory, page: Page) -> PolicyHistoryOut:
    """Show a page of changes."""
    return PolicyHistoryOut(
        history=[_change(stored) for stored in found.changes],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def _change(stored: StoredPolicy) -> PolicyChangeOut:
    return PolicyChangeOut(
        number=stored.number,
        author=stored.author,
        at=stored.at.astimezone(CHINA),
        reason=stored.reason,
        changes=_changed(stored.changes),
    )


def _changed(changes: Iterable[Changed]) -> list[ChangedOut]:
    return [ChangedOut(key=each.key, before=each.before, after=each.after) for each in changes]
