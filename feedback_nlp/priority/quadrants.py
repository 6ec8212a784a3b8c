"""Need against cost: which themes are quick wins, strategic, fill-ins or better deferred."""

from collections.abc import Mapping
from statistics import median

from feedback_nlp.records import Policy, Quadrant

_QUADRANTS = {
    (True, True): Quadrant.QUICK_WIN,
    (True, False): Quadrant.STRATEGIC,
    (False, True): Quadrant.FILL_IN,
    (False, False): Quadrant.DEFER,
}


def quadrants(
    needs: Mapping[str, float], weeks: Mapping[str, float], policy: Policy
) -> dict[str, Quadrant]:
    """Return the quadrant of each theme in `needs`, by theme id.

    High need is at least the median of the needs above 0; a need of 0 is never high. Low cost is
    at most `policy.cheap_weeks` person-weeks. The order of the mappings changes nothing.

    Source: the business text that this project is written for:
    结合用户需求强度与开发成本构建四象限模型，优先开发高需求低成本的“速赢”功能.

    Raises:
        KeyError: a theme has a need and no weeks.
    """
    wanted = [need for need in needs.values() if need > 0]
    bar = median(wanted) if wanted else 0.0
    return {
        theme: _QUADRANTS[0 < need >= bar, weeks[theme] <= policy.cheap_weeks]
        for theme, need in sorted(needs.items())
    }
