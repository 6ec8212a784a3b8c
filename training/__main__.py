"""`python -m training linear --data DIR --out models/linear-zh/<date>`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from feedback_nlp.errors import FeedbackError
from training.train_linear import train_linear


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one training command; returns 0, or 1 after an error the caller can mend."""
    options = _parser().parse_args(arguments)
    try:
        manifest = train_linear(options.data, options.out, commit=options.commit)
    except FeedbackError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{manifest.version} -> {options.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="MODEL")
    linear = commands.add_parser("linear", help="character n-grams, linear heads")
    linear.add_argument("--data", type=Path, required=True, help="folder with gold/ and train/")
    linear.add_argument("--out", type=Path, required=True, help="models/<name>/<YYYY-MM-DD>")
    linear.add_argument("--commit", help="commit of this repository, for the manifest")
    return parser


if __name__ == "__main__":
    sys.exit(main())
