"""Model folders to loaded models: manifest, sha256 and label set are checked first."""

from feedback_nlp.artifacts.classifier import load_classifier
from feedback_nlp.artifacts.error_rates import load_error_rates
from feedback_nlp.artifacts.folders import find_model, models_dir
from feedback_nlp.artifacts.manifest import DataSource, Manifest, open_folder, sha256
from feedback_nlp.artifacts.taxonomy import load_taxonomy

__all__ = [
    "DataSource",
    "Manifest",
    "find_model",
    "load_classifier",
    "load_error_rates",
    "load_taxonomy",
    "models_dir",
    "open_folder",
    "sha256",
]
