"""Files too large to be held are read in pieces, with the same text and little memory."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from documents.failures import FailureCode
from documents.pipeline.extraction import LargeFile, UnreadableFile, drawing, read_document
from documents.pipeline.extraction.letters import glyph_names
from documents.pipeline.extraction.ocr import pictures
from tests import large_pdfs

PAGES, PICTURE = 60, 1_500_000  # 90 MB
PDF = "application/pdf"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("large") / "scans.pdf"
    large_pdfs.write(path, pages=PAGES, picture_bytes=PICTURE)
    yield path
    path.unlink()


@contextmanager
def opened(path: Path) -> Iterator[LargeFile]:
    with path.open("rb") as file:
        yield LargeFile(file.fileno(), path.stat().st_size)


def nothing(done: int, total: int) -> None:
    pass


def test_every_page_of_a_large_file_is_read(large: Path) -> None:
    told: list[tuple[int, int]] = []
    with opened(large) as content:
        reading = read_document(content, PDF, on_page=lambda *place: told.append(place))
    assert [page.text for page in reading.pages] == [
        large_pdfs.SENTENCE.format(number=number + 1) for number in range(PAGES)
    ]
    assert {page.condition for page in reading.pages} == {"read"}
    assert told[-1] == (PAGES, PAGES)
    assert not reading.unread


def test_a_large_file_is_read_as_the_same_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "small.pdf"
    large_pdfs.write(path, pages=30, picture_bytes=10_000, before=b"Received: by a mail\n" * 99)
    with opened(path) as content:
        in_pieces = read_document(content, PDF, on_page=nothing)
    assert in_pieces == read_document(path.read_bytes(), PDF, on_page=nothing)
    assert len(in_pieces.pages) == 30


def test_the_second_opinion_reads_large_files_as_well(tmp_path: Path) -> None:
    path = tmp_path / "small.pdf"
    large_pdfs.write(path, pages=3, picture_bytes=10_000)
    with opened(path) as content:
        reading = read_document(content, PDF, on_page=nothing, pdf_engine="pdfminer")
        assert glyph_names.ask(content, [1, 2], 20) == {1: {}, 2: {}}
    assert [page.engine for page in reading.pages] == ["pdfminer"] * 3
    assert "survey 3" in reading.pages[2].text


PEAK = """
import resource, sys
from pathlib import Path
from documents.pipeline.extraction import LargeFile, read_document
path = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with path.open("rb") as file:
    content = LargeFile(file.fileno(), path.stat().st_size)
    reading = read_document(content, "application/pdf", on_page=lambda done, total: None)
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(len(reading.pages), child // 1024, grown // 1024)
"""


def test_memory_does_not_grow_with_the_file(large: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, str(large)], capture_output=True, text=True, check=True
    )
    pages, child, parent = map(int, ran.stdout.split())
    assert pages == PAGES
    assert child < 130, f"the child took {child} MB of a file of 90"
    assert parent < 30, f"the worker took {parent} MB more"


def test_pages_of_a_large_file_are_drawn_and_located(large: Path) -> None:
    with opened(large) as content:
        with_core = drawing.draw(content, 40, 200)
        letters = drawing.locate(content, 40)
    assert with_core.startswith(b"\x89PNG")
    assert "survey 40" in letters.text


def test_scans_of_a_large_file_are_drawn_for_recognition(large: Path) -> None:

    with opened(large) as content:
        picture = pictures.drawn(content, 2, threading.Event())
    assert picture.startswith(b"P5\n")


def test_a_broken_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(12 * MB))
    with opened(path) as content, pytest.raises(UnreadableFile) as refused:
        read_document(content, PDF, on_page=nothing)
    assert refused.value.failure.code == FailureCode.DAMAGED


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "image/tiff"])
def test_only_a_pdf_is_read_in_pieces(large: Path, kind: str) -> None:
    with opened(large) as content, pytest.raises(UnreadableFile) as refused:
        read_document(content, kind, on_page=nothing)
    assert refused.value.failure.code == FailureCode.TOO_LARGE
    assert "Only a PDF" in refused.value.failure.detail


def test_a_second_document_behind_the_first_is_told(tmp_path: Path) -> None:
    path, second = tmp_path / "two.pdf", tmp_path / "second.pdf"
    large_pdfs.write(path, pages=2, picture_bytes=9 * MB)
    large_pdfs.write(second, pages=1, picture_bytes=1000)
    with path.open("ab") as file:
        file.write(second.read_bytes())
    with opened(path) as content:
        reading = read_document(content, PDF, on_page=nothing)
    assert {"reason": "other_documents", "count": 1} in reading.unread


SECOND = re.compile(rb"%%EOF[\s\x00]{0,1024}%PDF-\d\.\d")


@pytest.mark.parametrize("at", [0, MB - 8, MB - 1, MB + 5, 2 * MB - 600, 4 * MB - 1_013])
def test_a_pattern_is_counted_once_wherever_pieces_end(
    tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "any"
    path.write_bytes(b"." * at + b"%%EOF" + b"\n" * 1000 + b"%PDF-1.7" + b"." * (5 * MB))
    with opened(path) as content:
        assert content.count(SECOND, b"%%EOF", 1_100) == 1


def test_a_child_gets_a_descriptor_that_it_cannot_write_by(tmp_path: Path) -> None:
    """What an object store sent lies in a temporary file that is open for both."""

    with tempfile.TemporaryFile() as file:
        file.write(b"%PDF-1.7")
        file.flush()
        descriptor = LargeFile(file.fileno(), 8).read_only()
        try:
            assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
            assert os.pread(descriptor, 8, 0) == b"%PDF-1.7"
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.write(descriptor, b"x")
        finally:
            os.close(descriptor)
