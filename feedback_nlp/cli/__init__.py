"""The command line: parse -> one workflow -> print."""

from feedback_nlp.cli.commands import app, main

__all__ = ["app", "main"]
