"""Whom to tell that a problem is fixed: one entry for each user, who needs it most comes first."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from feedback_nlp.records import Intent, Polarity, Review, Voice, user_of
from feedback_nlp.replies.versions import is_older

PLAIN_TIER: Final = 1.0
"""What a tier weighs that the policy does not name."""


class LeftOut(StrEnum):
    """Why a user of the theme is not told."""

    COMPETITOR = "competitor"
    QUARANTINED = "quarantined"
    CHANGED = "changed"
    """They say something else by now, or a person found that they never complained."""
    OPTED_OUT = "opted_out"
    TOLD = "told"
    SAID_AGAIN = "said_again"
    """They complained when they could have the fix."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A review that the plan counted in a theme, as it is now."""

    review: Review
    opinions: tuple[Voice, ...] = ()
    """What it says in the theme; empty when its text has changed, or when it does not count."""
    held: bool = False
    theirs: bool = False
    """It is about another company's product."""

    @property
    def user(self) -> str:
        """Who wrote it."""
        return user_of(self.review.author_id, self.review.id)

    @property
    def complaints(self) -> tuple[Voice, ...]:
        """What is said against something or wished for, the most severe first."""
        found = (each for each in self.opinions if _is_complaint(each))
        return tuple(sorted(found, key=lambda each: (-each.labels.severity, each.start)))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the reviews."""

    opted_out: Collection[str] = frozenset()
    """Users, see `user_of`."""
    told: Collection[str] = frozenset()
    """Users who were told about this ticket."""
    tiers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Tier of an author, where the review names none."""
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """How much users of a tier count."""
    released_at: datetime | None = None
    """From when on everybody could have the fix."""
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A user to tell."""

    user: str
    review: Review
    """Their newest one in the theme: this is what is answered."""
    quote: Voice
    """What that review says in the theme, the most severe of it."""
    severity: int
    """Of everything they say in the theme."""
    tier: str | None
    reviews: int
    """How many of theirs are in the theme."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told, and how many are not."""

    addressees: tuple[Addressee, ...]
    left_out: tuple[tuple[LeftOut, int], ...]
    """Users by reason, in the order of `LeftOut`; reasons without any are missing."""
    reasons: Mapping[str, LeftOut]
    """Why each of these users is left out."""


def audience(heard: Iterable[Heard], known: Known) -> Audience:
    """Return whom to tell, in the order of tier, severity, newest review.

    The order of `heard` does not matter. Each user is counted once, listed or left out.
    """
    by_user: defaultdict[str, list[Heard]] = defaultdict(list)
    for each in heard:
        by_user[each.user].append(each)
    listed, reasons = [], dict[str, LeftOut]()
    for user, said in sorted(by_user.items()):
        reason = _reason(user, said, known)
        if reason is None:
            listed.append(_addressee(user, said, known))
        else:
            reasons[user] = reason
    counts = Counter(reasons.values())
    left_out = tuple((reason, counts[reason]) for reason in LeftOut if counts[reason])
    return Audience(tuple(sorted(listed, key=lambda each: _rank(each, known))), left_out, reasons)


def names_of(user: str, said: Iterable[Heard]) -> set[str]:
    """Return every name of a user: before the source told an author, each review was one."""
    return {user, *(user_of(None, each.review.id) for each in said)}


def _reason(user: str, said: Sequence[Heard], known: Known) -> LeftOut | None:
    counting = _counting(said)
    names = names_of(user, said)
    if not counting:
        reason = LeftOut.CHANGED
        if any(each.theirs for each in said):
            reason = LeftOut.COMPETITOR
        elif any(each.held for each in said):
            reason = LeftOut.QUARANTINED
    elif not names.isdisjoint(known.opted_out):
        reason = LeftOut.OPTED_OUT
    elif not names.isdisjoint(known.told):
        reason = LeftOut.TOLD
    elif any(_has_the_fix(each.review, known) for each in counting):
        reason = LeftOut.SAID_AGAIN
    else:
        return None
    return reason


def _counting(said: Iterable[Heard]) -> list[Heard]:
    return [each for each in said if not each.held and not each.theirs and each.complaints]


def _has_the_fix(review: Review, known: Known) -> bool:
    """Say that the review was written with the fix at hand: who uses an older version has none."""
    if known.released_at is None or review.created_at is None:
        return False
    return review.created_at >= known.released_at and not is_older(review.version, known.version)


def _addressee(user: str, said: Sequence[Heard], known: Known) -> Addressee:
    counting = _counting(said)
    newest = min(counting, key=lambda each: _newest_first(each.review))
    author = newest.review.author_id
    return Addressee(
        user=user,
        review=newest.review,
        quote=newest.complaints[0],
        severity=max(each.complaints[0].labels.severity for each in counting),
        tier=newest.review.author_tier or (known.tiers.get(author) if author else None),
        reviews=len(counting),
    )


def _rank(each: Addressee, known: Known) -> tuple[object, ...]:
    weight = known.weights.get(each.tier or "", PLAIN_TIER)
    # Those without a tier come behind those of one that weighs the same.
    return -weight, each.tier is None, each.tier or "", -each.severity, _newest_first(each.review)


def _newest_first(review: Review) -> tuple[bool, float, str]:
    at = review.created_at
    return at is None, -at.timestamp() if at else 0.0, review.id


def _is_complaint(voice: Voice) -> bool:
    return voice.labels.polarity is Polarity.NEG or voice.labels.intent is Intent.REQUEST
