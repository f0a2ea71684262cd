"""Text that no reader sees is flagged and never handed on; text that is seen stays."""

import pytest

from tests import hostile_files
from tests.hostile_files import HIDDEN_TEXT, SENTENCE

# pdfminer.six does not say how transparent a text is.
WAYS = [
    *[(way, "auto") for way in HIDDEN_TEXT],
    *[(way, "pdfminer") for way in HIDDEN_TEXT if way != "transparent"],
]


@pytest.mark.parametrize(("way", "engine"), WAYS)
def test_hidden_text_is_left_out_and_the_page_says_so(way, engine, read):
    [page] = read(HIDDEN_TEXT[way](), pdf_engine=engine).pages
    assert page.condition == "hidden_text"
    assert page.text.strip() == SENTENCE


@pytest.mark.parametrize(
    "build",
    [
        hostile_files.white_text_on_blue,
        hostile_files.scan_with_recognized_text,
        hostile_files.bitmap_font,
        hostile_files.form_field,
        hostile_files.free_text_annotation,
    ],
)
def test_text_that_can_be_seen_is_not_called_hidden(build, read):
    [page] = read(build()).pages
    assert page.condition == "read"
    assert len(page.text) > 50


def test_a_page_with_nothing_but_hidden_text_has_no_text(outcome):
    assert outcome(hostile_files.only_unpainted_text()) == "no_text"
    assert outcome(hostile_files.only_unpainted_text(), pdf_engine="pdfminer") == "no_text"
