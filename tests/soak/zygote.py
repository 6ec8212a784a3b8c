"""Runs `feedback-nlp` in children of one process that has imported everything already.

A child is a process of its own, to be killed like any other, but starts in no time. As a program
this file reads one command a line, a JSON list of words, and answers with the child's number and,
once it has ended, its exit status.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

MODEL: Final = "linear-zh"
POLL_S: Final = 0.004


@dataclass(frozen=True)
class Ended:
    """How a command ended; minus the number of a signal if it was killed."""

    code: int
    said: str


@dataclass(frozen=True)
class Zygote:
    """The process that the children come from."""

    questions: IO[str]
    answers: IO[str]
    log: Path

    def run(self, words: Sequence[str], *, is_time: Callable[[], bool] | None = None) -> Ended:
        """Run a command to its end, or kill it once it is time."""
        self.log.write_text("", encoding="utf-8")
        self.questions.write(json.dumps([str(self.log), *map(str, words)]) + "\n")
        self.questions.flush()
        child = int(self.answers.readline())
        while is_time is not None and not select.select([self.answers], [], [], POLL_S)[0]:
            if is_time():
                os.kill(child, signal.SIGKILL)
                break
        return Ended(int(self.answers.readline()), self.log.read_text("utf-8"))


@contextmanager
def zygote(log: Path) -> Iterator[Zygote]:
    """Start one, and stop it afterwards."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("FEEDBACK_")}
    process = subprocess.Popen(  # noqa: S603 (this file)
        [sys.executable, __file__],
        env=env | {"FEEDBACK_MODEL": MODEL, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield Zygote(process.stdin, process.stdout, log)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def _warm() -> None:
    """Import what commands import late; start nothing that has threads, for those do not fork."""
    import altair  # noqa: F401, ICN001, PLC0415
    import vl_convert  # noqa: F401, PLC0415

    import feedback_nlp.cli.nightly  # noqa: F401, PLC0415
    from feedback_nlp.artifacts import load_classifier  # noqa: PLC0415

    load_classifier(MODEL).label(["一打开就闪退"])


def _child(log: str, words: Sequence[str]) -> None:
    from feedback_nlp.cli import app  # noqa: PLC0415

    target = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(target, stream)
    code = 1
    try:
        app(list(words))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Answer until nobody asks any more."""
    _warm()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        log, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(log, words)
        print(child, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
