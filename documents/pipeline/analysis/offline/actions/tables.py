"""Action tables: the header says which column holds what, who and by when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.pipeline.analysis.offline.actions import due_dates, priorities
from documents.pipeline.analysis.offline.actions.headings import (
    FINISHED,
    FINISHED_SINCE,
    ROLE_OF_TITLE,
)
from documents.pipeline.analysis.schema import ActionItem, Evidence

COLUMN = re.compile(r"\s*\|\s*|\t+|\s{2,}")
RULER = re.compile(r"[\s|:+=_–—-]*")


@dataclass(frozen=True, slots=True)
class TableRow:
    task: str
    who: str | None
    due: str
    priority: str
    is_finished: bool


def header(line: str) -> dict[str, int] | None:
    """Which column holds what, if the line heads a table of actions."""
    columns: dict[str, int] = {}
    for number, cell in enumerate(_cells(line)):
        role = ROLE_OF_TITLE.get(cell.lower().strip(" .:*"))
        if role:
            columns.setdefault(role, number)
    return columns if "task" in columns and ("who" in columns or "due" in columns) else None


def row(line: str, columns: dict[str, int]) -> TableRow | None:
    """One line of the table; None for rulers and lines too short to hold a task."""
    cells = _cells(line)
    if RULER.fullmatch(line) or len(cells) <= columns["task"] or not cells[columns["task"]]:
        return None
    return TableRow(
        task=" ".join(cells[columns["task"]].split()),
        who=_cell(cells, columns, "who") or None,
        due=_cell(cells, columns, "due"),
        priority=_cell(cells, columns, "priority"),
        is_finished=_is_finished(cells, columns),
    )


def _is_finished(cells: Sequence[str], columns: dict[str, int]) -> bool:
    """The column of the status may go on, "completed 3 March"; a task may begin "Complete the"."""
    told = {columns[role] for role in ("task", "who", "due") if role in columns}
    status = [cell for number, cell in enumerate(cells) if number not in told]
    return any(map(FINISHED_SINCE.match, status)) or any(map(FINISHED.fullmatch, cells))


def word(row: TableRow, evidence: Evidence, language: str) -> ActionItem:
    due = due_dates.in_cell(row.due, language)
    return ActionItem(
        task=row.task,
        assignee=row.who,
        due_text=due.text if due else None,
        due_date=due.date if due else None,
        priority=priorities.tell(f"{row.task} {row.due} priority: {row.priority}"),
        evidence=[evidence],
        support="supported",
    )


def _cells(line: str) -> list[str]:
    return COLUMN.split(line.strip().strip("|").strip())


def _cell(cells: Sequence[str], columns: dict[str, int], role: str) -> str:
    number = columns.get(role, len(cells))
    return " ".join(cells[number].split()) if number < len(cells) else ""
