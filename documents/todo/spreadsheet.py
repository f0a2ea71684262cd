"""Tables for spreadsheets, in which no cell is taken for a formula (CSV injection)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Spreadsheets take a cell for a formula that begins so (full-width signs included).
FORMULA = re.compile(r'[\s"]*[=+\-@＝＋－＠]')
# Where the comma is no separator, as in most of Europe, a cell begins behind one of these.
SEPARATORS = re.compile(r"([;|\t\r\n])")


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows under the names of the columns. The byte order mark tells Excel that it is UTF-8."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_cell(row.get(column)) for column in columns)
    return "\ufeff" + table.getvalue()


def _cell(value: Any) -> str:
    """The value as text, in whatever way a spreadsheet separates cells."""
    text = "" if value is None else str(value)
    parts = SEPARATORS.split(text)
    # Behind an apostrophe, a spreadsheet takes everything for text.
    safe = "".join(f"'{part}" if FORMULA.match(part) else part for part in parts)
    return f"'{safe}" if text[:1] in {"\t", "\r", "\n"} else safe
