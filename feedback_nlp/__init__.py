"""feedback-nlp: from what Chinese users say to what a product team does next."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedback_nlp.workflows.analyze import Analyzer as Analyzer

__all__ = ["Analyzer"]


def __getattr__(name: str) -> object:
    """Load `Analyzer` on first use, so that importing the package stays cheap."""
    if name == "Analyzer":
        from feedback_nlp.workflows.analyze import Analyzer  # noqa: PLC0415

        return Analyzer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
