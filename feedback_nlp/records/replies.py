"""What is kept about writing to users besides the messages: who wants none, and the wordings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TemplateKind(StrEnum):
    """What a wording is for: how it reaches the user, and in which tone."""

    APP_STORE = "app_store"
    """A public answer below a review."""
    APP_STORE_SORRY = "app_store_sorry"
    """The same to somebody who is angry: the apology comes first."""
    APP_STORE_EARLY = "app_store_early"
    """Released, and not yet verified: it must not claim that anything is fixed."""
    APP_STORE_EARLY_SORRY = "app_store_early_sorry"
    SERVICE = "service"
    """What an agent says or writes to one user."""
    SERVICE_SORRY = "service_sorry"
    SERVICE_EARLY = "service_early"
    SERVICE_EARLY_SORRY = "service_early_sorry"
    RELEASE_NOTE = "release_note"
    """One for each release, to everybody."""
    CALLBACK_7 = "callback_7"
    CALLBACK_30 = "callback_30"


@dataclass(frozen=True, slots=True)
class OptOut:
    """What one user said last about being written to."""

    user: str
    """See `user_of`."""
    active: bool
    """False: may be written to again."""
    author: str
    at: datetime
    reason: str = ""
    review_id: str | None = None
    """By which review the user is known; None for one with an id of their own."""


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """A wording as a person set it; the latest of each kind counts."""

    number: int
    kind: TemplateKind
    text: str | None
    """None takes the wording back: that of the program counts again."""
    author: str
    at: datetime
    reason: str = ""


def user_of(author_id: str | None, review_id: str) -> str:
    """Name who wrote a review: without an author id each review is a user of its own."""
    return f"review:{review_id}" if author_id is None else author_id
