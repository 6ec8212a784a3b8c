"""The report as one self-contained page: no script, no font and no picture from elsewhere."""

from typing import Final

import jinja2

from feedback_nlp.reports import charts, sparks
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.page import page
from feedback_nlp.reports.wording import NAME_LENGTH, clip, number, percent

TEMPLATE: Final = "report.html.jinja"


def report_html(data: ReportData) -> str:
    """Return the page. Every text that came from outside is escaped."""
    report = page(data)
    leading = [section.theme for section in report.themes[: len(charts.LINES)]]
    highest = max((section.priority.high for section in report.themes), default=0.0)
    return (
        _environment()
        .get_template(TEMPLATE)
        .render(
            report=report,
            review_chart=charts.review_chart(data) if data.weekly_reviews else (),
            theme_chart=charts.theme_chart(data, leading)
            if data.weekly_reviews and leading
            else (),
            lines=list(zip(leading, charts.LINES, strict=False)),
            sparks={
                section.theme.id: sparks.sparkline(section.theme)
                for section in report.themes + report.rest
            },
            intervals={
                section.theme.id: sparks.interval_bar(section.priority, highest)
                for section in report.themes
            },
        )
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("feedback_nlp.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "percent": percent,
        "clip": clip,
    }
    environment.globals |= {"NAME_LENGTH": NAME_LENGTH}
    return environment
