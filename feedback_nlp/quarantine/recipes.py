"""Dated settings of the quarantine. A change is a new entry; old ones keep what they gave."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one way to hold back repeats and floods."""

    name: str
    """The date it was added."""
    long_text: int
    """From this weight on (one per Han character, two per Latin word) two people do not write the
    same words by chance..."""
    long_near: int
    """...and from this one on not almost the same words either."""
    repeat_days: int
    """One author who says the same again after this many days says that it still holds."""
    min_similarity: float
    """Jaccard similarity of the character n-grams from which two texts may be near copies..."""
    max_new: int
    """...unless the later one has a longer stretch of characters of its own: it adds something."""
    ngram: int
    bands: int
    rows: int
    """MinHash bands and rows; texts that share a band are compared. Source: Broder 1997; Leskovec,
    Rajaraman and Ullman, Mining of Massive Datasets, 3.4."""
    bucket: int
    """A text is compared with at most this many earlier ones of a band; bounds the time. The same
    number of an author's latest reviews is looked at in a flood."""
    template_authors: int
    """Long praise in the words of this many known authors is a template."""
    flood_hours: int
    flood_reviews: int
    """One author with this many reviews within `flood_hours` floods..."""
    flood_kept: int
    """...and this many of them always stay..."""
    tiny: int
    """...of the others those that are shorter than this..."""
    said_before: float
    """...or share this part of their character pairs with one of them, are held."""


RECIPES: Final = (
    Recipe(
        name="2026-11-22",
        long_text=20,
        long_near=30,
        repeat_days=30,
        min_similarity=0.8,
        max_new=2,
        ngram=3,
        bands=12,
        rows=5,
        bucket=50,
        template_authors=3,
        flood_hours=24,
        flood_reviews=10,
        flood_kept=3,
        tiny=8,
        said_before=0.6,
    ),
)
DEFAULT: Final = RECIPES[-1]
