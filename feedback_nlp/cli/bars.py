"""Progress bars on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars

from feedback_nlp.workflows.progress import Progress


@contextmanager
def stage(name: str, total: int | None) -> Iterator[Progress]:
    """Show one stage as a progress bar on stderr; silent when stderr is not a terminal."""
    console = Console(stderr=True)
    shown = Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),  # a file may be called [red].csv
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        disable=not console.is_terminal,
        redirect_stdout=False,  # else results would be printed among the bars, not to stdout
        redirect_stderr=False,
    )
    with shown as bars:
        task = bars.add_task(name, total=total)
        yield lambda done: bars.advance(task, done)
