"""Customer value: stored customers and orders -> tier and segment of authors. Reads only."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy.orm import Session

from feedback_nlp.priority.rfm import Buying, Worth, segment_of
from feedback_nlp.records import RfmRule
from feedback_nlp.storage import customers, orders
from feedback_nlp.themes.trend import day_of


def worth_of(
    session: Session,
    workspace: str,
    authors: Collection[str],
    *,
    rule: RfmRule,
    as_of: date,
) -> dict[str, Worth]:
    """Return tier and segment of those authors of whom either is known, on day `as_of`."""
    first = as_of - timedelta(days=rule.window_days - 1)
    bought = orders.by_author(session, workspace, authors, first=first, last=as_of)
    segments = {
        author: segment_of(
            Buying(day_of(each.first), day_of(each.last), each.orders, each.amount),
            rule,
            as_of=as_of,
        )
        for author, each in bought.items()
    }
    tiers = customers.tiers(session, workspace, authors)
    found = {
        author: Worth(tiers.get(author), segments.get(author))
        for author in sorted({*segments, *tiers})
    }
    return {author: worth for author, worth in found.items() if worth != Worth()}
