"""Scores, drivers and targets -> schemas. Numbers are whole, never rounded."""

from dataclasses import asdict

from api.schemas.satisfaction import (
    DriverOut,
    DriversOut,
    EstimateOut,
    SatisfactionOut,
    ScoreChangeOut,
    ScoreOut,
    ScorePointOut,
)
from api.schemas.targets import TargetOut, TargetReportOut, TargetsOut
from feedback_nlp.records import CHINA, Target
from feedback_nlp.satisfaction.estimates import Change, Estimate
from feedback_nlp.satisfaction.score_trend import Point
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_drivers import DriverPage, NamedDriver
from feedback_nlp.workflows.browse_satisfaction import Satisfaction, Score
from feedback_nlp.workflows.browse_targets import TargetPage, TargetReport


def satisfaction_out(found: Satisfaction) -> SatisfactionOut:
    """Show every metric that was asked for."""
    scores = [_score(score) for score in found.scores]
    return SatisfactionOut(first=found.first, last=found.last, by=found.period, scores=scores)


def drivers_out(found: DriverPage, page: Page) -> DriversOut:
    """Show a page of the drivers of one metric."""
    return DriversOut(
        metric=found.metric,
        first=found.first,
        last=found.last,
        score=estimate_out(found.score),
        drivers=[_driver(each) for each in found.drivers],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def target_out(target: Target) -> TargetOut:
    """Show a target without how it stands."""
    return TargetOut(
        id=target.number,
        metric=target.metric,
        value=target.value,
        first=target.first,
        last=target.last,
        author=target.author,
        at=target.at.astimezone(CHINA),
        reason=target.reason,
    )


def targets_out(found: TargetPage, page: Page) -> TargetsOut:
    """Show a page of the targets and how they stand."""
    return TargetsOut(
        targets=[_report(each) for each in found.targets],
        as_of=found.as_of,
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def _report(found: TargetReport) -> TargetReportOut:
    made = found.progress
    return TargetReportOut(
        **target_out(made.target).model_dump(),
        standing=made.standing,
        actual=estimate_out(made.actual),
        gap=made.gap,
        elapsed=made.elapsed,
        causes=[_driver(cause) for cause in found.causes],
    )


def _score(found: Score) -> ScoreOut:
    return ScoreOut(
        metric=found.metric,
        now=estimate_out(found.now),
        mean=estimate_out(found.mean),
        to_previous=_change(found.to_previous),
        trend=[_point(point) for point in found.trend],
    )


def _point(point: Point) -> ScorePointOut:
    return ScorePointOut(
        first=point.first,
        last=point.last,
        score=estimate_out(point.score),
        to_previous=_change(point.to_previous),
        to_last_year=_change(point.to_last_year),
    )


def estimate_out(found: Estimate | None) -> EstimateOut | None:
    """Show an estimate with its interval; None stays None."""
    return None if found is None else EstimateOut.model_validate(asdict(found))


def _change(found: Change | None) -> ScoreChangeOut | None:
    if found is None:
        return None
    return ScoreChangeOut(**asdict(found), beyond_chance=found.beyond_chance)


def _driver(named: NamedDriver) -> DriverOut:
    driver = named.driver
    return DriverOut(
        theme=driver.theme_id,
        theme_name=named.theme_name,
        without=driver.without,
        drop=driver.drop,
        low=driver.low,
        high=driver.high,
        answers=driver.answers,
        q=driver.q,
    )
