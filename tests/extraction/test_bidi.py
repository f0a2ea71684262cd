"""Hebrew and Arabic: lines that run from right to left are told in the order they are read."""

import pytest

from documents.pipeline.extraction.child.bidi import reordered
from documents.pipeline.extraction.child.positions import Glyph
from tests.extraction.pdf_builders_bidi import seen

ENGINES = ["auto", "pdfminer"]


def backwards(text):
    return text[::-1]


def read_as(data, read, engine="auto"):
    [page] = read(data, pdf_engine=engine).pages
    return page.text.strip()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("line", "text"),
    [
        (backwards("ועד המנהלים אישר את התקציב"), "ועד המנהלים אישר את התקציב"),
        (backwards("وافق مجلس الادارة"), "وافق مجلس الادارة"),
        # Forms by place, which fonts name where a program did not say what was written.
        ("\ufed6\ufed3\u0627\u0648", "وافق"),
        # A name in other letters, a number and a date keep their own direction.
        (".Northwind Ltd םע הזוחה", "החוזה עם Northwind Ltd."),
        ("6.3.2026 ךיראתב 30-ב", "ב-30 בתאריך 6.3.2026"),
        ("12% לש הדירי", "ירידה של 12%"),
        # Brackets have the shape that the page shows.
        ("קנבל (הטויט) חודה", "הדוח (טיוטה) לבנק"),
        # A name of two words in an English sentence.
        ("The board met Dr. ןהכ דוד again", "The board met Dr. דוד כהן again"),
        ("paid on time to לינה תרבח 7 תונח", "paid on time to חנות 7 חברת הניל"),
    ],
)
def test_a_line_is_told_as_it_is_read(line, text, engine, read):
    assert read_as(seen(line), read, engine) == text


@pytest.mark.parametrize("engine", ENGINES)
def test_a_last_line_of_figures_belongs_to_its_paragraph(engine, read):
    assert read_as(seen(backwards("עד יום שישי"), ".6.3.2026"), read, engine) == (
        "עד יום שישי\n6.3.2026."
    )


def test_brackets_that_are_told_as_they_were_written_stay_so(read):
    assert read_as(seen("קנבל )הטויט( חודה"), read) == "הדוח (טיוטה) לבנק"


def test_the_letters_of_a_ligature_keep_their_order(read):
    # One glyph, drawn at the right end of its line: where reading begins.
    assert read_as(seen(backwards("دارة"), together="لإ"), read) == "لإدارة"


def test_a_mark_goes_with_the_letter_that_it_stands_on():
    letters = [
        Glyph("ב", "", 20, 0, 26, 10),
        Glyph("\u05b8", "", 11, 0, 15, 10),
        Glyph("א", "", 10, 0, 16, 10),
    ]
    assert "".join(glyph.char for glyph in reordered(letters)) == "בא\u05b8"


def test_english_pages_are_not_touched(read):
    assert read_as(seen("The board (of five) met on 6.3.2026."), read) == (
        "The board (of five) met on 6.3.2026."
    )


def test_a_line_of_more_letters_than_any_has_stays_as_it_is():
    letters = [Glyph("א" if place else "ב", "", place, 0, place + 1, 10) for place in range(2_001)]
    assert reordered(letters)[0].char == "ב"
    assert reordered(letters[:2_000])[0].char == "א"
