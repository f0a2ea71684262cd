"""Digits above or below the line: they stay apart from the number they stand at."""

import pytest

from tests.extraction.in_this_process import text_of
from tests.extraction.pdf_builders_letters import WIN_ANSI
from tests.extraction.pdf_builders_pixels import PLAIN
from tests.hostile_files import one_page


def raised(*pieces, turned=b"1 0 0 1 72 700"):
    """A line of words with their size and how high they stand, and a plain line below."""
    shown = b"".join(
        b"/F1 %g Tf %g Ts (%s) Tj " % (size, rise, words.encode("cp1252"))
        for words, size, rise in pieces
    )
    line = b"BT %s Tm %s 0 Ts ET\n" % (turned, shown)
    return one_page(line + b"BT /F1 12 Tf 72 300 Td (%s) Tj ET" % PLAIN.encode(), font=WIN_ANSI)


def told(*pieces, **options):
    return " ".join(text_of(raised(*pieces, **options)).partition(PLAIN[:9])[0].split())


@pytest.mark.parametrize(
    ("before", "mark", "behind", "text"),
    [
        ("The fee is 500", "1", " euros", "The fee is 500¹ euros"),
        ("All 1,234", "2", " members", "All 1,234² members"),
        ("Of 10", "6", " cells", "Of 10⁶ cells"),
        ("As in 2025", "3", " it", "As in 2025³ it"),
        ("It ends in 2025.", "3", " Then", "It ends in 2025.³ Then"),
        ("Only 12", "99", " euros", "Only 12⁹⁹ euros"),
        ("About 10", "-6", " of it", "About 10⁻⁶ of it"),
        ("A fee of 500", "1,2", " euros", "A fee of 500¹,² euros"),
    ],
)
@pytest.mark.parametrize(("size", "rise"), [(7, 5), (8, 4), (10, 4), (6, 6), (12, 5)])
def test_a_raised_digit_is_no_part_of_the_number(before, mark, behind, text, size, rise):
    assert told((before, 12, 0), (mark, size, rise), (behind, 12, 0)) == text


def test_a_smaller_font_that_is_drawn_higher_raises_as_well():
    width = 6.672  # of a digit in Helvetica at 12 points
    line = b"BT /F1 12 Tf 72 700 Td (500) Tj ET BT /F1 7 Tf %g 705 Td (1) Tj ET " % (72 + 3 * width)
    line += b"BT /F1 12 Tf 72 300 Td (%s) Tj ET" % PLAIN.encode()
    assert text_of(one_page(line, font=WIN_ANSI)).startswith("500¹")


def test_what_stands_before_a_number_or_below_it_is_told_apart():
    assert told(("1", 7, 5), ("2025 figures", 12, 0)) == "¹2025 figures"
    assert told(("log", 12, 0), ("2", 8, -2), ("8 is 3", 12, 0)) == "log₂8 is 3"


@pytest.mark.parametrize("turned", [b"0 1 -1 0 300 100", b"-1 0 0 -1 540 700"])
def test_turned_writing_keeps_its_numbers(turned):
    line = told(("Fees of 500 and 12", 12, 0), ("34", 12, 0), turned=turned)
    assert sorted(line.replace("1234", "12 34").split()) == ["12", "34", "500", "Fees", "and", "of"]


def test_a_page_shown_turned_has_its_marks():
    line = b"BT 0 1 -1 0 300 100 Tm /F1 12 Tf (The fee is 500) Tj /F1 7 Tf 5 Ts (1) Tj "
    line += b"/F1 12 Tf 0 Ts ( euros, as the board has decided.) Tj ET"
    turned = b"4 0 R /Rotate 90"
    assert "500¹" in text_of(one_page(line, font=WIN_ANSI, contents=turned))


@pytest.mark.parametrize(
    "pieces",
    [
        [("It costs 5", 12, 0), ("00", 12, 0), (" euros", 12, 0)],
        [("It costs 5", 12, 0), ("00", 7, 0), (" euros", 12, 0)],
        [("It costs 5", 12, 0), ("00", 12, 0.5), (" euros", 12, 0)],
    ],
)
def test_digits_on_one_foot_stay_one_number(pieces):
    assert told(*pieces) == "It costs 500 euros"


def test_letters_and_their_digits_stay_as_they_are_written():
    assert told(("The 3", 12, 0), ("rd", 7, 5), (" of May", 12, 0)) == "The 3rd of May"
    assert told(("Of H", 12, 0), ("2", 8, -2), ("O", 12, 0)) == "Of H2O"
