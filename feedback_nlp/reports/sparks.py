"""Word-size graphics drawn by hand: a theme's history and its RICE interval.

They are a dozen rectangles each; Vega-Lite would need fifty times the bytes for the same picture.
Colours come from the page's style sheet.
"""

from markupsafe import Markup

from feedback_nlp.records import Priority, Theme
from feedback_nlp.reports.periods import gathered, period_for
from feedback_nlp.reports.wording import number

WIDTH, HEIGHT = 120, 28


def sparkline(theme: Theme) -> Markup:
    """Draw the theme's count per week (or longer period) as bars; empty without dates."""
    period = period_for(theme.trend)
    bars = gathered(theme.trend, period)
    top = max((count for _, count in bars), default=0)
    if not top:
        return Markup("")
    step = WIDTH / len(bars)
    drawn = Markup("").join(
        Markup('<rect x="{}" y="{}" width="{}" height="{}"/>').format(
            _short(place * step), _short(HEIGHT - tall), _short(step * 0.78), _short(tall)
        )
        for place, (_, count) in enumerate(bars)
        for tall in [max(HEIGHT * count / top, 1.0) if count else 0.4]
    )
    peak = max(bars, key=lambda bar: bar[1])
    label = (
        f"每{period.name}意见数，最高 {number(top)} 条（{peak[0].isoformat()} 起的一{period.name}）"
    )
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' preserveAspectRatio="none"><title>{}</title>{}</svg>'
    ).format(WIDTH, HEIGHT, label, label, drawn)


def interval_bar(priority: Priority, highest: float) -> Markup:
    """Draw the score as a dot on its 80 % interval, on a scale from 0 to `highest`."""
    if highest <= 0:
        return Markup("")
    low, score, high = (
        _short(4 + (WIDTH - 8) * value / highest)
        for value in (priority.low, priority.score, priority.high)
    )
    return Markup(
        '<svg class="interval" viewBox="0 0 {} 12" aria-hidden="true">'
        '<line class="axis" x1="4" x2="{}" y1="6" y2="6"/>'
        '<line class="span" x1="{}" x2="{}" y1="6" y2="6"/><circle cx="{}" cy="6" r="3.5"/></svg>'
    ).format(WIDTH, WIDTH - 4, low, high, score)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
