"""A date that an OCR engine took apart is whole again; what was printed apart stays so."""

import pytest

from documents.pipeline.extraction.ocr.dates import whole
from documents.pipeline.extraction.ocr.words import Word


def line(text, gaps, *, number=1):
    """Words of a line, ten pixels a letter, with these gaps between them."""
    words, left = [], 0
    for word, gap in zip(text.split(), [*gaps, 0], strict=True):
        right = left + 10 * len(word)
        words.append(Word(1, 1, 1, number, left, 0, right, 20, 90.0, word))
        left = right + gap
    return words


def texts(words):
    return " ".join(word.text for word in whole(words))


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        ("22. 10.2020", "22.10.2020"),
        ("13.1 2.2024", "13.12.2024"),
        ("17.1 1.22,", "17.11.22,"),
        ("(3. 4.2026)", "(3.4.2026)"),
    ],
)
def test_parts_that_stand_close_are_one_date(parts, date):
    assert texts(line(f"due on {parts} at noon", [10, 10, 7, 10, 10])) == f"due on {date} at noon"


def test_in_a_month_the_room_around_a_one_is_no_space():
    gaps = [10, 10, 12, 10, 10]
    assert texts(line("due on 17.1 1.2022 at noon", gaps)) == "due on 17.11.2022 at noon"


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("due on 17.1 1.2022 at noon", 20),  # two columns
        ("due on 17.1 1.5022 at noon", 9),
        ("due on 22. 10.2020 at noon", 10),  # printed with a space
        ("due on item 3. 12 at noon", 7),
        ("due on 22.10.2020 14.30 at noon", 7),
        ("due on 1. 500.2020 at noon", 7),
    ],
)
def test_what_stands_apart_or_makes_no_date_stays_apart(text, gap):
    gaps = [10] * (len(text.split()) - 1)
    gaps[-3] = gap
    assert texts(line(text, gaps)) == text


def test_words_that_overlap_are_no_date():
    assert texts(line("up side down it lies", [-70, -70, -70, -70])) == "up side down it lies"


def test_a_line_of_few_words_does_not_say_what_is_close():
    assert texts(line("on 22. 10.2020", [10, 7])) == "on 22. 10.2020"


def test_lines_are_not_joined():
    first, second = line("one two three four 22.", [10] * 4), line("10.2020", [], number=2)
    assert texts([*first, *second]) == "one two three four 22. 10.2020"


def test_a_joined_date_is_as_sure_as_its_poorer_part():
    words = line("due on 22. 10.2020 at noon", [10, 10, 7, 10, 10])
    words[3] = words[3]._replace(confidence=50.0)
    joined = whole(words)[2]
    assert (joined.confidence, joined.left, joined.right) == (50.0, 70, 177)
