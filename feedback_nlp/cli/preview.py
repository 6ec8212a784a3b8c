"""The command that looks at a file before it is imported."""

import typer

from feedback_nlp.channels import CHANNELS
from feedback_nlp.cli.batch import asked
from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import now
from feedback_nlp.cli.options import Delimiter, Encoding, File, Format, Maps, SheetName
from feedback_nlp.intake.fields import NAMES
from feedback_nlp.reports.wording import clip
from feedback_nlp.tabular.sheets import ReadOptions
from feedback_nlp.workflows.preview_file import SheetPreview, preview_file

_CELL = 40


def preview(
    file: File,
    format_: Format = "table",
    maps: Maps = None,
    sheet: SheetName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
) -> None:
    """看一眼文件会被怎样读入：编码、分隔符、列名对应、前几行和会被拒绝的行；什么也不保存。"""
    with errors_as_exit_codes():
        intake = asked(format_, None, maps, options=ReadOptions(encoding, delimiter, sheet))
        for each in preview_file(file, intake, now=now()):
            for line in _lines(each, format_):
                typer.echo(line)


def _lines(seen: SheetPreview, format_: str) -> list[str]:
    found = seen.found
    read_as = [f"编码 {found.encoding}"] if found.encoding else []
    read_as += [f"分隔符 {found.delimiter!r}"] if found.delimiter else []
    lines = [f"{found.name}: {'，'.join(read_as)}" if read_as else found.name]
    lines += [f"  提示：{note}" for note in found.notes]
    lines += [
        f"  {header} → {NAMES.get(field, field)}（{field}）" for field, header in found.columns
    ]
    if found.unmatched:
        lines.append(f"  不认识的列，原样保留：{'、'.join(found.unmatched)}")
    for row in found.rows:
        cells = "，".join(f"{name}={clip(cell, _CELL)}" for name, cell in row.cells.items() if cell)
        lines.append(f"  第 {row.line} 行：{cells}")
    if seen.problem is not None:
        lines.append(f"  不能导入：{one_line(seen.problem)}")
    lines.append(f"  前 {found.scanned} 行：可用 {seen.usable} 条，拒绝 {seen.rejected} 行")
    lines += [f"  {found.name}:{line.line}: {one_line(line.reason)}" for line in seen.reasons]
    if seen.suggested != format_:
        title = CHANNELS[seen.suggested].title
        lines.append(f"  看起来像{title}，可试 --format {seen.suggested}")
    return lines
