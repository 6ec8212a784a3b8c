"""One error tree, grouped by what the caller should do.

HTTP codes exist only in `api/errors.py`, exit codes only in `cli.py`; a test walks this tree and
demands a mapping for each leaf.
"""


class FeedbackError(Exception):
    """Root of every error this project raises on purpose."""


class InputError(FeedbackError):
    """The caller sent something we cannot use; the message names the value and what to do."""


class NotFoundError(FeedbackError):
    """Nothing has this id in this workspace."""


class ConflictError(FeedbackError):
    """The request contradicts the present state, for example an illegal ticket transition."""

    def __init__(self, message: str = "", *, revision: int | None = None) -> None:
        """Say what contradicts what, and the present revision where the caller saw another one."""
        super().__init__(message)
        self.revision = revision


class ArtefactError(FeedbackError):
    """A model folder is missing, corrupted or does not fit; an operator must repair it."""


class SourceError(FeedbackError):
    """A server we pull from is unreachable, busy or speaks another language; try later."""


class StorageError(FeedbackError):
    """The database is unreachable, locked or was made by another version; an operator must act."""
