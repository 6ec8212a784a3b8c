"""Every command by its name."""

import sys

import typer

from feedback_nlp.cli import analysis, batch, care, person, quarantine, rejected, server
from feedback_nlp.cli.nouns import noun_groups
from feedback_nlp.cli.preview import preview
from feedback_nlp.cli.pull import pull
from feedback_nlp.cli.train import train

app = typer.Typer(
    help="feedback-nlp：把中文用户反馈变成主题、优先级和工单。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(batch.run)
app.command()(preview)
app.command("import")(batch.import_)
app.command()(pull)
app.command()(batch.score)
app.command()(batch.plan)
app.command()(batch.report)
app.command()(analysis.analyze)
app.command()(analysis.themes)
app.command()(rejected.imports)
app.add_typer(rejected.app, name="rejected")
app.add_typer(quarantine.app, name="quarantine")
for name, group in noun_groups():
    app.add_typer(group, name=name)
app.add_typer(person.app, name="person")
app.command()(person.retention)
app.add_typer(care.app, name="db")
app.command()(train)
app.command()(server.serve)


def main() -> None:
    """Run the command line; results are UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold bytes that are no text.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    app()
