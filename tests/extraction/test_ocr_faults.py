"""Text recognition (OCR) whose engine or worker dies, or whose tables are gone, leaves nothing."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.pipeline.extraction import OcrOptions, sandbox
from documents.pipeline.extraction.ocr import Recognizer, installed, pictures, scans
from tests.services import tesseract_or_skip

from . import pdf_builders_ocr as builders

ROOT = Path(__file__).parents[2]
HANGING = f"#!{sys.executable} -I\nimport time\ntime.sleep(600)\n"
WORK = """
import sys
from documents.pipeline.extraction import OcrOptions, read_document
from documents.pipeline.extraction.ocr import Recognizer, scans
from tests.extraction import pdf_builders_ocr as builders
engine = Recognizer("tesseract", "5", ("eng",), program=sys.argv[1], readable=("/",))
scans.installed = lambda: engine
read_document(
    builders.scan(4), "application/pdf", on_page=lambda done, total: None, ocr=OcrOptions()
)
"""


def hanging(program: Path) -> list[Path]:
    """Processes that run this program."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        # As a script it is a word of the interpreter's; one that is dead has none.
        if words[0].endswith(b"python") and str(program).encode() in words[1:3]:
            found.append(process)
    return found


def wait_until(are_there: bool, program: Path) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if bool(hanging(program)) == are_there:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A process that waits for engines that hang, and their program."""
    program = tmp_path / "tesseract"
    program.write_text(HANGING)
    program.chmod(0o700)
    with subprocess.Popen([sys.executable, "-c", WORK, str(program)], cwd=ROOT) as process:
        yield process, program
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of processes on Linux only")
def test_engines_end_with_a_worker_that_is_killed(
    worker: tuple[subprocess.Popen[bytes], Path],
) -> None:
    process, program = worker
    assert wait_until(True, program), "no engine was started"
    process.send_signal(signal.SIGKILL)
    assert wait_until(False, program), "an engine outlived its worker"


def test_an_engine_that_is_killed_costs_its_page_only(read, monkeypatch, tmp_path) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!{sys.executable} -I\nimport os\nos.kill(os.getpid(), 9)\n")
    program.chmod(0o700)
    engine = Recognizer("tesseract", "5", ("eng",), program=str(program), readable=("/",))
    monkeypatch.setattr(scans, "installed", lambda: engine)
    reading = read(builders.mixed(), ocr=OcrOptions())
    assert [page.condition for page in reading.pages] == ["read", "empty", "read"]
    assert reading.unread == [{"from_page": 2, "to_page": 2, "reason": "ocr_failed"}]


def test_all_ways_to_read_a_page_share_its_time(read, monkeypatch) -> None:
    given = []

    def output_of(job, picture, *, seconds, **limits):
        given.append(seconds)
        if len(given) == 2:
            raise sandbox.ChildTimedOut
        return b"5\t1\t1\t1\t1\t1\t9\t9\t9\t9\t70\tApproved."

    ticks = itertools.count(step=15)
    monkeypatch.setattr(pictures, "_CLOCK", lambda: next(ticks))
    monkeypatch.setattr(pictures.sandbox, "output_of", output_of)
    engine = Recognizer("tesseract", "5", ("eng",), has_orientation=True)
    monkeypatch.setattr(scans, "installed", lambda: engine)
    [page] = read(builders.scan(), ocr=OcrOptions()).pages
    assert given == [pictures.SECONDS - 15, pictures.SECONDS - 30]
    assert page.text == "Approved.", "what was read before the time was over"


@pytest.mark.slow
def test_a_table_that_is_gone_costs_the_pages_only(read, monkeypatch) -> None:
    tesseract_or_skip()
    listed = installed()
    assert listed
    engine = listed._replace(languages=("gone",))
    monkeypatch.setattr(scans, "installed", lambda: engine)
    reading = read(builders.mixed(), ocr=OcrOptions())
    assert reading.unread == [{"from_page": 2, "to_page": 2, "reason": "ocr_failed"}]
