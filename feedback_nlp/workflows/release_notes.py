"""Release notes: what a version fixed, in nobody's own words. Reads only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import Release, Taxonomy, TemplateKind
from feedback_nlp.replies.drafts import template_of
from feedback_nlp.replies.render import Facts, fill_list
from feedback_nlp.storage import audiences, releases, themes, tickets
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse import counting_model
from feedback_nlp.workflows.browse_replies import name_of, stored_templates


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """The note of one version."""

    version: str
    text: str
    tickets: tuple[str, ...]
    """What it speaks of, by number."""


def release_note(
    session: Session, workspace: str, version: str, *, taxonomy: Taxonomy, model: str
) -> ReleaseNote:
    """Write the note of a version from the tickets of its releases that stand.

    Each theme is one line, in the words of the taxonomy, with the theme's name where at least
    three users say it. Themes that would read the same are one line.

    Raises:
        NotFoundError: no release of this version stands.
        InputError: the stored wording cannot be used.
    """
    found = [
        each
        for each in releases.every(session, workspace)
        if each.stands and each.version == version.strip()
    ]
    if not found:
        raise NotFoundError(
            f"没有登记过版本 {version.strip()} 的发布，或都已撤回；用 release list 查看"
        )
    ids = _tickets(found)
    model = counting_model(session, workspace, model=model)
    lines: dict[str, str] = {}
    products: set[str | None] = set()
    for ticket_id in ids:
        ticket = tickets.get(session, workspace, ticket_id)
        theme = themes.get(session, workspace, ticket.theme_id) if ticket else None
        if theme is None:
            continue
        heard = audiences.heard_in(session, workspace, theme.id, model=model)
        products |= {each.review.product for each in heard if not each.theirs}
        lines.setdefault(name_of(theme, heard, taxonomy), ticket_id)
    facts = Facts(
        ", ".join(ids),
        product=next(iter(products)) if len(products) == 1 else None,
        version=version.strip(),
        day=day_of(min(each.released_at for each in found)),
    )
    template = template_of(TemplateKind.RELEASE_NOTE, stored_templates(session, workspace))
    return ReleaseNote(version.strip(), fill_list(template, list(lines.items()), facts), ids)


def _tickets(found: list[Release]) -> tuple[str, ...]:
    every = {ticket_id for release in found for ticket_id in release.tickets}
    return tuple(sorted(every, key=lambda each: (len(each), each)))
