"""Comparisons -> schemas: competitors, and cuts by version, region, tier, segment and channel."""

from collections.abc import Sequence
from typing import Any, Final

from api.schemas.competitors import (
    CompetitorOut,
    CompetitorsOut,
    GapsOut,
    RivalryOut,
    SideOut,
    TopicGapOut,
)
from api.schemas.segments import PartOut, SegmentRowOut, SegmentsOut
from api.schemas.themes import QuoteOut
from feedback_nlp.compare.gaps import Gap
from feedback_nlp.records import CHINA, Quote
from feedback_nlp.reports.gaps import FOUND
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.compare_products import Comparison, Rivalry, Side, TopicGap
from feedback_nlp.workflows.compare_segments import Cut, CutRow
from feedback_nlp.workflows.mark_competitor import Product

_DIGITS: Final = 6
_SIGNIFICANT: Final = 4
"""Of a chance, which may be one in a billion."""


def competitor_out(found: Product) -> CompetitorOut:
    """Show one product."""
    told = found.competitor
    return CompetitorOut(
        product=found.name,
        reviews=found.reviews,
        competitor=told is not None,
        author=told and told.author,
        reason=told and told.reason,
        at=told and told.at.astimezone(CHINA),
    )


def competitors_out(found: Sequence[Product]) -> CompetitorsOut:
    """Show all products."""
    return CompetitorsOut(products=[competitor_out(each) for each in found])


def gaps_out(found: Comparison) -> GapsOut:
    """Show the comparison with each competitor."""
    return GapsOut(
        competitors=[_rivalry(each) for each in found.rivals],
        tests=found.tests,
        level=round(found.level, _DIGITS),
    )


def segments_out(found: Cut, page: Page, *, everything: bool) -> SegmentsOut:
    """Show a page of the rows in which a difference was found, or of all."""
    rows = [row for row in found.rows if everything or row.gap.contrast in FOUND]
    return SegmentsOut(
        by=found.question.by,
        first=found.first,
        last=found.last,
        values=[
            PartOut(
                value=part.value, users=part.users, reviews=part.reviews, compared=part.is_compared
            )
            for part in found.parts
        ],
        unknown=found.unknown,
        tests=found.tests,
        level=round(found.level, _DIGITS),
        rows=[_row(row) for row in rows[page.part]],
        total=len(rows),
        limit=page.limit,
        offset=page.offset,
    )


def _rivalry(found: Rivalry) -> RivalryOut:
    return RivalryOut(
        product=found.product,
        basis=found.window.basis,
        first=found.window.first,
        last=found.window.last,
        our_users=found.ours.users,
        our_reviews=found.ours.reviews,
        their_users=found.theirs.users,
        their_reviews=found.theirs.reviews,
        topics=[_topic(row) for row in found.topics],
    )


def _topic(row: TopicGap) -> TopicGapOut:
    return TopicGapOut(
        topic=row.code,
        name=row.name,
        ours=_side(row.ours),
        theirs=_side(row.theirs),
        **_gap(row.gap),
    )


def _side(side: Side) -> SideOut:
    share = side.count / side.of if side.of else None
    return SideOut(count=side.count, of=side.of, share=_rounded(share), quotes=_quotes(side.quotes))


def _row(row: CutRow) -> SegmentRowOut:
    return SegmentRowOut(
        value=row.value,
        topic=None if row.is_theme else row.key,
        theme=row.key if row.is_theme else None,
        name=row.name,
        count=row.count,
        of=row.of,
        rest_count=row.rest,
        rest_of=row.rest_of,
        quotes=_quotes(row.quotes),
        **_gap(row.gap),
    )


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "gap": _rounded(gap.gap),
        "low": _rounded(gap.low),
        "high": _rounded(gap.high),
        "p": _significant(gap.p),
        "q": _significant(gap.q),
        "contrast": gap.contrast,
    }


def _quotes(quotes: Sequence[Quote]) -> list[QuoteOut]:
    return [QuoteOut(review_id=quote.review_id, text=quote.text) for quote in quotes]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _significant(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_SIGNIFICANT}g}")
