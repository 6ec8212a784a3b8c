"""Bootstrap draws that belong to users: whoever else there is, a user is drawn the same."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]

DRAWS: Final = 1_000
_SEED: Final = 20_261_122
_STEP: Final = 0x9E37_79B9_7F4A_7C15
_MIX: Final = (0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB)
_TOP_BITS: Final = 16
_E: Final = 2.718281828459045


def user_draws(users: Sequence[str]) -> Draws:
    """Return how often each user was drawn, (n_users, DRAWS): Poisson with mean 1.

    Keyed by user, not by position. So the order of users does not matter, one more user takes
    nothing from the others, and two themes with the same users rise and fall together.

    Source: Poisson bootstrap: N. Chamandy et al., Estimating uncertainty for massive data streams,
    Google 2012. Mixing: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number
    generators (SplitMix64), OOPSLA 2014.
    """
    hashes = np.array([_hash(user) for user in users], dtype=np.uint64)
    steps = np.arange(1, DRAWS + 1, dtype=np.uint64) * np.uint64(_STEP)
    return _QUANTILES[_mixed(hashes[:, None] + steps[None, :])]


def _hash(user: str) -> int:
    digest = blake2b(user.encode(), digest_size=8, salt=_SEED.to_bytes(8, "big")).digest()
    return int.from_bytes(digest, "big")


def _mixed(values: Hashes) -> Hashes:
    """Return the top bits of SplitMix64's output; wraps around on purpose."""
    for shift, factor in zip((30, 27), _MIX, strict=True):
        values ^= values >> np.uint64(shift)
        values *= np.uint64(factor)
    values ^= values >> np.uint64(31)
    return values >> np.uint64(64 - _TOP_BITS)


def _quantiles() -> Draws:
    """Return the Poisson quantile of each value of the top bits."""
    chances = [1 / _E]
    while len(chances) < 2 * _TOP_BITS:
        chances.append(chances[-1] / len(chances))
    middles = (np.arange(2**_TOP_BITS) + 0.5) / 2**_TOP_BITS
    return np.searchsorted(np.cumsum(chances), middles).astype(np.uint8)


_QUANTILES: Final = _quantiles()
