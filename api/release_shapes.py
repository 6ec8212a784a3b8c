"""Releases and verifications -> schemas. Numbers are whole, never rounded."""

from dataclasses import asdict
from datetime import datetime

from api.schemas.releases import (
    ReleaseIn,
    ReleaseNotedOut,
    ReleaseOut,
    ReleasesOut,
    VerificationOut,
    VerificationsOut,
)
from feedback_nlp.records import CHINA, Release, Verification
from feedback_nlp.verification.wording import sentence
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_releases import ReleasePage, VerificationPage
from feedback_nlp.workflows.note_release import NewRelease, Noted, read_time


def release_in(asked: ReleaseIn, *, now: datetime) -> NewRelease:
    """Return the release that is to be noted; raises InputError when its time is none."""
    return NewRelease(
        tickets=tuple(asked.tickets),
        released_at=read_time(asked.released_at, now=now),
        version=asked.version,
        share=asked.share,
        group=asked.group,
        value=asked.value,
        weeks=asked.weeks,
    )


def noted_out(noted: Noted) -> ReleaseNotedOut:
    """Show a release and what it did to its tickets."""
    return ReleaseNotedOut(
        **_release(noted.release).model_dump(),
        states={ticket.id: ticket.state for ticket in noted.tickets},
        moved=list(noted.moved),
    )


def releases_out(found: ReleasePage, page: Page) -> ReleasesOut:
    """Show a page of releases."""
    return ReleasesOut(
        releases=[_release(release) for release in found.releases],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def verifications_out(found: VerificationPage, page: Page) -> VerificationsOut:
    """Show what is known about the fix of a ticket."""
    return VerificationsOut(
        ticket=found.ticket.id,
        state=found.ticket.state,
        latest=None if found.latest is None else _verification(found.latest),
        history=[_verification(each) for each in found.history],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def _release(release: Release) -> ReleaseOut:
    gone = release.withdrawn_at
    return ReleaseOut(
        id=release.number,
        tickets=list(release.tickets),
        released_at=release.released_at.astimezone(CHINA),
        version=release.version,
        share=release.share,
        group=release.group,
        value=release.value,
        full=release.is_full,
        author=release.author,
        at=release.at.astimezone(CHINA),
        reason=release.reason,
        withdrawn_by=release.withdrawn_by,
        withdrawn_at=None if gone is None else gone.astimezone(CHINA),
    )


def _verification(found: Verification) -> VerificationOut:
    fields = asdict(found)
    spike = None
    if found.spike is not None:
        spike = {"first": found.spike[0], "last": found.spike[1]}
    more = {"theme": found.theme_id, "sentence": sentence(found), "spike": spike}
    return VerificationOut.model_validate(fields | more)
