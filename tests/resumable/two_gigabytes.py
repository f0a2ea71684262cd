"""A PDF of 2 GB comes in, is read and looked at, in little memory (`make two-gigabytes`).

It takes 4 GB of the disk meanwhile, and half a minute.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import large_pdfs
from tests.processes import PATIENCE, ROOT, Running
from tests.resumable.served import House, pieces

GB = 1024**3
PAGES = 400
MOST_OF_WEB, MOST_OF_CHILD = 150, 200  # MB


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    if shutil.disk_usage(tmp_path).free < 6 * GB:
        pytest.skip("needs 6 GB of disk")
    built = House(tmp_path / "house", ATOM_ENGINE="offline")
    built.start()
    yield built
    built.end()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "archive.pdf"
    large_pdfs.write(path, pages=PAGES, picture_bytes=2 * GB // PAGES - 2000)
    yield path
    path.unlink()


class Children:
    """The most memory that any child of a process had."""

    def __init__(self, parent: int) -> None:
        self.peak = 0
        self._parent = parent
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._is_over.wait(0.02):
            for listed in Path(f"/proc/{self._parent}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    self.peak = max([self.peak, *map(peak_memory, listed.read_text().split())])

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()


def peak_memory(pid: object) -> int:
    """In megabytes; 0 of a process that is gone."""
    with contextlib.suppress(OSError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    return 0


def test_two_gigabytes(house: House, file: Path) -> None:
    length = file.stat().st_size
    assert 0.99 * 2 * GB < length <= 2 * GB
    path, began = house.begin(length), time.monotonic()
    with file.open("rb") as opened:
        status, headers, body = house.append(path, 0, pieces(opened, 0, length), length)
    assert status == 204, body
    received, web = time.monotonic() - began, house.peak_memory()
    document = f"/documents/{headers['atom-document']}"
    worker = Running(
        [sys.executable, str(ROOT / "manage.py"), "worker", "--grace", "1"],
        env=house.installation.environment,
        cwd=house.folder,
    )
    children = Children(worker.process.pid)
    began = time.monotonic()
    shown = finished(house, document)
    read, its_own = time.monotonic() - began, peak_memory(worker.process.pid)
    children.end()
    worker.end()
    assert (shown["status"], shown["page_count"]) == ("completed", PAGES), shown["failure"]
    status, _, picture = house.ask("GET", f"{document}/pages/300/image")
    assert (status, picture[:4]) == (200, b"\x89PNG")
    pages = json.loads(house.ask("GET", f"{document}/pages?page=4&page_size=100")[2])["results"]
    assert pages[-1]["text"] == large_pdfs.SENTENCE.format(number=PAGES)
    print(
        f"\n{length / GB:.2f} GB: received in {received:.0f} s, web {web} MB (with a page drawn "
        f"{house.peak_memory()}); read in {read:.0f} s, worker {its_own} MB, child {children.peak}"
    )
    assert house.peak_memory() < MOST_OF_WEB
    assert children.peak < MOST_OF_CHILD


def finished(house: House, document: str) -> dict[str, object]:
    deadline = time.monotonic() + 3 * PATIENCE
    while True:
        shown = json.loads(house.ask("GET", document)[2])
        if shown["status"] in ("completed", "failed"):
            return dict(shown)
        assert time.monotonic() < deadline
        time.sleep(0.2)
