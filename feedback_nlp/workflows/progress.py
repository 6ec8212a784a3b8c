"""How a long use case tells its caller what it does and how far it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[int], None]
"""Called with how many more units are done since the last call."""

Stage = Callable[[str, int | None], AbstractContextManager[Progress]]
"""Opens a named stage of so many units (None: not known) and gives its progress."""


def silent(_done: int) -> None:
    """Report to nobody."""


@contextmanager
def no_stages(_name: str, _total: int | None) -> Iterator[Progress]:
    """Run a stage without telling anybody."""
    yield silent
