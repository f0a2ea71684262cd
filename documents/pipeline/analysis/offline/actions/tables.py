"""Action lists laid out as tables: which column says what, who and by when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

COLUMN = re.compile(r"\s*\|\s*|\t+|\s{2,}")
RULE = re.compile(r"[\s|:+=_–—-]*")
FINISHED = re.compile(
    r"(?:done|closed|completed?|finished|cancel+ed|erledigt|fait|hecho)\W*", re.IGNORECASE
)

TITLES = {
    "task": [
        "task",
        "tasks",
        "action",
        "actions",
        "what",
        "to-do",
        "todo",
        "measure",
        "step",
        "activity",
        "action item",
        "action items",
        "to do",
        "next step",
        "aufgabe",
        "maßnahme",
        "tâche",
        "tarea",
    ],
    "who": [
        "who",
        "owner",
        "responsible",
        "assignee",
        "lead",
        "person",
        "by",
        "name",
        "wer",
        "qui",
        "responsable",
        "assigned to",
        "action by",
        "responsible person",
        "verantwortlich",
        "zuständig",
    ],
    "due": [
        "due",
        "deadline",
        "when",
        "date",
        "by-when",
        "bis",
        "frist",
        "échéance",
        "plazo",
        "due date",
        "by when",
        "target date",
        "due by",
        "bis wann",
    ],
    "status": ["status", "state", "progress", "stand"],
    "priority": ["priority", "prio", "priorität", "priorité", "prioridad"],
}
ROLE_OF_TITLE = {title: role for role, titles in TITLES.items() for title in titles}


@dataclass(frozen=True, slots=True)
class Row:
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


def row(line: str, columns: dict[str, int]) -> Row | None:
    """One line of the table; None for rulers and lines too short to hold a task."""
    cells = _cells(line)
    if RULE.fullmatch(line) or len(cells) <= columns["task"] or not cells[columns["task"]]:
        return None
    return Row(
        task=" ".join(cells[columns["task"]].split()),
        who=_cell(cells, columns, "who") or None,
        due=_cell(cells, columns, "due"),
        priority=_cell(cells, columns, "priority"),
        is_finished=any(FINISHED.fullmatch(cell) for cell in cells),
    )


def _cells(line: str) -> list[str]:
    return COLUMN.split(line.strip().strip("|").strip())


def _cell(cells: Sequence[str], columns: dict[str, int], role: str) -> str:
    number = columns.get(role, len(cells))
    return " ".join(cells[number].split()) if number < len(cells) else ""
