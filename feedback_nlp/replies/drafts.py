"""What to write to each user: the wording that fits the channel and the mood, filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feedback_nlp.records import Review, ReviewKind, TemplateKind
from feedback_nlp.replies.audience import Addressee
from feedback_nlp.replies.problems import own_words
from feedback_nlp.replies.render import Facts, fill
from feedback_nlp.replies.templates import Template, built_in

FEW_STARS: Final = 2.0
"""Up to so many stars an answer begins with an apology."""
SEVERE: Final = 2
"""Without stars, this severity asks for one."""

Templates = Mapping[TemplateKind, Template]
"""The wordings that people set; the program's own stand for the others."""


class Style(StrEnum):
    """How a message reaches a user."""

    APP_STORE = "app_store"
    """As a public answer, in an app store or a shop."""
    SERVICE = "service"
    """By customer service, to one user alone."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that nobody has sent yet."""

    to: Addressee
    kind: TemplateKind
    text: str


def template_of(kind: TemplateKind, templates: Templates) -> Template:
    """Return the wording that counts."""
    return templates.get(kind) or built_in(kind)


def draft(
    to: Addressee,
    facts: Facts,
    templates: Templates,
    *,
    fallback: str,
    early: bool,
    style: Style | None = None,
) -> Draft:
    """Write to one user, in their own words.

    `fallback` names the problem in nobody's words, for a user whose words cannot be quoted. Of
    `facts` the product is that of the user's own review, where it names one.
    """
    kind = kind_for(to, style or style_of(to.review), early=early)
    mine = Facts(facts.ticket, to.review.product or facts.product, facts.version, facts.day)
    problem = own_words(to.quote.text) or fallback
    return Draft(to, kind, fill(template_of(kind, templates), mine, problem))


def style_of(review: Review) -> Style:
    """Return how a review is answered where it was written."""
    return Style.APP_STORE if review.kind is ReviewKind.REVIEW else Style.SERVICE


def kind_for(to: Addressee, style: Style, *, early: bool) -> TemplateKind:
    """Return which wording fits: one that apologises first for few stars, one that claims less."""
    stars = to.review.rating
    sorry = to.severity >= SEVERE if stars is None else stars <= FEW_STARS
    parts = (style.value, "early" if early else "", "sorry" if sorry else "")
    return TemplateKind("_".join(filter(None, parts)))
