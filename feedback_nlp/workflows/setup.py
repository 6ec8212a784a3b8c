"""What every step of a run needs; light, so that a small command opens fast."""

from dataclasses import dataclass

from sqlalchemy import Engine

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy
from feedback_nlp.workflows.protect import Privacy


@dataclass(frozen=True, slots=True)
class Setup:
    """Where to store, for whom, which model and label set."""

    engine: Engine
    workspace: str
    classifier: Classifier
    taxonomy: Taxonomy
    privacy: Privacy = Privacy()
