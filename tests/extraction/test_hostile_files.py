"""Every file ends in its own failure code or a good reading, and within its limits."""

import json
import resource

import pytest

from documents.pipeline.extraction import UnreadableFile, sandbox
from tests import hostile_files

from .conftest import PDF, TEXT

SLOW = {"laughs", "zip bomb of 5 GB", "widths bomb"}


def param(kind, case, content_type):
    marks = [pytest.mark.slow] if case.name in SLOW else []
    return pytest.param(case, content_type, id=f"{kind}: {case.name}", marks=marks)


CASES = [
    *[param("pdf", case, PDF) for case in hostile_files.PDF_CASES],
    *[param("txt", case, TEXT) for case in hostile_files.TEXT_CASES],
]
NOT_STORABLE = {"\0", *map(chr, range(0xD800, 0xE000))}


@pytest.mark.parametrize(("case", "content_type"), CASES)
def test_a_hostile_file_ends_as_it_has_to(case, content_type, read):
    code, reading = None, None
    try:
        reading = read(case.data, content_type)
    except UnreadableFile as unreadable:
        code = unreadable.failure.code
    assert code == case.code
    if reading:
        assert_it_can_be_stored(reading)


def assert_it_can_be_stored(reading):
    assert [page.number for page in reading.pages] == list(range(1, len(reading.pages) + 1))
    assert reading.pages_total >= len(reading.pages)
    assert not any(NOT_STORABLE & set(page.text) for page in reading.pages)
    json.dumps([page.text for page in reading.pages], ensure_ascii=False).encode()
    json.dumps(reading.unread)


def test_no_child_so_far_needed_more_memory_than_allowed(outcome):
    outcome(hostile_files.zip_bomb_5_gb())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert peak < sandbox.MEMORY_BYTES


@pytest.mark.parametrize("name", ["nested arrays", "scattered words", "length loop"])
def test_pdfminer_alone_ends_too(name, outcome, monkeypatch):
    monkeypatch.setattr("documents.pipeline.extraction.pdf.SECONDS", 1.0)
    case = next(case for case in hostile_files.PDF_CASES if case.name == name)
    assert outcome(case.data, pdf_engine="pdfminer") in {
        None,
        "damaged",
        "no_text",
        "timed_out",
        "crashed",
    }


def test_a_program_pretending_to_be_text_is_refused_before_it_is_decoded(outcome):
    for build in (hostile_files.program, hostile_files.archive, hostile_files.picture):
        assert outcome(build(), TEXT) == "not_text"
