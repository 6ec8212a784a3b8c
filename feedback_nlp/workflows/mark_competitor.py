"""Competitors: a person says which products are another company's, or takes that back."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.records import Competitor, Signature
from feedback_nlp.storage import competitors
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.signing import is_line, signed

LONGEST_PRODUCT: Final = 200
"""Characters; the name of a product in a review may be as long."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product that reviews name, or that somebody marked, and how many reviews name it."""

    name: str
    reviews: int
    competitor: Competitor | None
    """Who says that it is another company's; None for our own."""


def list_products(session: Session, workspace: str) -> tuple[Product, ...]:
    """Return all of them, those of competitors first, then by the number of reviews. Reads only."""
    rivals = {each.product: each for each in competitors.every(session, workspace)}
    counts = dict.fromkeys(rivals, 0) | competitors.products(session, workspace)
    found = (Product(name, reviews, rivals.get(name)) for name, reviews in counts.items())
    return tuple(sorted(found, key=_rank))


def mark_competitor(engine: Engine, workspace: str, product: str, signature: Signature) -> Product:
    """Say that a product is another company's: from the next plan on its reviews do not count.

    Done twice, the last signature stays. The product need not have any review yet.

    Raises:
        InputError: the product has no name, or a text is too long or holds control characters.
    """
    told = _told(product, signature)
    with transaction(engine) as session:
        competitors.mark_product(session, workspace, told, active=True)
        reviews = competitors.products(session, workspace).get(told.product, 0)
    return Product(told.product, reviews, told)


def unmark_competitor(
    engine: Engine, workspace: str, product: str, signature: Signature
) -> Product:
    """Say that a product is ours after all: from the next plan on its reviews count again.

    Raises:
        InputError: a text is too long or holds control characters.
        NotFoundError: the product is not marked.
    """
    told = _told(product, signature)
    with transaction(engine) as session:
        if told.product not in competitors.active(session, workspace):
            raise NotFoundError(f"“{told.product}”没有标记为竞品；用 competitor list 查看产品名")
        competitors.mark_product(session, workspace, told, active=False)
        reviews = competitors.products(session, workspace).get(told.product, 0)
    return Product(told.product, reviews, None)


def _told(product: str, signature: Signature) -> Competitor:
    by, name = signed(signature), product.strip()
    if not 0 < len(name) <= LONGEST_PRODUCT or not is_line(name):
        raise InputError(f"product：要在 1 到 {LONGEST_PRODUCT} 个字之间，写在一行里，不含控制字符")
    return Competitor(name, by.author, by.at, by.reason)


def _rank(product: Product) -> tuple[bool, int, str]:
    return product.competitor is None, -product.reviews, product.name
