"""Before and after a release: did the fix help? A problem that fades by itself is no proof."""

from dataclasses import dataclass, replace
from datetime import date
from math import exp
from typing import Final

from feedback_nlp.records import Comparison, Denominator, Doubt, Verdict, Verification
from feedback_nlp.themes.rates import DAY
from feedback_nlp.verification.baselines import compare
from feedback_nlp.verification.controls import Control
from feedback_nlp.verification.windows import LEAST_HISTORY, Case, Windows, look_around

LOOKS: Final = (14, 28, 42, 56, 84)
"""Days after the release on which it is judged. More looks would find an effect by chance."""
LEAST_BEFORE: Final = 15
"""Reviews of the theme in the weeks before the release."""
LEAST_CONTROLS: Final = 3
"""Other themes, where rates are shares of the reviews."""
LEAST_EXPECTED: Final = 10.0
"""Reviews after it, had nothing changed, divided by their dispersion."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look sees."""

    windows: Windows
    comparisons: tuple[Comparison, Comparison, Comparison]
    control: Control


def judge(case: Case, *, as_of: date) -> Verification:
    """Say whether a release helped, by what is known on day `as_of`.

    The rate of the theme after the release is compared with three baselines: the weeks before it,
    the time before these or before a spike in them, and where the theme was heading. 有效 means
    that the ratio to each of them lies below the target with its whole interval, 无效 that it
    lies above. What other themes did over the same days is the control: their mean moves the
    ratio, their spread widens its interval. Only the looks of `LOOKS` count; between two of them
    the earlier one stands, after the last one 样本不足 is final.

    Raises:
        ValueError: the target is not a ratio in (0, 1].
    """
    if not 0 < case.target <= 1:
        raise ValueError(f"target is {case.target}, not in (0, 1]")
    passed = (as_of - case.released).days
    looks = [days for days in LOOKS if days <= passed]
    unseen = next((days for days in LOOKS if days > passed), None)
    next_look = None if unseen is None else case.released + DAY * unseen
    found = _nothing(case, as_of)
    around = look_around(case, last=case.released + DAY * looks[0]) if looks else None
    for number, days in enumerate(looks, 1):
        seen = _look(case, around, days)
        found = _judged(case, as_of, days, seen)
        if found.doubt is None:
            return replace(found, final=True)
        found = replace(found, final=number == len(LOOKS), next_look=next_look)
    return found if looks else replace(found, next_look=next_look)


def _nothing(case: Case, as_of: date) -> Verification:
    """Return what is known before the first look."""
    first = case.released + DAY
    dated = bool(case.bases.reviews)
    return Verification(
        ticket_id=case.ticket_id,
        theme_id=case.theme.id,
        release=case.release,
        as_of=as_of,
        verdict=Verdict.INCONCLUSIVE,
        target=case.target,
        first=first,
        last=max(as_of, case.released),
        count=sum(n for day, n in case.theme.reviews.items() if first <= day <= as_of),
        denominator=Denominator.REVIEWS,
        dispersion=1.0,
        comparisons=(),
        controls=0,
        drift=1.0,
        spread=0.0,
        doubt=Doubt.FEW if dated else Doubt.NO_DATES,
    )


def _look(case: Case, around: Windows | None, days: int) -> _Seen | None:
    if around is None:
        return None
    windows = around.until(case, case.released + DAY * days)
    return _Seen(windows, *compare(windows)) if windows.after_base > 0 else None


def _judged(case: Case, as_of: date, days: int, seen: _Seen | None) -> Verification:
    found = replace(_nothing(case, as_of), last=case.released + DAY * days)
    if seen is None:
        return replace(found, count=_count(case, days))
    windows, comparisons = seen.windows, seen.comparisons
    verdict, doubt = _verdict(case, seen)
    return replace(
        found,
        verdict=verdict,
        doubt=doubt,
        count=int(windows.after[0]),
        denominator=windows.denominator,
        dispersion=float(windows.dispersion[0]),
        comparisons=comparisons,
        controls=seen.control.themes,
        drift=exp(seen.control.drift),
        spread=seen.control.spread,
        spike=windows.spike,
    )


def _count(case: Case, days: int) -> int:
    last = case.released + DAY * days
    return sum(n for day, n in case.theme.reviews.items() if case.released < day <= last)


def _verdict(case: Case, seen: _Seen) -> tuple[Verdict, Doubt | None]:
    recent, earlier, trend = seen.comparisons
    dispersion = float(seen.windows.dispersion[0])
    # Few reviews before cannot prove that they became fewer, but many after prove the opposite.
    above = all(each.low > case.target for each in seen.comparisons)
    if above and seen.windows.after[0] >= LEAST_EXPECTED * dispersion:
        return Verdict.FAILED, None
    expected = min(recent.expected, trend.expected) / dispersion
    if recent.count < LEAST_BEFORE or expected < LEAST_EXPECTED:
        return Verdict.INCONCLUSIVE, Doubt.FEW
    if all(each.high < case.target for each in seen.comparisons):
        return _proof(seen.windows, seen.control)
    if recent.high >= case.target:
        return Verdict.INCONCLUSIVE, Doubt.WIDE
    return Verdict.INCONCLUSIVE, Doubt.FADING if earlier.high < case.target else Doubt.SPIKE


def _proof(windows: Windows, control: Control) -> tuple[Verdict, Doubt | None]:
    """Say whether a rate that has fallen proves anything with so much past and such a control."""
    # Three baselines of a few weeks are three parts of the same decline.
    if (windows.before_bases > 0).sum() < LEAST_HISTORY:
        return Verdict.INCONCLUSIVE, Doubt.FEW
    # More praise alone makes every share of the reviews smaller; only other themes can tell.
    if windows.denominator is Denominator.REVIEWS and control.themes < LEAST_CONTROLS:
        return Verdict.INCONCLUSIVE, Doubt.NO_CONTROL
    return Verdict.WORKED, None
