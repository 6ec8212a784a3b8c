"""The same ids in two workspaces never mix."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from databases import BACKENDS, migrated_copy, postgres_schema
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from storage_samples import (
    HOME,
    MODEL,
    NOW,
    annotation,
    correction,
    labels,
    origin,
    priority,
    quarantined,
    review,
    run,
    theme,
    ticket,
)

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import (
    Alert,
    AlertKind,
    ApiKey,
    AuditEntry,
    Bar,
    Competitor,
    Criterion,
    Customer,
    Delivery,
    Denominator,
    EditKind,
    EffortKind,
    EffortNote,
    Escalation,
    EventKind,
    Exposure,
    Group,
    How,
    Login,
    LoginKind,
    Metric,
    Night,
    OptOut,
    Order,
    Outcome,
    Placement,
    PlainLabels,
    PlanRecord,
    Polarity,
    Policy,
    Proposal,
    ProposalKind,
    ProposalState,
    Purpose,
    QuarantineReason,
    Rejected,
    Release,
    Role,
    Schedule,
    Sent,
    Signature,
    Step,
    SurveyAnswer,
    Target,
    TemplateKind,
    TicketState,
    UsageEvent,
    User,
    Verdict,
    Verification,
    Vote,
    Webhook,
)
from feedback_nlp.storage import (
    alerts,
    annotations,
    answers,
    api_keys,
    audiences,
    audit,
    changes,
    column_maps,
    competitors,
    complaints,
    customers,
    deliveries,
    efforts,
    embeddings,
    escalations,
    exposure,
    happenings,
    heard,
    hooks,
    imports,
    known_at,
    label_corrections,
    logins,
    nights,
    opt_outs,
    orders,
    originals,
    outcomes,
    placements,
    plans,
    policies,
    priorities,
    proposals,
    quarantine,
    rejections,
    releases,
    reply_templates,
    review_search,
    reviews,
    runs,
    sends,
    service,
    surveys,
    tables,
    targets,
    theme_edits,
    theme_history,
    themes,
    ticket_life,
    tickets,
    usage,
    users,
    verifications,
    votes,
)
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.known_at import Window
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.placements import Compared
from feedback_nlp.storage.quarantine import Decision
from feedback_nlp.storage.review_search import Sought
from feedback_nlp.storage.theme_edits import Move, NewEdit
from feedback_nlp.storage.tickets import Wanted

AWAY, EMPTY = "away", "empty"
GRAVE = PlainLabels(Polarity.NEG, severity=3)
LONG_AGO = NOW - timedelta(days=9_000)


def _fill(session: Session, workspace: str) -> None:
    """Write the same ids with other content into each workspace."""
    here = workspace == HOME
    one = review(text="闪退了，求修复" if here else "卡死了，求改进", likes=int(here))
    polarity = Polarity.NEG if here else Polarity.NEU
    kept = {"r1": f"原文 {workspace}", "r9": f"原文 {workspace}"}
    late = NOW + here * timedelta(days=1)
    other = review("r8", product="P", created_at=late, author_id=workspace)
    more = [review(text="旧文"), one, other, review("r9", created_at=late)]
    reviews.add(session, workspace, more, now=NOW, originals=kept)
    _fill_intake(session, workspace)
    quarantine.replace(session, workspace, [quarantined("r9", detail=workspace)], now=NOW)
    parts = ((0, 3, labels(polarity)), (4, 7, labels()))
    annotations.add(session, workspace, [annotation(one, *parts)])
    _fill_competitors(session, workspace)
    said = PlainLabels(topics=(f"app.{workspace}",))
    label_corrections.add(session, workspace, correction(one, (4, 7), said))
    themes.save(session, workspace, [theme("T-0001", ("r1", 4), name=workspace)], now=NOW)
    _fill_ledger(session, workspace, Placement("r1", 4, "T-0001", How.JOINED, 0.5 + here / 10))
    priorities.save(session, workspace, [priority(score=1.0 + here)])
    draft = replace(ticket(), title=workspace)
    tickets.save(session, workspace, [draft], now=NOW)
    runs.add(session, workspace, run(1 + here))
    told = Alert(AlertKind.SPIKE, "T-0001", NOW.date(), NOW.date(), reason=workspace)
    alerts.put(session, workspace, [told, replace(told, kind=AlertKind.LEGAL, subject="r1")])
    _fill_decisions(session, workspace)
    _fill_fixes(session, workspace)
    nights.add(session, workspace, _night(workspace))
    _fill_access(session, workspace)
    _fill_service(session, workspace)


def _fill_service(session: Session, workspace: str) -> None:
    came = NOW - timedelta(days=1 + (workspace == HOME))
    late = review("r7", "太慢了", created_at=came, author_tier=workspace)
    reviews.add(session, workspace, [late], now=NOW)
    annotations.add(session, workspace, [annotation(late)])
    due = came + timedelta(hours=1)
    escalations.add(session, workspace, [Escalation("r7", NOW, due, workspace)])


def _fill_access(session: Session, workspace: str) -> None:
    user = User("小王", Role.VIEWER, active=True, at=NOW, author=workspace)
    users.put(session, workspace, user, password=workspace)
    key = ApiKey(0, "k", "fb_", Role.VIEWER, workspace, NOW)
    api_keys.add(session, workspace, key, digest=f"key {workspace}")
    login = Login(LoginKind.SESSION, "小王", Role.VIEWER, NOW, NOW + timedelta(hours=1))
    logins.add(session, workspace, login, digest=f"login {workspace}")
    entry = AuditEntry(0, NOW, workspace, Role.VIEWER, "session", "POST /v1/x", {}, "q")
    audit.add(session, workspace, entry)
    _fill_hooks(session, workspace)


def _fill_hooks(session: Session, workspace: str) -> None:
    kinds = tuple(EventKind)
    url = f"https://{workspace}.example.com/"
    hooks.add(session, workspace, Webhook(0, url, kinds, workspace, NOW), secret=workspace)
    told = Delivery(1, "import.finished:9", kinds[-1], {"w": workspace}, NOW - timedelta(days=1))
    deliveries.add(session, workspace, [replace(told, next_at=NOW)])


def _night(workspace: str) -> Night:
    figures = {"files": [{"name": workspace, "sha256": "ff", "later": 0}]}
    steps = (Step("import", done=True, figures=figures),)
    return Night(0, NOW.date(), NOW, nights.DONE, (("a.csv", workspace),), steps, {})


def _fill_decisions(session: Session, workspace: str) -> None:
    weight = 3.0 + (workspace == HOME)
    policy = replace(Policy(), cheap_weeks=weight)
    policies.put(session, workspace, policy, author=workspace, at=NOW, reason="")
    guess = EffortNote(EffortKind.ESTIMATE, "T-0001", weight, workspace, NOW)
    efforts.add(session, workspace, guess)
    took = replace(guess, kind=EffortKind.ACTUAL, ticket_id="K-0001")
    efforts.add(session, workspace, took)
    votes.add(session, workspace, Vote("T-0001", Criterion.NOVELTY, weight, workspace, NOW))
    outcomes.add(session, workspace, Outcome("K-0001", "T-0001", Verdict.WORKED, NOW))
    made = PlanRecord(1, NOW.date(), NOW, (("T-0001", weight),), Schedule())
    plans.add(session, workspace, made)


def _found(workspace: str) -> Verification:
    return Verification(
        ticket_id="K-0001",
        theme_id="T-0001",
        release=1,
        as_of=NOW.date(),
        verdict=Verdict.INCONCLUSIVE,
        target=0.9,
        first=NOW.date(),
        last=NOW.date(),
        count=len(workspace),
        denominator=Denominator.REVIEWS,
        dispersion=1.0,
        comparisons=(),
        controls=0,
        drift=1.0,
        spread=0.0,
    )


def _fill_fixes(session: Session, workspace: str) -> None:
    releases.add(session, workspace, Release(0, ("K-0001",), NOW, workspace, NOW))
    _fill_replies(session, workspace)
    verifications.put(session, workspace, _found(workspace))


def _fill_replies(session: Session, workspace: str) -> None:
    told = Sent(0, Purpose.TOLD, "r1", "appstore", workspace, "", NOW, "K-0001", "u1")
    sends.add(session, workspace, [told])
    opt_outs.put(session, workspace, OptOut("u1", active=True, author=workspace, at=NOW))
    by = Signature(workspace, NOW)
    reply_templates.put(session, workspace, TemplateKind.SERVICE, workspace, by)


def _fill_competitors(session: Session, workspace: str) -> None:
    told = Competitor("Q", workspace, NOW)
    competitors.mark_product(session, workspace, told, active=True)
    if workspace != HOME:  # the same product is ours at home
        competitors.mark_product(session, workspace, replace(told, product="P"), active=True)


def _fill_intake(session: Session, workspace: str) -> None:
    here = workspace == HOME
    number = imports.begin(session, workspace, origin("a.csv", notes=(workspace,)), now=NOW)
    lines = [Rejected(1, workspace), *([Rejected(2, "只在这里")] if here else [])]
    rejections.add(session, workspace, "a.csv", lines, import_id=number, now=NOW)
    imports.count_up(session, workspace, number, {"added": 1 + here})
    column_maps.save(session, workspace, "tmall", "table", {workspace: "text"}, now=NOW)
    customers.add(session, workspace, [Customer("c1", workspace)], now=NOW)
    orders.add(session, workspace, [Order("o1", "u1", NOW, 1.0 + here)], now=NOW)
    surveys.add(session, workspace, [SurveyAnswer("s1", workspace, NOW, nps=9 + here)], now=NOW)
    aim = Target(0, Metric.NPS, 30.0 + here, NOW.date(), NOW.date(), workspace, NOW)
    targets.add(session, workspace, aim)
    usage.add(session, workspace, [UsageEvent("e1", "u1", workspace, NOW, count=1 + here)], now=NOW)
    exposure.add(session, workspace, [Exposure(NOW.date(), orders=1 + here)], now=NOW)


def _or_none(
    get: Callable[[Session, str, str], object], session: Session, workspace: str, key: str
) -> object:
    try:
        return get(session, workspace, key)
    except NotFoundError:
        return None


READS: dict[str, Callable[[Session, str], object]] = {
    "reviews.get": lambda s, w: reviews.get(s, w, "r1"),
    "reviews.pending": lambda s, w: reviews.pending(s, w, model="new", limit=9),
    "reviews.count_pending": lambda s, w: reviews.count_pending(s, w, model="new"),
    "reviews.every": lambda s, w: list(reviews.every(s, w)),
    "reviews.time_span": reviews.time_span,
    "reviews.stored_ids": lambda s, w: reviews.stored_ids(s, w, ["r1"]),
    "reviews.count_revisions": reviews.count_revisions,
    "reviews.texts": lambda s, w: reviews.texts(s, w, ["r1", "r8"]),
    "reviews.count_of_author": lambda s, w: reviews.count_of_author(s, w, HOME),
    "review_search.part": lambda s, w: review_search.part(
        s, w, Sought(words=("了",), polarity=Polarity.NEG), Part(9), model=MODEL
    ),
    "review_search.themes_of": lambda s, w: review_search.themes_of(s, w, ["r1"]),
    "annotations.of_reviews": lambda s, w: annotations.of_reviews(s, w, ["r1"], model=MODEL),
    "imports.part": lambda s, w: imports.part(s, w, Part(9)),
    "rejections.part": lambda s, w: [
        each
        for one in imports.every(s, w, limit=9)
        for each in rejections.part(s, w, one.origin.source, Part(9), import_id=one.id)
    ],
    "quarantine.part": lambda s, w: quarantine.part(s, w, Part(9), model=MODEL),
    "label_corrections.part": lambda s, w: label_corrections.part(s, w, Part(9)),
    "runs.part": lambda s, w: runs.part(s, w, Part(9)),
    "runs.get": lambda s, w: runs.get(s, w, runs.add(s, EMPTY + "!", run(2))),
    "nights.get": lambda s, w: nights.get(s, w, 1),
    "nights.part": lambda s, w: nights.part(s, w, Part(9)),
    "outcomes.part": lambda s, w: outcomes.part(s, w, Part(9)),
    "customers.get": lambda s, w: customers.get(s, w, "c1"),
    "customers.part": lambda s, w: customers.part(s, w, Part(9)),
    "orders.part": lambda s, w: orders.part(s, w, "u1", Part(9)),
    "surveys.part": lambda s, w: surveys.part(s, w, Part(9)),
    "exposure.part": lambda s, w: exposure.part(s, w, Part(9)),
    "reviews.revisions": lambda s, w: reviews.revisions(s, w, "r1"),
    "originals.get": lambda s, w: originals.get(s, w, "r1"),
    "originals.count": originals.count,
    "reviews.just_arrived": lambda s, w: reviews.just_arrived(
        s, w, model="new", since=NOW, limit=9
    ),
    "imports.get": lambda s, w: imports.get(s, w, 1),
    "imports.every": lambda s, w: imports.every(s, w, limit=9),
    "rejections.every": lambda s, w: list(rejections.every(s, w)),
    "rejections.count": rejections.count,
    "rejections.count_by_source": rejections.count_by_source,
    "column_maps.load": lambda s, w: column_maps.load(s, w, "tmall", "table"),
    "column_maps.every": column_maps.every,
    "quarantine.get": lambda s, w: quarantine.get(s, w, "r9", model=MODEL),
    "quarantine.every": lambda s, w: quarantine.every(s, w, model=MODEL),
    "quarantine.mark": quarantine.mark,
    "quarantine.count_by_reason": lambda s, w: quarantine.count_by_reason(s, w, model=MODEL),
    "quarantine.candidates": lambda s, w: list(quarantine.candidates(s, w, model=MODEL)),
    "competitors.every": competitors.every,
    "competitors.active": competitors.active,
    "competitors.mark": competitors.mark,
    "users.find": lambda s, w: users.find(s, w, "小王"),
    "users.every": users.every,
    "api_keys.every": api_keys.every,
    # Name no workspace: they say whose the digest is, and a digest is in one workspace only.
    "api_keys.find": lambda s, w: api_keys.find(s, f"key {w}"),
    "logins.find": lambda s, w: logins.find(s, f"login {w}", LoginKind.SESSION),
    "audit.every": lambda s, w: audit.every(s, w, audit.Sought(), Part(9)),
    "competitors.products": competitors.products,
    "competitors.spans": lambda s, w: competitors.spans(s, w, ["P"]),
    "competitors.is_theirs": lambda s, w: s.execute(
        select(tables.reviews.c.id).where(
            tables.reviews.c.workspace_id == w, ~competitors.is_theirs(w)
        )
    ).all(),
    "complaints.every": lambda s, w: list(complaints.every(s, w, model=MODEL)),
    "complaints.authors": complaints.authors,
    "complaints.written_by": lambda s, w: complaints.written_by(
        s, w, first=NOW.date(), last=NOW.date() + timedelta(days=1)
    ),
    "customers.mark": customers.mark,
    "orders.mark": orders.mark,
    "surveys.mark": surveys.mark,
    "exposure.mark": exposure.mark,
    "customers.tiers": lambda s, w: customers.tiers(s, w, ["c1"]),
    "customers.every": lambda s, w: list(customers.every(s, w)),
    "orders.every": lambda s, w: list(orders.every(s, w)),
    "orders.by_author": lambda s, w: orders.by_author(
        s, w, ["u1"], first=NOW.date(), last=NOW.date()
    ),
    "orders.time_span": orders.time_span,
    "orders.buyers": lambda s, w: orders.buyers(s, w, first=NOW.date(), last=NOW.date()),
    "answers.answers": lambda s, w: answers.answers(
        s, w, model=MODEL, first=NOW.date(), last=NOW.date()
    ),
    "answers.are_given": answers.are_given,
    "answers.newest_day": answers.newest_day,
    "targets.every": targets.every,
    "targets.mark": targets.mark,
    "surveys.every": lambda s, w: list(surveys.every(s, w)),
    "surveys.scores": lambda s, w: surveys.scores(s, w, NOW.date(), NOW.date()),
    "usage.every": lambda s, w: list(usage.every(s, w)),
    "usage.time_span": usage.time_span,
    "usage.users": lambda s, w: usage.users(s, w, first=NOW.date(), last=NOW.date()),
    "usage.of_authors": lambda s, w: usage.of_authors(s, w, [("u1", None)]),
    "exposure.every": lambda s, w: list(exposure.every(s, w)),
    "exposure.per_day": lambda s, w: exposure.per_day(s, w, first=NOW.date(), last=NOW.date()),
    "exposure.sides": lambda s, w: exposure.sides(
        s, w, exposure.Cut(), first=NOW.date(), last=NOW.date()
    ),
    "exposure.total": lambda s, w: exposure.total(s, w, first=NOW.date(), last=NOW.date()),
    "annotations.get": lambda s, w: annotations.get(s, w, "r1", model=MODEL),
    "annotations.every": lambda s, w: list(annotations.every(s, w, model=MODEL)),
    "annotations.voices": lambda s, w: annotations.voices(s, w, model=MODEL),
    "annotations.corrected": lambda s, w: annotations.corrected(s, w, ["r1"], model=MODEL),
    "annotations.count_opinions": lambda s, w: annotations.count_opinions(s, w, model=MODEL),
    "annotations.chances": lambda s, w: annotations.chances(s, w, model=MODEL).tolist(),
    "annotations.voices_at": lambda s, w: annotations.voices_at(s, w, {("r1", 4)}, model=MODEL),
    "embeddings.known": lambda s, w: str(embeddings.known(s, w, model=MODEL)),
    "embeddings.at": lambda s, w: str(embeddings.at(s, w, [("r1", 4)], model=MODEL)),
    "placements.every": placements.every,
    "placements.of_theme": lambda s, w: placements.of_theme(s, w, "T-0001"),
    "placements.of_review": lambda s, w: placements.of_review(s, w, "r1"),
    "placements.basis": placements.basis,
    "placements.mark": placements.mark,
    "embeddings.mark": lambda s, w: embeddings.mark(s, w, model=MODEL),
    "placements.text_hashes": lambda s, w: placements.text_hashes(s, w, ["r1"]),
    "proposals.every": proposals.every,
    "proposals.get": lambda s, w: _or_none(proposals.get, s, w, "P-0001"),
    "proposals.mark": proposals.mark,
    "theme_edits.edits": theme_edits.edits,
    "theme_edits.every": theme_edits.every,
    "theme_edits.all_bars": theme_edits.all_bars,
    "theme_edits.moves_of": lambda s, w: theme_edits.moves_of(s, w, 2),
    "theme_edits.mark": theme_edits.mark,
    "theme_history.of_theme": lambda s, w: theme_history.of_theme(s, w, "T-0001"),
    "label_corrections.every": label_corrections.every,
    "label_corrections.said": label_corrections.said,
    "label_corrections.mark": label_corrections.mark,
    "themes.every": themes.every,
    "themes.ids": themes.ids,
    "themes.get": lambda s, w: themes.get(s, w, "T-0001"),
    "themes.voices_of": lambda s, w: themes.voices_of(s, w, "T-0001", model=MODEL, limit=9),
    "themes.history": lambda s, w: themes.history(s, w, "T-0001"),
    "themes.next_number": themes.next_number,
    "sends.of_ticket": lambda s, w: sends.of_ticket(s, w, "K-0001"),
    "sends.of_review": lambda s, w: sends.of_review(s, w, "r1"),
    "sends.of_author": lambda s, w: sends.of_author(s, w, "u1"),
    "sends.of_purposes": lambda s, w: sends.of_purposes(s, w, [Purpose.TOLD]),
    "sends.every": lambda s, w: sends.every(s, w, limit=9),
    "sends.count": sends.count,
    "sends.mark": sends.mark,
    "opt_outs.active": opt_outs.active,
    "opt_outs.every": opt_outs.every,
    "reply_templates.current": reply_templates.current,
    "reply_templates.history": lambda s, w: reply_templates.history(s, w, TemplateKind.SERVICE),
    "reply_templates.mark": reply_templates.mark,
    "audiences.heard_in": lambda s, w: audiences.heard_in(s, w, "T-0001", model=MODEL),
    "releases.every": releases.every,
    "releases.get": lambda s, w: releases.get(s, w, 1),
    "releases.of_ticket": lambda s, w: releases.of_ticket(s, w, "K-0001"),
    "releases.mark": releases.mark,
    "verifications.latest": verifications.latest,
    "verifications.history": lambda s, w: verifications.history(s, w, "K-0001"),
    "priorities.every": priorities.every,
    "priorities.get": lambda s, w: priorities.get(s, w, "T-0001"),
    "tickets.every": tickets.every,
    "tickets.get": lambda s, w: tickets.get(s, w, "K-0001"),
    "tickets.found": lambda s, w: tickets.found(s, w, Wanted(department="客户端")),
    "ticket_life.told": lambda s, w: ticket_life.told(s, w, ("created", "commented")),
    "tickets.open_ones": tickets.open_ones,
    "tickets.settled_themes": tickets.settled_themes,
    "tickets.history": lambda s, w: tickets.history(s, w, "K-0001"),
    "tickets.next_number": tickets.next_number,
    "runs.latest": runs.latest,
    "alerts.every": alerts.every,
    "alerts.open_on": lambda s, w: alerts.open_on(s, w, NOW.date()),
    "escalations.get": lambda s, w: escalations.get(s, w, "r7"),
    "escalations.still_open": lambda s, w: escalations.still_open(s, w, now=NOW),
    "service.cases": lambda s, w: service.cases(s, w, model=MODEL, first=LONG_AGO, last=NOW),
    "service.waiting": lambda s, w: service.waiting(s, w, model=MODEL, first=LONG_AGO, last=NOW),
    "service.unresolved": lambda s, w: service.unresolved(
        s, w, model=MODEL, first=LONG_AGO, last=NOW
    ),
    "service.escalated": lambda s, w: service.escalated(s, w, model=MODEL, last=NOW),
    "service.count_older": lambda s, w: service.count_older(
        s, w, model=MODEL, before=NOW + timedelta(days=9), last=NOW
    ),
    "service.count_undated": lambda s, w: service.count_undated(s, w, model=MODEL),
    "service.words": lambda s, w: service.words(s, w, ["r1", "r7"], model=MODEL),
    "efforts.actuals": efforts.actuals,
    "efforts.estimates": efforts.estimates,
    "efforts.history": lambda s, w: efforts.history(s, w, "T-0001"),
    "efforts.mark": efforts.mark,
    "outcomes.every": outcomes.every,
    "outcomes.mark": outcomes.mark,
    "plans.latest": plans.latest,
    "plans.next_number": plans.next_number,
    "policies.current": policies.current,
    "policies.history": policies.history,
    "policies.mark": policies.mark,
    "votes.latest": votes.latest,
    "votes.mark": votes.mark,
    "alerts.of_day": lambda s, w: alerts.of_day(s, w, NOW.date()),
    "heard.reviews_per_day": lambda s, w: heard.reviews_per_day(s, w, model=MODEL),
    "heard.reviews_by_group": lambda s, w: heard.reviews_by_group(
        s, w, Group.CHANNEL, first=NOW.date(), last=NOW.date(), model=MODEL
    ),
    "heard.ratings": lambda s, w: heard.ratings(s, w, model=MODEL),
    "reviews.count": reviews.count,
    "nights.latest": nights.latest,
    "nights.every": nights.every,
    "nights.taken_files": nights.taken_files,
    "alerts.ours": lambda s, w: s.execute(alerts.ours(w)).all(),
    "hooks.every": hooks.every,
    "hooks.get": lambda s, w: _or_none(
        lambda session, workspace, _key: hooks.get(session, workspace, 1), s, w, ""
    ),
    # A worker serves every workspace; each entry says whose it is.
    "hooks.everywhere": lambda s, w: [each for each in hooks.everywhere(s) if each.workspace == w],
    "deliveries.part": lambda s, w: deliveries.part(s, w, 1, Part(9)),
    "deliveries.newest": lambda s, w: (
        w if deliveries.newest(s, w, 1, EventKind.IMPORT_FINISHED) else None
    ),
    "deliveries.count_by_result": lambda s, w: (
        {f"{w} {name}": n for name, n in deliveries.count_by_result(s, w).items()}
    ),
    "happenings.untold": lambda s, w: happenings.untold(
        s, w, Webhook(1, "", (), "", LONG_AGO), EventKind.ESCALATION_OPENED, limit=9
    ),
    "changes.mark": changes.mark,
    "changes.came_after": lambda s, w: changes.came_after(s, w, NOW - timedelta(days=1)),
    "changes.by_people": lambda s, w: changes.by_people(s, w, NOW),
    "known_at.plans_made": known_at.plans_made,
    "known_at.ticket_events": lambda s, w: known_at.ticket_events(s, w, Window(None, NOW)),
    "heard.lately": lambda s, w: list(heard.lately(s, w, model=MODEL, since=NOW.date())),
}
PUBLIC = (
    *(api_keys, audit, logins, users),
    *(deliveries, happenings, hooks),
    alerts,
    annotations,
    answers,
    audiences,
    changes,
    column_maps,
    competitors,
    complaints,
    customers,
    efforts,
    embeddings,
    escalations,
    exposure,
    heard,
    imports,
    known_at,
    label_corrections,
    nights,
    opt_outs,
    orders,
    originals,
    outcomes,
    placements,
    plans,
    policies,
    priorities,
    proposals,
    quarantine,
    rejections,
    releases,
    reply_templates,
    review_search,
    reviews,
    runs,
    sends,
    service,
    surveys,
    targets,
    theme_edits,
    theme_history,
    themes,
    ticket_life,
    tickets,
    usage,
    verifications,
    votes,
)
WRITES = {
    *("add", "begin", "save", "count_up", "finish", "keep", "replace", "decide", "undecide"),
    *("correct", "hold", "forget_before", "forget_older", "note", "drop", "change", "put"),
    *("remove", "confirm", "record", "lift_bars", "retarget", "mark_product", "withdraw"),
    *("again", "claim", "give_up", "put_off"),
    *("close", "copy_arrivals", "copy_decisions", "rehash", "revoke", "touch", "remove_all"),
    "sweep",
}
PURE = {"workspaces", "open_at", "emptied", "rounded", "key_of"}


@contextmanager
def _filled(url: str, *workspaces: str) -> Iterator[Engine]:
    engine = open_database(url)
    with transaction(engine) as session:
        for workspace in workspaces:
            _fill(session, workspace)
        if AWAY in workspaces:
            _change_everything(session, AWAY)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=BACKENDS)
def alone_and_not(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine]]:
    """A database of one workspace, and the same with another one in it that has changed since."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            folder = tmp_path_factory.mktemp("workspaces")
            urls = [migrated_copy(folder / f"{name}.db") for name in ("alone", "shared")]
        else:
            urls = [stack.enter_context(postgres_schema(name)) for name in ("alone", "shared")]
        alone = stack.enter_context(_filled(urls[0], HOME))
        yield alone, stack.enter_context(_filled(urls[1], HOME, AWAY))


