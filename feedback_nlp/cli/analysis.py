"""Commands without a database: analyze and themes."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.cli.bars import stage
from feedback_nlp.cli.exits import complain, errors_as_exit_codes, finish
from feedback_nlp.cli.options import Input, Model
from feedback_nlp.reports.json_files import annotation_dict, dumps
from feedback_nlp.settings import read_settings
from feedback_nlp.workflows.analyze import Line, analyze_lines, parse_lines, read_lines
from feedback_nlp.workflows.group_lines import group_lines
from feedback_nlp.workflows.progress import no_stages

NoSplit = Annotated[bool, typer.Option("--no-split", help="不切分，每条输入算一个观点")]


def analyze(source: Input, model: Model = None, no_split: NoSplit = False) -> None:  # noqa: FBT002
    """分析文本，每行输入对应一行 JSON 输出；不用数据库。有坏行时退出码为 3。"""
    rejected = 0
    # On a terminal the answers themselves show how far it is.
    bars = no_stages if sys.stdout.isatty() else stage
    with errors_as_exit_codes():
        lines = _lines(source)
        classifier = load_classifier(model or read_settings().model)
        with bars("分析", None) as progress:
            for line, annotation in analyze_lines(lines, classifier, split=not no_split):
                typer.echo(dumps(annotation_dict(annotation)))
                rejected += complain(source, line.number, line.reason)
                progress(1)
    finish(rejected)


def themes(source: Input, model: Model = None) -> None:
    """把每一行当作一个观点归成主题，输出 id、主题编号和主题名；不用数据库。有坏行时退出码为 3。"""
    rejected = 0
    with errors_as_exit_codes():
        lines = _lines(source)
        classifier = load_classifier(model or read_settings().model)
        with stage("归纳主题", None):
            grouped = group_lines(list(lines), classifier, load_taxonomy())
    for each in grouped:
        typer.echo(dumps({"id": each.line.id, "theme": each.theme, "name": each.name}))
        rejected += complain(source, each.line.number, each.line.reason)
    finish(rejected)


def _lines(source: Path) -> Iterable[Line]:
    if str(source) != "-":
        return read_lines(source)
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")  # type: ignore[union-attr]
    return parse_lines(sys.stdin)
