"""Alert records -> schemas. Names and digits are those of `reports/json_files.py`."""

from api.schemas.alerts import AlertOut, AlertsOut
from feedback_nlp.reports.json_files import alert_dict
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_alerts import AlertPage, NamedAlert


def alerts_out(found: AlertPage, page: Page) -> AlertsOut:
    """Show a page of alerts."""
    return AlertsOut(
        alerts=[_alert(each) for each in found.alerts],
        as_of=found.as_of,
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def _alert(found: NamedAlert) -> AlertOut:
    told = {"theme_name": found.theme_name, "new": found.is_new}
    return AlertOut.model_validate(alert_dict(found.alert) | told)
