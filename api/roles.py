"""Which role each request needs, in one table. What it does not name gets the default."""

from typing import Final

from feedback_nlp.names import ROLE
from feedback_nlp.records import Role

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_EVERYTHING: Final = {
    "keys": Role.ADMIN,
    "users": Role.ADMIN,
    "audit": Role.ADMIN,
    "webhooks": Role.ADMIN,
    # Whoever may read may log out.
    "session": Role.VIEWER,
}
"""By the first part of the path behind /v1: the role for every method."""
_WRITING: Final = {
    "policy": Role.MANAGER,
    "targets": Role.MANAGER,
    "competitors": Role.MANAGER,
    "reply-templates": Role.MANAGER,
    "releases": Role.MANAGER,
}
"""The role for methods that change something; reading is for everybody."""


def needed_role(method: str, path: str) -> Role:
    """Return the role that a request to a path below /v1 needs; a route's template will do."""
    # `/v1/reviews:bulk` is about reviews.
    noun = path.removeprefix("/v1/").partition("/")[0].partition(":")[0]
    if noun in _EVERYTHING:
        return _EVERYTHING[noun]
    if method in READING:
        return Role.VIEWER
    return _WRITING.get(noun, Role.ANALYST)


def shown(role: Role) -> str:
    """Name a role for people."""
    return f"{ROLE[role]} {role}"
