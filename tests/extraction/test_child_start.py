"""The child's short cuts: what it does not import, and what it computes by itself."""

from __future__ import annotations

import ctypes
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pypdfium2.raw
import pytest

from documents.pipeline.extraction import child
from documents.pipeline.extraction.child import averages, glyphs, pdfium
from documents.pipeline.extraction.child.pdf_document import Document, PdfiumError

from .pdf_builders_layout import shifted_words

SLOW = {
    *("statistics", "fractions", "decimal", "dataclasses", "inspect", "pathlib", "logging"),
    *("pypdfium2", "pypdfium2_raw", "pdfminer", "numpy", "PIL"),
}
START = (
    "import sys; sys.path.append({room!r}); import child.job, child.pdfium_pages;"
    "print(*sys.modules)"
)


def test_the_engine_asked_first_imports_nothing_that_takes_long_and_is_not_needed():
    room = str(Path(child.__file__).parent.parent)
    start = [sys.executable, "-I", "-c", START.format(room=room)]
    imported = subprocess.run(start, capture_output=True, text=True, check=True).stdout.split()
    assert "child.word_breaks" in imported
    assert not SLOW & set(imported)


@pytest.mark.parametrize("name", pdfium.SIGNATURES)
def test_a_function_of_pdfium_is_called_as_pypdfium2_calls_it(name):
    own, theirs = getattr(pdfium, name), getattr(pypdfium2.raw, name)
    assert [_shape(kind) for kind in own.argtypes] == [_shape(kind) for kind in theirs.argtypes]
    assert _shape(own.restype) == _shape(theirs.restype)


def _shape(kind):
    """What a call passes: a pointer, no matter to what, or a number of this kind and size."""
    if kind is None:
        return None
    code = getattr(kind, "_type_", None)
    return (code if isinstance(code, str) and code not in "zP" else "pointer"), ctypes.sizeof(kind)


def test_the_numbers_of_pdfium_are_those_of_pypdfium2():
    own = {name: value for name, value in vars(pdfium).items() if re.match("F[A-Z]{2,3}.*_", name)}
    own = {name: value for name, value in own.items() if isinstance(value, int)}
    assert len(own) > 40
    assert own == {name: getattr(pypdfium2.raw, name) for name in own}


@pytest.mark.parametrize(
    ("own", "theirs"),
    [("Rectangle", "FS_RECTF"), ("Matrix", "FS_MATRIX"), ("Pause", "IFSDK_PAUSE")],
)
def test_the_records_of_pdfium_have_the_fields_of_pypdfium2(own, theirs):
    here, there = getattr(pdfium, own), getattr(pypdfium2.raw, theirs)
    assert [field[0] for field in here._fields_] == [field[0] for field in there._fields_]
    assert ctypes.sizeof(here) == ctypes.sizeof(there)


@pytest.mark.parametrize("values", [[3.0], [1.0, 2.0], [0.1, 0.7, 0.2], [5, 1, 4, 4], [0.1] * 10])
def test_averages_are_those_of_the_standard_library(values):
    assert averages.mean(values) == statistics.fmean(values)
    assert averages.median(iter(values)) == statistics.median(values)


def test_text_collected_once_is_the_text_that_pypdfium2_collects():
    page = pypdfium2.PdfDocument(shifted_words("The quay wall", "needs repair."))[0]
    textpage = page.get_textpage()
    text = glyphs.bounded(textpage, page.get_bbox())
    assert text == textpage.get_text_bounded()
    assert "wall" in text


def test_a_box_without_text_gives_none():
    page = Document(shifted_words("The quay wall"))[0]
    assert glyphs.bounded(page.get_textpage(), (-20, -20, -10, -10)) == ""


def test_what_pdfium_cannot_open_says_why():
    with pytest.raises(PdfiumError) as told:
        Document(b"%PDF-1.7, and nothing else")
    assert told.value.code == pypdfium2.raw.FPDF_ERR_FORMAT


def test_a_page_that_is_not_there_is_not_opened():
    with pytest.raises(PdfiumError):
        Document(shifted_words("The quay wall"))[7]
