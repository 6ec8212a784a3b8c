"""The model card: `README.md`, made from the manifest and `eval.json` and from nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from feedback_nlp.artifacts import Manifest

TEMPLATE: Final = Path(__file__).with_name("card.md.j2")


def card(manifest: Manifest, evaluation: Mapping[str, Any]) -> str:
    """Return the card as Markdown, Chinese first; every figure is one of `evaluation`."""
    # Markdown, not HTML: nothing to escape.
    environment = Environment(  # noqa: S701
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        manifest=manifest,
        dev=evaluation["dev"],
        reference=evaluation.get("reference"),
        review=evaluation.get("review"),
        attempts=evaluation.get("attempts"),
        by_label=_by_label,
    )


def _by_label(scores: Mapping[str, float]) -> str:
    return "，".join(f"{name} {value}" for name, value in scores.items())
