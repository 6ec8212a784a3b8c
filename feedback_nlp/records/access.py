"""Who may do what: roles, accounts, API keys, logins, and what they have written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a caller may do; each may also do what those before it may."""

    VIEWER = "viewer"
    """Read everything but accounts, keys and the audit log."""
    ANALYST = "analyst"
    """Post reviews, correct labels, edit themes, work on tickets."""
    MANAGER = "manager"
    """Set policy, targets, competitors and templates; note releases."""
    ADMIN = "admin"
    """Manage accounts, keys and webhooks; read the audit log."""

    def covers(self, needed: "Role") -> bool:
        """Say that this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class User:
    """An account of one workspace; the name is what signs its edits."""

    name: str
    role: Role
    active: bool
    at: datetime
    """Made, or last changed."""
    author: str
    """Who made or changed it."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of one workspace; its secret is shown once and kept as a digest."""

    number: int
    name: str
    """What uses it; signs its edits."""
    prefix: str
    """The first characters of the secret, to tell keys apart."""
    role: Role
    author: str
    at: datetime
    per_minute: int | None = None
    """Requests; None: what the settings say."""
    expires_at: datetime | None = None
    used_at: datetime | None = None
    """To the hour: not each request is a write."""
    revoked_by: str | None = None
    revoked_at: datetime | None = None


class LoginKind(StrEnum):
    """What a token opens."""

    LINK = "link"
    """Once, from the address that `serve` prints."""
    SESSION = "session"
    """A browser that has logged in."""


@dataclass(frozen=True, slots=True)
class Login:
    """A token given to a browser, kept as a digest."""

    kind: LoginKind
    user: str
    role: Role
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request, recognised by a key or a login."""

    name: str
    role: Role
    workspace: str
    """All that the caller sees and changes is in it."""
    credential: str
    """`key 3`, `session` or `link`."""
    expires_at: datetime | None = None
    per_minute: int | None = None
    """Requests; None: what the settings say."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One write through the API, noted in the same transaction."""

    number: int
    at: datetime
    actor: str
    role: Role
    credential: str
    """`key 3`, `session`, `link`, or `command line`."""
    action: str
    """Method and route, such as `POST /v1/tickets/{ticket_id}/move`, or a command."""
    subject: Mapping[str, str]
    """Path parameters: ids, never words of users."""
    request_id: str
