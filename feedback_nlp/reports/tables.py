"""Tickets as CSV for programs and as Excel for people.

The CSV has English column names and identifiers. In the Excel sheet headings and values are
Chinese; the second line of each heading is the English column name.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import xlsxwriter

from feedback_nlp.names import LANE, QUADRANT
from feedback_nlp.records import Ticket
from feedback_nlp.reports.content import ReportData, rounded
from feedback_nlp.reports.delivered import findings

Cell = str | float | date
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet may read a cell that begins so as a formula. Source: OWASP, CSV Injection."""
EXCEL_CELL: Final = 32_767
"""Characters one Excel cell can hold."""
UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The file's own date when no review has one: a fixed one, so that the bytes never change."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English and Chinese names, its width in characters, its value."""

    key: str
    name: str
    width: int
    value: Callable[[Ticket], Cell]


def evidence_ids(ticket: Ticket) -> str:
    """Return the ids of the reviews behind the ticket, each once, in order of evidence."""
    return "; ".join(dict.fromkeys(quote.review_id for quote in ticket.evidence))


_OF_TICKETS: Final = (
    Column("id", "编号", 10, lambda ticket: ticket.id),
    Column("theme", "主题", 10, lambda ticket: ticket.theme_id),
    Column("title", "标题", 34, lambda ticket: ticket.title),
    Column("problem", "问题", 48, lambda ticket: ticket.problem),
    Column("evidence_ids", "证据（评论编号）", 24, evidence_ids),
    Column("department", "负责部门", 12, lambda ticket: ticket.department),
    Column("lane", "通道", 12, lambda ticket: ticket.lane),
    Column("due", "截止日期", 12, lambda ticket: ticket.due),
    Column("reach", "触达（用户/季度）", 12, lambda ticket: rounded(ticket.priority).reach),
    Column("impact", "影响", 9, lambda ticket: rounded(ticket.priority).impact),
    Column("confidence", "信心", 11, lambda ticket: rounded(ticket.priority).confidence),
    Column("effort", "投入（人月）", 10, lambda ticket: rounded(ticket.priority).effort),
    Column("score", "RICE 得分", 10, lambda ticket: rounded(ticket.priority).score),
    Column("low", "区间下限", 10, lambda ticket: rounded(ticket.priority).low),
    Column("high", "区间上限", 10, lambda ticket: rounded(ticket.priority).high),
    Column("resources", "所需资源", 30, lambda ticket: ticket.resources),
    Column("acceptance", "验收标准", 40, lambda ticket: ticket.acceptance),
    Column("state", "状态", 10, lambda ticket: ticket.state.value),
    Column("quadrant", "四象限", 10, lambda ticket: ticket.priority.quadrant or ""),
    Column("related", "相关工单", 14, lambda ticket: "; ".join(ticket.related)),
)


_NAMES: Final = {"lane": LANE, "quadrant": QUADRANT}
"""Chinese names of identifiers, by column."""


def columns(data: ReportData) -> tuple[Column, ...]:
    """Return the columns of both tables: what a ticket says, then what the data says of its fix."""
    verdicts = {ticket_id: found.verdict.value for ticket_id, found in findings(data).items()}
    verdict = Column("verdict", "验证", 10, lambda ticket: verdicts.get(ticket.id, ""))
    return (*_OF_TICKETS, verdict)


def formula_safe(text: str) -> str:
    """Return the text with a leading apostrophe when a spreadsheet might run it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def tickets_csv(data: ReportData) -> bytes:
    """Write the tickets as UTF-8 with BOM, so that Chinese Excel reads it; lines end with CRLF."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    shown = columns(data)
    writer.writerow([column.key for column in shown])
    for ticket in data.tickets:
        writer.writerow([_csv_cell(column.value(ticket)) for column in shown])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def tickets_xlsx(data: ReportData) -> bytes:
    """Write the tickets as a workbook: frozen heading, filter, wrapped text, no formulas."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        made = (data.run.as_of or UNDATED).astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": "改进工单", "author": "feedback-nlp", "created": made})
        _fill(workbook, columns(data), data.tickets)
    return buffer.getvalue()


def _fill(
    workbook: xlsxwriter.Workbook, shown: tuple[Column, ...], tickets: tuple[Ticket, ...]
) -> None:
    sheet = workbook.add_worksheet("工单")
    basis = {"valign": "top", "text_wrap": True, "font_name": "Microsoft YaHei", "font_size": 10}
    text = workbook.add_format(basis)
    heading = workbook.add_format(basis | {"bold": True, "bg_color": "#E8EDF2", "bottom": 1})
    formats = {
        "due": workbook.add_format(basis | {"num_format": "yyyy-mm-dd"}),
        "confidence": workbook.add_format(basis | {"num_format": "0.0%"}),
    }
    for place, column in enumerate(shown):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, f"{column.name}\n{column.key}", heading)
        for row, ticket in enumerate(tickets, 1):
            cell, style = _xlsx_cell(column, ticket), formats.get(column.key, text)
            if isinstance(cell, str):
                sheet.write_string(row, place, cell, style)
            elif isinstance(cell, date):
                sheet.write_datetime(row, place, cell, style)
            else:
                sheet.write_number(row, place, cell, style)
    sheet.set_row(0, 34)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, len(tickets), len(shown) - 1)


def _csv_cell(cell: Cell) -> str | float:
    if isinstance(cell, date):
        return cell.isoformat()
    return formula_safe(cell) if isinstance(cell, str) else cell


def _xlsx_cell(column: Column, ticket: Ticket) -> Cell:
    cell = column.value(ticket)
    if not isinstance(cell, str):
        return cell
    shown = _NAMES.get(column.key, {}).get(cell, cell)
    return shown.encode("utf-8", "replace").decode()[:EXCEL_CELL]
