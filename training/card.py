"""The model card: `README.md`, made from the manifest and `eval.json` and from nothing else.

The card of a linear model reads what `train_linear` writes. The card of an encoder reads:

* `dev`: of `training.evaluate.evaluate`
* `recipe`: `base` (text), `base_layers`, `teacher_layers`, `layers`, `hidden`, `pieces`,
  `parameters`, `dimensions` (of the vectors), `own_clauses`, `folds`, `out_of_fold` (training
  clauses that calibration and thresholds were fitted on), and `stages`, a list of `what` and
  `minutes`
* `review`: of `training.held_out.review_figures`
* `embedding`: `model` and `base`, each of `training.embedding.embedding_figures`
* `counting`: of `training.counting.counting_figures`
* `behaviour`: kind -> (passed, total), of `training.behaviour.measure`
* `attempts`: a list of `what`, `result`, `kept`
* `risk_level`: of the interval that kept the abstention to the stated risk; absent where none did

Beside these, `make eval` reads `error_rates`: `polarity` -> `training.counting.rates_to_json`.

Whose labels a model has learned from, the manifest says. What is known of ours only - annotators,
attempts, the hidden test, where settings were chosen - is said of no other model.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from feedback_nlp.artifacts import Manifest, encoder, linear
from training.data import GOLD_DEV
from training.goals import (
    REVIEW_ACCURACY,
    dev_figures,
    embedding_goals,
    rare_figures,
    rounding_goals,
)
from training.sources import OUR_GOLD, OUR_LABELS, ours

Content = dict[str, Any]


def card(manifest: Manifest, evaluation: Mapping[str, Any]) -> str:
    """Return the card as Markdown, Chinese first; every figure is one of `evaluation`.

    Raises:
        KeyError: when the manifest is of a kind without a card, or a part of `evaluation` is
            missing.
        jinja2.UndefinedError: when a figure inside such a part is missing.
    """
    name, content = _CARDS[manifest.kind]
    # Markdown, not HTML: nothing to escape.
    environment = Environment(  # noqa: S701
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    labelled = ours(manifest.data)
    return template.render(
        manifest=manifest,
        our_gold=labelled >= OUR_GOLD,
        our_dev=GOLD_DEV in labelled,
        our_labels=labelled >= OUR_LABELS,
        **content(evaluation),
    )


def _linear(evaluation: Mapping[str, Any]) -> Content:
    return {
        "dev": evaluation["dev"],
        "reference": evaluation.get("reference"),
        "review": evaluation.get("review"),
        "attempts": evaluation.get("attempts"),
        "by_label": _by_label,
    }


def _encoder(evaluation: Mapping[str, Any]) -> Content:
    parts = ("dev", "recipe", "review", "embedding", "counting", "behaviour", "attempts")
    dev, embedding, behaviour = (evaluation[part] for part in ("dev", "embedding", "behaviour"))
    return {
        **{part: evaluation[part] for part in parts},
        "figures": (
            *dev_figures(dev),
            *rounding_goals(evaluation.get("lost_by_rounding", {})),
        ),
        "rare": tuple(rare_figures(dev)),
        "review_goal": REVIEW_ACCURACY,
        "vectors": tuple(embedding_goals(embedding["model"], embedding["base"])),
        "passed": sum(passed for passed, _ in behaviour.values()),
        "cases": sum(total for _, total in behaviour.values()),
        "risk_level": evaluation.get("risk_level"),
        "by_label": _by_label,
    }


def _by_label(scores: Mapping[str, float]) -> str:
    return "，".join(f"{name} {value}" for name, value in scores.items())


_CARDS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Content]]]] = {
    linear.KIND: ("linear.md.j2", _linear),
    encoder.KIND: ("encoder.md.j2", _encoder),
}
"""Kind of model -> its template and what the template is given."""
