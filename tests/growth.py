"""Whether work grows with the length of a text or with its square, however noisy the machine."""

import time
from collections.abc import Callable

TIMES_LONGER = 16
_TRIES = 5


def grows_linearly(work: Callable[[str], object], text: str) -> bool:
    """Return whether a text 16 times as long takes about 16 times as long, not 256 times.

    The bound lies between the two, a factor of 4 from each. Processors change their speed by such
    factors from one second to the next, so one try of several is enough: noise may spoil a try,
    but never all, and what is quadratic passes none.
    """
    short = text[: len(text) // TIMES_LONGER]
    return any(
        _seconds(work, text) < 4 * TIMES_LONGER * _seconds(work, short) for _ in range(_TRIES)
    )


def _seconds(work: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    work(text)
    return time.process_time() - begun