@pytest.mark.parametrize("name", READS)
def test_what_others_write_changes_no_answer(
    alone_and_not: tuple[Engine, Engine], name: str
) -> None:
    found = []
    for engine in alone_and_not:
        with transaction(engine) as session:
            found.append((READS[name](session, HOME), READS[name](session, EMPTY)))
    alone, shared = found
    assert shared == alone


def _fill_ledger(session: Session, workspace: str, placed: Placement) -> None:
    placements.put(session, workspace, [placed], Compared(workspace, NOW))
    vector = np.array([0.5, len(workspace)], np.float32)
    embeddings.add(session, workspace, {placed.place: vector}, model=MODEL)
    moves = (Move("r1", 4, None, "T-0001"),)
    bars = (Bar("r1", 4, "T-0001"),) if workspace == HOME else ()
    done = NewEdit(EditKind.MOVE, "T-0001", Signature(workspace, NOW), (), moves, bars)
    theme_edits.record(session, workspace, done)
    part = (placed.place,) if workspace == HOME else ()
    made = Proposal(ProposalKind.SPLIT, "T-0001", None, 0.5 + len(workspace) / 100, part)
    proposals.save(session, workspace, [made], now=NOW)


def _change_everything(session: Session, workspace: str) -> None:
    one = review(text="卡死了，求改进")
    label_corrections.add(session, workspace, correction(one, (0, 3), GRAVE))
    reviews.add(session, workspace, [review(text="新文"), review("r2")], now=NOW)
    annotations.add(session, workspace, [annotation(review(text="新文"))])
    imports.finish(session, workspace, 1, now=NOW)
    rejections.forget_older(session, workspace, "a.csv", import_id=9)
    rejections.correct(session, workspace, [("a.csv", 1), ("a.csv", 2)], now=NOW)
    originals.forget_before(session, workspace, NOW + timedelta(days=1))
    column_maps.save(session, workspace, "tmall", "table", {}, now=NOW)
    held = Decision(held=False, by=workspace, reason=QuarantineReason.TEMPLATE)
    quarantine.decide(session, workspace, "r9", held, now=NOW)
    quarantine.undecide(session, workspace, "r9")
    quarantine.replace(session, workspace, [quarantined("r1")], now=NOW)
    themes.save(session, workspace, [theme("T-0005", ("r2", 0))], now=NOW)
    elsewhere = Placement("r2", 0, "T-0005", How.BY_HAND)
    placements.put(session, workspace, [elsewhere], Compared("", NOW))
    placements.confirm(session, workspace, [elsewhere], Compared("m", NOW))
    placements.retarget(session, workspace, [("r1", 4)], "T-0005")
    placements.remove(session, workspace, [("r1", 4)])
    signed = Signature(workspace, NOW)
    proposals.decide(session, workspace, "P-0001", ProposalState.REJECTED, signed)
    theme_edits.lift_bars(session, workspace, 2)
    priorities.drop(session, workspace, ["T-0001"])
    priorities.save(session, workspace, [])
    newer = [ticket("K-0004", "T-0005", TicketState.SCHEDULED), replace(ticket(), title="新")]
    tickets.save(session, workspace, newer, now=NOW)
    _move_a_ticket(session, workspace)
    runs.add(session, workspace, run(9))
    targets.withdraw(session, workspace, 1, by=workspace, now=NOW)
    policies.put(session, workspace, Policy(), author="", at=NOW, reason="")
    gone = EffortNote(EffortKind.ESTIMATE, "T-0001", None, "", NOW)
    efforts.add(session, workspace, gone)
    took = replace(gone, kind=EffortKind.ACTUAL, weeks=9.0, ticket_id="K-0004")
    efforts.add(session, workspace, took)
    votes.add(session, workspace, Vote("T-0001", Criterion.NOVELTY, None, workspace, NOW))
    outcomes.add(session, workspace, Outcome("K-0004", "T-0001", Verdict.FAILED, NOW))
    plans.add(session, workspace, PlanRecord(2, None, NOW, (), Schedule()))
    releases.add(session, workspace, Release(0, ("K-0001",), NOW, "", NOW, version="2"))
    _change_replies(session, workspace)
    releases.withdraw(session, workspace, 1, by=workspace, now=NOW)
    verifications.put(session, workspace, replace(_found(workspace), count=99))
    verifications.put(session, workspace, replace(_found(workspace), as_of=date(2026, 4, 1)))
    escalations.close(session, workspace, "r7", signed)
    nights.put(session, workspace, replace(_night(workspace), number=1, state=nights.FAILED))
    nights.add(session, workspace, _night("later"))
    again = Alert(AlertKind.SPIKE, "T-0001", NOW.date(), NOW.date(), reason="新的")
    alerts.put(session, workspace, [again])


def _move_a_ticket(session: Session, workspace: str) -> None:
    ticket_life.begin(session, workspace)
    said = Event("K-0001", NOW, "commented", (("text", workspace),))
    moved = replace(ticket(state=TicketState.ON_HOLD), revision=1)
    ticket_life.change(session, workspace, moved, [said])


def _change_replies(session: Session, workspace: str) -> None:
    again = Sent(0, Purpose.TOLD, "r1", "x", "", workspace, NOW, "K-0001", "u1")
    sends.add(session, workspace, [again])
    opt_outs.put(session, workspace, OptOut("u2", active=True, author="", at=NOW))
    by = Signature(workspace, NOW)
    reply_templates.put(session, workspace, TemplateKind.SERVICE, None, by)


def test_every_reading_function_is_on_the_list() -> None:
    present = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in PUBLIC
        for name, thing in vars(module).items()
        if callable(thing)
        and getattr(thing, "__module__", None) == module.__name__
        and not name.startswith(("_", "to_"))
        and not isinstance(thing, type)
        and name not in WRITES | PURE
    }
    assert present == set(READS)
