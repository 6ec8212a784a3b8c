"""What is said of a model on clauses it was not fitted on: intervals, rare classes, risk."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from feedback_nlp.heads.scores import INTENTS, POLARITIES
from training.calibrate import UNCERTAIN_RISK, Targets
from training.figures import SEVERITY_LEVELS, Answers, figures, in_groups, rounded
from training.intervals import Resampled, interval, macro, rare, resampled
from training.metrics import IntArray, accuracy_of_surest, one_hot, surest, within_one_step

SUREST: Final = 0.8
"""Share of the clauses, the most confident ones, that `accuracy_at_80` is measured on."""
RARE_LABEL: Final = 100
"""A polarity, intent or severity of fewer clauses is listed as rare, with its interval."""
RARE_TOPIC: Final = 15
_LEVELS: Final = tuple(str(level) for level in range(SEVERITY_LEVELS))


def judged(said: Answers, gold: Targets, *, topics: Sequence[str]) -> dict[str, Any]:
    """Return the figures of every head with what makes them honest.

    Beside the keys of `figures`: every head has `intervals` (90 %, by the name of the figure) and
    `rare` (class -> clauses, f1, interval); polarity has `accuracy_at_80`, `stated_risk` and
    `measured_risk`; severity has `within_one` and `within_one_of_negatives`, as served.
    """
    found = figures(said, gold, topics=topics, certain=1.0 - UNCERTAIN_RISK)
    draws = resampled(len(gold.polarity))
    polarity, intent = found["polarity"], found["intent"]
    polarity |= _spread(draws, gold.polarity, said.polarity, names=POLARITIES)
    _add_certainty(polarity, said, gold, draws)
    intent |= _spread(draws, gold.intent, said.found.intent.argmax(axis=1), names=INTENTS)
    found["severity"] |= _spread(draws, gold.severity, said.severity, names=_LEVELS)
    found["severity"] |= _steps(said, gold)
    found["topics"] |= _topic_spread(draws, gold.topics, said.topics, topics=topics)
    return {"clauses": len(gold.polarity)} | found


def _spread(
    draws: Resampled, gold: IntArray, said: IntArray, *, names: tuple[str, ...]
) -> dict[str, Any]:
    columns = one_hot(gold, count=len(names)), one_hot(said, count=len(names))
    return {
        "intervals": {
            "macro_f1": interval(macro(draws.f1(*columns))),
            "accuracy": interval(draws.share(gold == said)),
        },
        "rare": rare(draws, *columns, names=names, below=RARE_LABEL),
    }


def _topic_spread(
    draws: Resampled, gold: IntArray, said: IntArray, *, topics: Sequence[str]
) -> dict[str, Any]:
    used = gold.sum(axis=0) > 0
    of_groups = in_groups(gold, topics), in_groups(said, topics)
    return {
        "intervals": {
            "micro_f1": interval(draws.micro_f1(gold, said)),
            "macro_f1": interval(macro(draws.f1(gold[:, used], said[:, used]))),
            "groups_micro_f1": interval(draws.micro_f1(*of_groups)),
        },
        "rare": rare(draws, gold, said, names=tuple(topics), below=RARE_TOPIC),
    }


def _add_certainty(
    polarity: dict[str, Any], said: Answers, gold: Targets, draws: Resampled
) -> None:
    confidence, right = said.found.polarity.max(axis=1), said.polarity == gold.polarity
    polarity["accuracy_at_80"] = rounded(accuracy_of_surest(confidence, right, share=SUREST))
    polarity["stated_risk"] = UNCERTAIN_RISK
    sure, certain = surest(confidence, share=SUREST), np.flatnonzero(said.uncertain == 0)
    polarity["intervals"]["accuracy_at_80"] = interval(draws.take(sure).share(right[sure]))
    if len(certain):
        polarity["measured_risk"] = rounded(float((~right[certain]).mean()))
        polarity["intervals"]["measured_risk"] = interval(
            draws.take(certain).share(~right[certain])
        )
    else:
        polarity["measured_risk"], polarity["intervals"]["measured_risk"] = 0.0, [0.0, 0.0]


def _steps(said: Answers, gold: Targets) -> dict[str, Any]:
    negative = gold.severity > 0
    return {
        "within_one": rounded(within_one_step(gold.severity, said.severity)),
        "within_one_of_negatives": rounded(
            within_one_step(gold.severity[negative], said.severity[negative])
        ),
    }
