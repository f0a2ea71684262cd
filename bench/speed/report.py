"""The table: printed while it grows, and the generated parts of docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
import psycopg

from bench.speed.figures import Figure, Missing, Row, Scale
from bench.speed.places import POSTGRES, ROOT

PAGE = ROOT / "docs" / "performance.md"
HEAD = (
    "| what | ATOM | beside | its figure | ATOM : it | aim | load |\n|---|--:|---|--:|--:|---|--:|"
)
MACHINE = "machine"


def line(row: Row) -> str:
    """One figure for whoever watches."""
    if isinstance(row, Missing):
        return f"  {row.what}: not measured, {row.why}"
    beside = f"{row.rival} {number(row.theirs)}" if row.theirs is not None else ""
    return (
        f"  {row.what:<58} {number(row.ours):>9} {row.unit:<12} {beside:<38} "
        f"{_ratio(row):>9} {_aim(row):<18} load {row.load:.1f}"
    )


def number(value: float | None) -> str:
    """Three figures that mean something."""
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def _ratio(figure: Figure) -> str:
    return "" if figure.ratio is None else f"{number(figure.ratio)} ×"


def _aim(figure: Figure) -> str:
    if figure.aim is None or figure.is_met is None:
        return ""
    return f"{figure.aim} {'met' if figure.is_met else '**missed**'}"


def table(rows: Sequence[Row]) -> str:
    lines = [HEAD]
    for row in rows:
        if isinstance(row, Missing):
            lines.append(f"| {row.what} | not measured: {row.why} | | | | | |")
            continue
        theirs = f"{number(row.theirs)} {row.unit}" if row.theirs is not None else ""
        cells = [row.what, f"{number(row.ours)} {row.unit}", row.rival, theirs]
        lines.append(f"| {' | '.join([*cells, _ratio(row), _aim(row), f'{row.load:.1f}'])} |")
    return "\n".join(lines)


# The page.


def write(name: str, title: str, notes: str, rows: Sequence[Row], scale: Scale) -> None:
    """Replace one comparison's part of the page; whatever else stands there stays."""
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC at {_commit()}"
    measured = f"Measured {when}, medians of {scale.repeats} rounds, {scale.sizes}."
    _replace(name, f"## {title}\n\n{notes}\n\n{measured}\n\n{table(rows)}\n")
    _replace(MACHINE, f"{_machine()}\n")


def _replace(name: str, text: str) -> None:
    page = PAGE.read_text()
    begin, end = f"<!-- {name}: written by make bench -->\n", f"<!-- end of {name} -->\n"
    part = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not part.search(page):
        page = f"{page.rstrip()}\n\n{begin}{end}"
    PAGE.write_text(part.sub(lambda _: begin + text + end, page))


def _commit() -> str:
    """Of the state that was measured; nothing where there is no repository."""
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "no commit"


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory():.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, Django "
        f"{django.get_version()}, SQLite {sqlite3.sqlite_version}, {_postgresql()}."
    )


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found[1].strip() if found else platform.processor() or "unknown"


def _memory() -> float:
    found = re.search(r"^MemTotal:\s+(\d+)", _read("/proc/meminfo"), re.MULTILINE)
    return int(found[1]) / 1024**2 if found else 0.0


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _postgresql() -> str:
    try:
        with psycopg.connect(POSTGRES, connect_timeout=2) as connection:
            version = connection.execute("SHOW server_version").fetchone()
    except psycopg.OperationalError:
        return "no PostgreSQL"
    return f"PostgreSQL {version[0]}" if version else "PostgreSQL"
