"""The rows of the fault matrix, and the table they write about themselves.

`make faults` runs all of them and writes `docs/reliability.md`; `make test` runs those that are
quick. A row is marked with what is done, how, and what is expected; its tests are its cases.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from tests.faults import rig
from tests.faults.clusters import cluster, installation
from tests.faults.table import Table
from tests.processes import Installation

__all__ = ["cluster", "installation"]  # Fixtures.
HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reliability.md"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "row(fault, how, expected): a row of the fault matrix")
    config.addinivalue_line("markers", "quick: this row is part of `make test`")
    if _everything() and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table(PAGE), "fault-table")


def _everything() -> bool:
    return os.environ.get("FAULTS") == "all"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        row = item.get_closest_marker("row")
        if row:
            item.user_properties.append(("row", list(row.args)))
    if not _everything():
        left_out = [item for item in ours if not item.get_closest_marker("quick")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """The folder for temporary files of the processes; it must be empty in the end."""
    folder = tmp_path / "temp"
    folder.mkdir()
    return folder


@pytest.fixture
def web(transactional_db: None, temp: Path) -> Iterator[Callable[..., rig.Web]]:
    """Start a web process; `inject` is what strace is to do to it."""
    with ExitStack() as stack:
        yield lambda *arguments, **how: stack.enter_context(
            rig.web(*arguments, **{"TMPDIR": str(temp), **how})
        )


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Callable[..., Any]]:
    """Start a worker process with short leases; `inject` is what strace is to do to it."""
    with ExitStack() as stack:
        yield lambda *arguments, **how: stack.enter_context(
            rig.started("worker", *arguments, **how)
        )


@pytest.fixture
def patron(alice: User) -> rig.Patron:
    """Alice with a program of hers; what she was promised is checked in the end."""
    return rig.Patron(alice)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[rig.House]:
    """Everything that `manage.py up` starts, in a folder of its own."""
    installation = Installation.prepared(tmp_path, ATOM_THROTTLE="off")
    running = installation.up()
    running.wait_for("Press Ctrl-C")
    yield rig.House(installation, running)
    running.end()
