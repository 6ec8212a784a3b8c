"""How a long use case tells its caller how far it is."""

from collections.abc import Callable

Progress = Callable[[int], None]
"""Called with how many more units are done since the last call."""


def silent(_done: int) -> None:
    """Report to nobody."""
