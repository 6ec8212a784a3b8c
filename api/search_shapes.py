"""What was found -> schemas, and filters -> what is looked for."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple

from pydantic import BaseModel

from api.cursors import Listing, moment_or_none, number, text
from api.schemas.annotations import AnnotationOut
from api.schemas.search import (
    FoundOpinionOut,
    FoundOpinionsOut,
    FoundReviewOut,
    FoundReviewsOut,
    OpinionsSoughtIn,
    ReviewsSoughtIn,
    Sort,
    SoughtIn,
)
from api.shapes import review_fields
from feedback_nlp.reports.json_files import annotation_dict, opinion_dict
from feedback_nlp.storage.review_search import Sought, SoughtLabels
from feedback_nlp.workflows.search_reviews import FoundOpinion, Read, sought_words


def reviews_listing(sort: Sort) -> Listing[Read]:
    """Return the order of the reviews."""
    return Listing(f"reviews.{sort}", (moment_or_none, text), lambda each: each.key)


def opinions_listing(sort: Sort) -> Listing[FoundOpinion]:
    """Return the order of the opinions."""
    return Listing(f"opinions.{sort}", (moment_or_none, text, number), lambda each: each.key)


def reviews_sought(query: ReviewsSoughtIn) -> Sought:
    """Return which reviews are looked for; raises InputError for a query without words."""
    opinion = None if query.topic is None else SoughtLabels(topic=query.topic)
    return _sought(query, opinion)


def opinions_sought(query: OpinionsSoughtIn) -> Sought:
    """Return which opinions are looked for; raises InputError for a query without words."""
    labels = SoughtLabels(
        polarity=query.polarity,
        topic=query.topic,
        intent=query.intent,
        severity=query.severity,
        uncertain=query.uncertain,
    )
    return _sought(query.model_copy(update={"polarity": None}), labels)


def reviews_page(found: list[Read], limit: int, listing: Listing[Read]) -> FoundReviewsOut:
    """Show a page of reviews."""
    page, cursor = listing.cut(found, limit)
    return FoundReviewsOut(items=[review_item(each) for each in page], next_cursor=cursor)


def opinions_page(
    found: list[FoundOpinion], limit: int, listing: Listing[FoundOpinion]
) -> FoundOpinionsOut:
    """Show a page of opinions."""
    page, cursor = listing.cut(found, limit)
    return FoundOpinionsOut(items=[opinion_item(each) for each in page], next_cursor=cursor)


def review_item(read: Read) -> FoundReviewOut:
    """Show one review that was found."""
    said = read.annotation
    return FoundReviewOut(
        **review_fields(read.hit.review).model_dump(),
        quarantine=read.hit.held,
        competitor=read.hit.competitor,
        themes=sorted(set(read.themes.values())),
        annotation=None if said is None else AnnotationOut.model_validate(annotation_dict(said)),
    )


def opinion_item(found: FoundOpinion) -> FoundOpinionOut:
    """Show one opinion that was found."""
    hit = found.read.hit
    fields = review_fields(hit.review).model_dump()
    return FoundOpinionOut.model_validate(
        {name: fields[name] for name in FoundOpinionOut.model_fields if name in fields}
        | opinion_dict(found.opinion)
        | {
            "review_id": hit.review.id,
            "theme": found.theme,
            "quarantine": hit.held,
            "competitor": hit.competitor,
            "model": found.model,
        }
    )


def json_lines(portions: Iterable[Iterable[BaseModel]]) -> Iterator[bytes]:
    """Write each portion as lines of JSON with real Chinese."""
    for portion in portions:
        yield "".join(f"{each.model_dump_json()}\n" for each in portion).encode()


def _sought(query: SoughtIn, opinion: SoughtLabels | None) -> Sought:
    asked = opinion is not None and any(value is not None for value in astuple(opinion))
    return Sought(
        since=query.since,
        until=query.until,
        channel=query.channel,
        product=query.product,
        version=query.version,
        region=query.region,
        author_id=query.author_id,
        author_tier=query.tier,
        kind=query.kind,
        rating_from=query.rating_min,
        rating_to=query.rating_max,
        quarantined=query.quarantined,
        competitor=query.competitor,
        theme=query.theme,
        words=sought_words(query.q),
        polarity=query.polarity,
        opinion=opinion if asked else None,
        newest_first=query.sort is Sort.NEWEST,
    )
