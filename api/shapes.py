"""Records -> schemas. Names and digits are those of `reports/json_files.py`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from api.schemas.annotations import (
    SCORING,
    AcceptedOut,
    AnnotationOut,
    CountsOut,
    PostedOut,
    PostedPage,
    RefusedOut,
    ReplyOut,
    ReviewFieldsOut,
    ReviewOut,
    UsageOut,
)
from api.schemas.bulk import BulkCountsOut, BulkOut, LineOut
from api.schemas.themes import OpinionsOut, RunOut, ThemeOut, ThemesOut, UnassignedOut, VoiceOut
from feedback_nlp.records import CHINA, Annotation, Opinion, Review, Run, Voice
from feedback_nlp.reports.json_files import (
    PROBABILITY_DIGITS,
    annotation_dict,
    opinion_dict,
    priority_dict,
    run_dict,
    theme_dict,
)
from feedback_nlp.storage.usage import UsageSummary
from feedback_nlp.workflows.browse import (
    FoundReview,
    OpinionPage,
    Page,
    RankedTheme,
    ThemePage,
)
from feedback_nlp.workflows.post_file import Delivered
from feedback_nlp.workflows.post_reviews import Accepted, Posted, Status
from feedback_nlp.workflows.theme_rates import Rates


def posted_page(posted: Sequence[Posted]) -> PostedPage:
    """Show what became of a few reviews."""
    found = Counter(each.status for each in posted)
    counts = CountsOut.model_validate({status.value: found[status] for status in Status})
    return PostedPage(results=[_posted(each) for each in posted], counts=counts)


def accepted_out(accepted: Accepted) -> AcceptedOut:
    """Show what became of many reviews."""
    stored = accepted.stored
    return AcceptedOut(
        counts=CountsOut(
            added=stored.added,
            revised=stored.revised,
            unchanged=stored.unchanged,
            rejected=len(accepted.rejected),
        ),
        rejected=[RefusedOut(index=each.line - 1, error=each.reason) for each in accepted.rejected],
        pending=accepted.pending,
        scoring=SCORING,
    )


def bulk_out(done: Delivered) -> BulkOut:
    """Show what became of a file."""
    report = done.report
    return BulkOut(
        imports=list(done.imports),
        links=[f"/v1/imports/{number}" for number in done.imports],
        counts=BulkCountsOut(
            added=report.added,
            revised=report.revised,
            unchanged=report.unchanged,
            rejected=report.rejected,
            refused=report.refused,
        ),
        errors=[LineOut(line=each.line, error=each.reason) for each in done.rejected],
        notes=list(done.notes),
        pending=done.pending,
    )


def review_out(found: FoundReview) -> ReviewOut:
    """Show one review and its annotation."""
    fields = review_fields(found.review)
    return ReviewOut(
        **fields.model_dump(),
        usage=_usage(found.usage) if found.usage else None,
        annotation=_annotation(found.annotation) if found.annotation else None,
    )


def review_fields(review: Review) -> ReviewFieldsOut:
    """Show one review without what is said of it."""
    return ReviewFieldsOut(
        id=review.id,
        external_id=review.external_id,
        channel=review.channel,
        kind=review.kind,
        text=review.text,
        masked=list(review.masked),
        created_at=local(review.created_at),
        product=review.product,
        version=review.version,
        region=review.region,
        author_id=review.author_id,
        author_tier=review.author_tier,
        rating=review.rating,
        nps=review.nps,
        csat=review.csat,
        likes=review.likes,
        replies=[ReplyOut(text=reply.text, at=local(reply.at)) for reply in review.replies],
        resolved_at=local(review.resolved_at),
        extras=dict(review.extras),
    )


def theme_out(ranked: RankedTheme, rates: Rates) -> ThemeOut:
    """Show one theme."""
    priority = priority_dict(ranked.priority) if ranked.priority else None
    return ThemeOut.model_validate(
        theme_dict(ranked.theme, rates.get(ranked.theme.id, ()))
        | {"rank": ranked.rank, "priority": priority}
    )


def themes_out(found: ThemePage, page: Page, rates: Rates) -> ThemesOut:
    """Show a page of themes."""
    return ThemesOut(
        themes=[theme_out(ranked, rates) for ranked in found.themes],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
        unassigned=_unassigned(found.run) if found.run else None,
        run=RunOut.model_validate(run_dict(found.run)) if found.run else None,
    )


def opinions_out(found: OpinionPage, page: Page) -> OpinionsOut:
    """Show a page of the opinions in one theme."""
    return OpinionsOut(
        opinions=[_voice(voice) for voice in found.voices],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def _posted(posted: Posted) -> PostedOut:
    review = posted.review
    return PostedOut.model_validate(
        annotation_dict(posted.annotation)
        | {
            "id": review.id if review else None,
            "external_id": review.external_id if review else None,
            "channel": review.channel if review else None,
            "status": posted.status,
        }
    )


def _annotation(annotation: Annotation) -> AnnotationOut:
    return AnnotationOut.model_validate(annotation_dict(annotation))


def _voice(voice: Voice) -> VoiceOut:
    opinion = Opinion(voice.start, voice.end, voice.text, voice.labels)
    return VoiceOut.model_validate(
        opinion_dict(opinion)
        | {
            "review_id": voice.review_id,
            "channel": voice.channel,
            "created_at": local(voice.created_at),
            "author_tier": voice.author_tier,
            "version": voice.version,
            "region": voice.region,
            "rating": voice.rating,
            "likes": voice.likes,
        }
    )


def _unassigned(run: Run) -> UnassignedOut:
    share = run.unassigned / run.candidates if run.candidates else 0.0
    return UnassignedOut(count=run.unassigned, share=round(share, PROBABILITY_DIGITS))


def _usage(found: UsageSummary) -> UsageOut:
    return UsageOut(
        events=found.events,
        seconds=found.seconds,
        first=found.first.astimezone(CHINA),
        last=found.last.astimezone(CHINA),
    )


def local(moment: datetime | None) -> datetime | None:
    """Return a time as clocks in China show it."""
    return moment and moment.astimezone(CHINA)
