"""Protect: whatever arrives -> the same with personal data masked, before it is stored or shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, singledispatch
from typing import Final, TypeAlias, TypeVar, cast

from feedback_nlp.privacy.cells import mask_cell
from feedback_nlp.privacy.mask import mask
from feedback_nlp.privacy.pseudonym import as_pseudonym, is_pseudonym, pseudonym
from feedback_nlp.records import (
    Arrival,
    Customer,
    Exposure,
    Order,
    Reply,
    Review,
    SurveyAnswer,
    UsageEvent,
)
from feedback_nlp.text.garbled import GARBLED, garbled_spans

A = TypeVar("A", bound=Arrival)
Extras: TypeAlias = tuple[tuple[str, str], ...]
FLAG: Final = (GARBLED, "是")
"""Among the extras of a review whose text looks garbled beyond repair."""
TELLING: Final = frozenset({"mobile", "landline", "email", "id_card", "bank_card"})
"""Kinds of personal data that must not stand inside an id either."""
_REPEATED: Final = 4096
"""Products, versions and the like that are masked once."""
ERASED: Final = "此人已要求删除个人数据，不再保存"


@dataclass(frozen=True, slots=True)
class Privacy:
    """How personal data is treated on its way in."""

    key: str = field(default="", repr=False)
    """Secret of the pseudonyms; without one the pseudonym of a phone number can be guessed."""
    keep_originals: bool = False
    """Keep unmasked texts in a table of their own."""


def protect(arrival: A, key: str) -> A:
    """Return the arrival with its personal data masked; lengths and ids stay. Idempotent."""
    return cast("A", _protected(arrival, key))


def originals_of(
    arrived: Sequence[Arrival], masked: Sequence[Arrival], privacy: Privacy
) -> dict[str, str]:
    """Return review id -> text as it came, where masking changed it and the settings keep it."""
    if not privacy.keep_originals:
        return {}
    return {
        before.id: before.text
        for before, after in zip(arrived, masked, strict=True)
        if isinstance(before, Review) and isinstance(after, Review) and before.text != after.text
    }


def person_of(arrival: Arrival) -> str | None:
    """Return whose data this is, as far as it says."""
    if isinstance(arrival, Exposure):
        return None
    return arrival.id if isinstance(arrival, Customer) else arrival.author_id


def persons(arrivals: Iterable[Arrival]) -> set[str]:
    """Return everybody named as an author or customer."""
    return {person for each in arrivals if (person := person_of(each)) is not None}


def stored_id(given: str, key: str) -> str:
    """Return the id under which a person is stored: a pseudonym where it holds personal data.

    `电话13812345678` is no number as a whole, and still must not be kept.
    """
    named = pseudonym(given, key=key)
    if named != given or is_pseudonym(given) or TELLING.isdisjoint(mask(given).kinds):
        return named
    return as_pseudonym(given, key=key)


@singledispatch
def _protected(arrival: object, _key: str) -> Arrival:
    raise TypeError(f"no rule protects {type(arrival).__name__}")


@_protected.register
def _review(review: Review, key: str) -> Review:
    masked = mask(review.text)
    return replace(
        review,
        text=masked.text,
        masked=tuple(sorted({*review.masked, *masked.kinds})),
        channel=_masked(review.channel),
        external_id=_named(review.external_id, key),
        author_id=_named(review.author_id, key),
        author_tier=_perhaps(review.author_tier),
        product=_perhaps(review.product),
        version=_perhaps(review.version),
        region=_perhaps(review.region),
        replies=tuple(Reply(mask(reply.text).text, reply.at) for reply in review.replies),
        extras=_flagged(
            tuple((header, mask_cell(header, cell)[0]) for header, cell in review.extras),
            garbled=bool(garbled_spans(masked.text)),
        ),
    )


@_protected.register
def _survey_answer(answer: SurveyAnswer, key: str) -> SurveyAnswer:
    return replace(
        answer,
        channel=_masked(answer.channel),
        author_id=_named(answer.author_id, key),
        author_tier=_perhaps(answer.author_tier),
        product=_perhaps(answer.product),
        version=_perhaps(answer.version),
        region=_perhaps(answer.region),
    )


@_protected.register
def _usage_event(event: UsageEvent, key: str) -> UsageEvent:
    return replace(
        event,
        author_id=stored_id(event.author_id, key),
        name=_masked(event.name),
        version=_perhaps(event.version),
        product=_perhaps(event.product),
    )


@_protected.register
def _customer(customer: Customer, key: str) -> Customer:
    return replace(
        customer,
        id=stored_id(customer.id, key),
        tier=_perhaps(customer.tier),
        region=_perhaps(customer.region),
    )


@_protected.register
def _order(order: Order, key: str) -> Order:
    return replace(
        order,
        author_id=stored_id(order.author_id, key),
        product=_perhaps(order.product),
        version=_perhaps(order.version),
        region=_perhaps(order.region),
    )


@_protected.register
def _exposure(exposure: Exposure, _key: str) -> Exposure:
    return exposure  # counts of a day, of nobody in particular


def _flagged(extras: Extras, *, garbled: bool) -> Extras:
    """Note beside the review that its text looks garbled; a note that came along counts."""
    return (*extras, FLAG) if garbled and FLAG not in extras else extras


def is_flagged(arrival: Arrival) -> bool:
    """Say whether the text of a protected review looks garbled."""
    return isinstance(arrival, Review) and FLAG in arrival.extras


def _named(value: str | None, key: str) -> str | None:
    return None if value is None else stored_id(value, key)


def _perhaps(value: str | None) -> str | None:
    return None if value is None else _masked(value)


@lru_cache(_REPEATED)
def _masked(value: str) -> str:
    return mask(value).text
