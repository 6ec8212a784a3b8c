"""The users of a theme as columns of numbers, and their sums in every bootstrap draw."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.priority.churn import leaves
from feedback_nlp.priority.draws import DRAWS, user_draws
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.priority.window import Window
from feedback_nlp.records import Polarity, Policy, Segment, Voice
from feedback_nlp.themes.sharp import find_sharp

Array = npt.NDArray[np.float64]

LIKE_CAP: Final = 0.5
"""Likes can make a user count at most this much more."""
LIKE_WEIGHT: Final = 0.1
"""A like is worth this much of a user who wrote."""
SEVERITY_WEIGHT: Final = (0.25, 0.5, 2.0, 3.0)
"""Impact of one opinion by severity 0 (a request) to 3."""
SEVEREST: Final = 3
_TIER_ENDING: Final = re.compile(r"\s*(?:级|卡|级客户|客户|会员|卡会员)$")
"""金卡 and 金 are one tier, and so are A级 and A."""
_USERS_AT_ONCE: Final = 4_000
"""Bounds memory: so many users are drawn at once."""


@dataclass(frozen=True, slots=True)
class Person:
    """One user of a theme; a user counts once, however much they write."""

    key: str
    voices: int
    weight: float
    """How many users one of this tier and segment counts as."""
    complaint: float
    """Chance of being truly affected, of a user who only complains; 0 outside the window."""
    request: float
    """1 for a user within the window who asks for something."""
    both: float
    """Chance that a user who asks is affected as well: to complain too takes nothing away."""
    value: float
    """How many users this one counts as: tier x segment x likes."""
    tier: str | None
    segment: Segment | None
    likes: int
    severity: float
    """Mean severity weight of the opinions."""
    stars: float | None
    """Mean rating of the reviews."""
    undated: bool
    """Counts for the window because no time is known."""
    leaves: bool
    sharp: bool
    """Speaks of safety, minors, law or exposure, or an opinion is of the highest severity."""
    uncertain: float
    """Share of the opinions on which the classifier abstains."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the users of a theme; each is (n_draws,), of one entry when nothing is drawn."""

    users: Array
    complaints: Array
    """Of value x chance."""
    requests: Array
    both: Array
    """Of value x chance, of users who ask and complain."""
    severity: Array
    stars: Array
    rated: Array
    leaving: Array
    sharp: Array
    uncertain: Array


@dataclass(frozen=True, slots=True)
class Crowd:
    """The users of one theme."""

    people: tuple[Person, ...]
    """By key."""
    observed: Sums
    drawn: Sums
    channels: int
    anonymous: int
    """Voices without an author id."""
    total: int
    """Voices."""


def gather_crowd(voices: Sequence[Voice], grounds: Grounds, window: Window) -> Crowd:
    """Fold the voices of a theme into its users and sum them up, drawn and undrawn."""
    by_user: defaultdict[str, list[Voice]] = defaultdict(list)
    # In one order, so that whose tier counts and the last digit of a mean do not depend on it.
    for voice in sorted(voices, key=lambda voice: (voice.review_id, voice.start)):
        by_user[voice.user].append(voice)
    people = tuple(_person(key, by_user[key], grounds, window) for key in sorted(by_user))
    columns = np.array([_columns(person) for person in people], dtype=np.float64)
    return Crowd(
        people,
        observed=_sums(columns.sum(axis=0, keepdims=True)),
        drawn=_sums(_drawn(people, columns)),
        channels=len({voice.channel for voice in voices}),
        anonymous=sum(voice.author_id is None for voice in voices),
        total=len(voices),
    )


def worth_of(voice: Voice, grounds: Grounds) -> Worth:
    """Return tier and segment of whoever speaks; the review's own tier comes first."""
    known = grounds.worth.get(voice.author_id or "", Worth())
    return Worth(voice.author_tier or known.tier, known.segment)


def weight_of(worth: Worth, policy: Policy) -> float:
    """Return how many users one of this tier and segment counts as."""
    tiers, tier = dict(policy.tiers), worth.tier or ""
    weight = tiers.get(tier, tiers.get(_TIER_ENDING.sub("", tier), 1.0))
    segment = 1.0 if worth.segment is None else dict(policy.segments).get(worth.segment, 1.0)
    return weight * segment


def _person(key: str, voices: Sequence[Voice], grounds: Grounds, window: Window) -> Person:
    near = [voice for voice in voices if window.holds(voice)]
    chances = [v.labels.probabilities.neg for v in near if v.labels.polarity is Polarity.NEG]
    asks = len(chances) < len(near)
    # Mostly one: what a tier and a segment weigh is looked up once for all that a user says.
    worths = dict.fromkeys(worth_of(voice, grounds) for voice in voices)
    weight, worth = max(
        ((weight_of(each, grounds.policy), each) for each in worths), key=lambda pair: pair[0]
    )
    reviews = {voice.review_id: voice for voice in voices}.values()
    likes = sum(voice.likes for voice in reviews)
    stars = [voice.rating for voice in reviews if voice.rating is not None]
    return Person(
        key=key,
        voices=len(voices),
        weight=weight,
        complaint=0.0 if asks else max(chances, default=0.0),
        request=float(asks),
        both=max(chances, default=0.0) if asks else 0.0,
        value=weight * (1 + min(LIKE_WEIGHT * likes, LIKE_CAP)),
        tier=worth.tier,
        segment=worth.segment,
        likes=likes,
        severity=fmean(SEVERITY_WEIGHT[voice.labels.severity] for voice in voices),
        stars=fmean(stars) if stars else None,
        undated=bool(near) and all(voice.created_at is None for voice in near),
        leaves=any(map(leaves, voices)),
        sharp=any(_is_sharp(voice) for voice in voices),
        uncertain=fmean(voice.labels.uncertain for voice in voices),
    )


def _is_sharp(voice: Voice) -> bool:
    return voice.labels.severity == SEVEREST or bool(find_sharp(voice))


def _columns(person: Person) -> tuple[float, ...]:
    """Return the entries of `Sums`, in its order."""
    return (
        1.0,
        person.value * person.complaint,
        person.value * person.request,
        person.value * person.both,
        person.severity,
        person.stars or 0.0,
        float(person.stars is not None),
        float(person.leaves),
        float(person.sharp),
        person.uncertain,
    )


def _drawn(people: Sequence[Person], columns: Array) -> Array:
    total = np.zeros((DRAWS, columns.shape[1]))
    for begin in range(0, len(people), _USERS_AT_ONCE):
        some = slice(begin, begin + _USERS_AT_ONCE)
        draws = user_draws([person.key for person in people[some]])
        total += draws.T.astype(np.float64) @ columns[some]
    return total


def _sums(rows: Array) -> Sums:
    return Sums(*rows.T)
