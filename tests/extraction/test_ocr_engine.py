"""The engine of this machine reads scans, in its sandbox: whatever lies on the glass."""

import pytest

from documents.pipeline.extraction import OcrOptions, UnreadableFile
from documents.pipeline.extraction.ocr import installed, languages_for, tries_out
from tests.services import tesseract_or_skip

from . import pdf_builders_ocr as builders

pytestmark = pytest.mark.slow
ENGLISH = OcrOptions(("eng",))


@pytest.fixture(autouse=True)
def engine():
    tesseract_or_skip()


def test_it_tells_of_itself_and_starts():
    assert installed().program
    assert "eng" in installed().languages
    assert "osd" not in installed().languages
    assert tries_out(installed(), languages_for(installed(), ()))


def test_it_does_not_start_where_its_tables_are_out_of_reach():
    elsewhere = installed()._replace(tessdata="/nowhere")
    assert not tries_out(elsewhere, ("eng",))


def test_a_scan_is_read_word_for_word(read):
    [page] = read(builders.scan(), ocr=ENGLISH).pages
    assert page.text.split() == " ".join(builders.LINES).split()
    assert page.condition == "read_by_ocr"
    assert page.ocr_confidence > 90


@pytest.mark.parametrize("degrees", [90, 180, 1.5])
def test_a_scan_that_lies_askew_is_read(read, degrees):
    [page] = read(builders.turned(degrees), ocr=ENGLISH).pages
    assert "Maria Lopez must send the survey" in page.text


def test_a_stamp_on_a_scan_is_read_along_with_it(read):
    stamped = builders.of_pictures(builders.pictured(builders.printed()), stamp="Copy 7")
    [page] = read(stamped, ocr=ENGLISH).pages
    assert "Maria Lopez" in page.text
    assert "Copy 7" in page.text


@pytest.mark.parametrize(
    "picture",
    [builders.photograph(), builders.pictured(builders.printed(gray=0.95))],
    ids=["a photograph", "words too pale for a person"],
)
def test_a_picture_without_words_to_see_stays_unread(outcome, picture):
    assert outcome(builders.of_pictures(picture), ocr=ENGLISH) == "no_text"


def test_words_of_another_script_are_not_guessed_at(read):
    with pytest.raises(UnreadableFile):
        read(builders.of_pictures(builders.foreign()), ocr=ENGLISH)


def test_a_ruled_table_comes_out_row_by_row(read):
    [page] = read(builders.of_pictures(builders.table()), ocr=ENGLISH).pages
    assert page.text.split("\n") == [" ".join(row) for row in builders.ROWS]


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_file_is_read(read, form, kind):
    picture = builders.saved(form, builders.pictured(builders.printed(), dots=300))
    [page] = read(picture, kind, ocr=ENGLISH).pages
    assert page.text.split() == " ".join(builders.LINES).split()


def test_each_page_of_a_tiff_is_read(read):
    pages = [builders.pictured(builders.printed([line]), dots=300) for line in builders.LINES]
    reading = read(builders.saved("TIFF", *pages), "image/tiff", ocr=ENGLISH)
    assert [page.text for page in reading.pages] == list(builders.LINES)
