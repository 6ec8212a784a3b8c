"""The nightly watch: spikes, new themes and sharp words, each told once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from feedback_nlp.records import Alert, AlertKind, Denominator, Spike, Voice
from feedback_nlp.themes.rates import Bases, ThemeDays
from feedback_nlp.themes.sharp import sharp_alerts
from feedback_nlp.themes.spikes import SpikeRule, find_spikes

_SMALLEST_SHOWN: Final = 0.001
_LARGEST_SHOWN: Final = 100


USUAL_SPIKE: Final = SpikeRule()


@dataclass(frozen=True, slots=True)
class WatchRule:
    """When to tell a person."""

    spike: SpikeRule = USUAL_SPIKE
    quiet_days: int = 14
    """A spike that comes back within this many days is the same episode."""
    new_days: int = 14
    """A theme is new when its first opinion lies within this many days, today counted."""
    least_history_days: int = 28
    """Data that a theme must have been absent from before it can be new."""
    least_reviews: int = 8
    """Fewer come together by themselves when every night may open themes."""
    least_users: int = 5


def find_alerts(
    themes: Sequence[ThemeDays],
    bases: Bases,
    voices: Iterable[Voice] = (),
    *,
    as_of: date,
    known: Iterable[Alert] = (),
    rule: WatchRule = WatchRule(),
) -> list[Alert]:
    """Return what holds on day `as_of`, sorted by key: new alerts and episodes that go on.

    Only data and alerts of days up to `as_of` count, so that a past night can be repeated.
    `themes` are all that are open, as the false discovery rate counts each; `voices` those to
    search for sharp words, such as the ones that came in since the last night. `known` is what
    earlier nights returned. An episode that goes on has the `day` and `key` of its beginning, with
    `last` and the figures of today; an alert is new when its `day` is `as_of`. Repeating a night
    with its own alerts among `known` gives the same alerts.
    """
    past = [alert for alert in known if alert.day <= as_of]
    told = {(alert.kind, alert.subject) for alert in past if alert.day < as_of}
    once = [*_new_themes(themes, bases, as_of, rule), *sharp_alerts(voices, as_of=as_of)]
    fresh = [alert for alert in once if (alert.kind, alert.subject) not in told]
    spikes = find_spikes(themes, bases, as_of=as_of, rule=rule.spike)
    episodes = [
        _episode(theme_id, spike, past, as_of, rule) for theme_id, spike in sorted(spikes.items())
    ]
    return sorted([*fresh, *episodes], key=lambda alert: alert.key)


def _episode(
    theme_id: str, spike: Spike, past: Sequence[Alert], as_of: date, rule: WatchRule
) -> Alert:
    today = Alert(AlertKind.SPIKE, theme_id, as_of, as_of, spike_reason(spike), spike=spike)
    since = as_of - timedelta(days=rule.quiet_days)
    ongoing = [
        alert.day
        for alert in past
        if (alert.kind, alert.subject) == (AlertKind.SPIKE, theme_id) and alert.last >= since
    ]
    return replace(today, day=max(ongoing)) if ongoing else today


def _new_themes(
    themes: Iterable[ThemeDays], bases: Bases, as_of: date, rule: WatchRule
) -> list[Alert]:
    begin = min(bases.reviews, default=as_of)
    alerts = []
    for theme in themes:
        first = theme.first()
        if first is None or not first <= as_of < first + timedelta(days=rule.new_days):
            continue
        reviews = sum(count for day, count in theme.reviews.items() if day <= as_of)
        users = sum(count for day, count in theme.newcomers.items() if day <= as_of)
        known_long = (first - begin).days >= rule.least_history_days
        if known_long and reviews >= rule.least_reviews and users >= rule.least_users:
            days = (as_of - first).days + 1
            reason = f"新主题：{days} 天前还没有，至今 {reviews} 条评论、{users} 位用户"
            alerts.append(Alert(AlertKind.NEW_THEME, theme.id, as_of, as_of, reason))
    return alerts


def spike_reason(spike: Spike) -> str:
    """Return the figures of a spike as one Chinese sentence."""
    base = "按曝光量折算" if spike.denominator is Denominator.EXPOSURE else "按评论总数折算"
    interval = f"{spike.low:.1f}-{spike.high:.1f}"
    if spike.high >= _LARGEST_SHOWN:
        interval = f"{spike.low:.1f} 以上"
    q = "q<0.001" if spike.q < _SMALLEST_SHOWN else f"q={spike.q:.3f}"
    return (
        f"近 {spike.window_days} 天 {spike.observed} 条，按此前 {spike.baseline_days} 天预期 "
        f"{spike.expected:.1f} 条，{spike.ratio:.1f} 倍（{interval}），{q}（{base}）"
    )
