"""What an OCR engine says is taken for what it is: words with a confidence, or nothing."""

import pytest

from documents.pipeline.extraction.ocr import Recognizer, languages_for
from documents.pipeline.extraction.ocr.words import (
    MOST_CHARACTERS,
    recognized,
    trusted_letters,
    words_of,
)

HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def row(text, confidence=95.0, *, block=1, paragraph=1, line=1, word=1, page=1):
    return f"5\t{page}\t{block}\t{paragraph}\t{line}\t{word}\t10\t10\t50\t20\t{confidence}\t{text}"


def read(*rows):
    return recognized(words_of("\n".join([HEADER, *rows]).encode()))


def test_words_become_lines_and_paragraphs():
    found = read(
        row("The"),
        row("board", word=2),
        row("met.", line=2),
        row("It", block=1, paragraph=2),
        row("agreed.", block=2),
    )
    assert found.text == "The board\nmet.\n\nIt\n\nagreed."


def test_rows_that_are_no_words_are_passed_over():
    layout = "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t"
    assert read(layout, row("word"), row("   ", line=2), row("", line=3)).text == "word"


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"\xff\xfe\x00",
        b"5\t1\t1",
        b"5\tone\t1\t1\t1\t1\t0\t0\t9\t9\t90\tword",
        b"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tnan\tword",
        b"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tinf\tword",
        b"5\t1\t1\t1\t1\t1\tx\ty\t9\t9\t90\tword",
        b"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t1e999\tword",
        b'{"page": 1}',
        b"<html>" * 1000,
    ],
)
def test_what_is_no_table_of_words_holds_none(rubbish):
    assert words_of(rubbish) == []


def test_a_confidence_beyond_the_scale_is_brought_back_to_it():
    assert [word.confidence for word in words_of(row("a", 900).encode())] == [100.0]
    assert [word.confidence for word in words_of(row("a", -7).encode())] == [0.0]


def test_the_mean_and_the_share_of_poor_words_are_told():
    found = read(row("sure", 95), row("fairly", 61, word=2), row("poor", 57, word=3))
    assert (found.confidence, found.poor_share) == (71, 0.333)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("~", 90), row("|", 95)],  # no word of letters
        [row("oie", 20), row("Ae", 35)],
        [row("i", 95), row("l", 95)],  # letters, one by one
        [row("oie", 20)] * 30 + [row("stop", 95)],
        [row("CoBeT", 68), row("AupeKkTopos", 45), row("2026", 90)],  # Cyrillic, by Latin letters
    ],
)
def test_guesses_at_a_picture_are_no_text(rows):
    assert read(*rows) is None


@pytest.mark.parametrize("text", ["2026", "Да", "会議", "No", "§ 12"])
def test_short_words_of_any_script_are_text(text):
    assert read(row(text)).text == text


def test_a_page_without_end_is_cut():
    found = read(*[row("word" * 20, line=number) for number in range(2_000)])
    assert len(found.text) == MOST_CHARACTERS


def test_what_steers_a_terminal_or_a_table_stays_one_word():
    assert words_of(row("a\x0bb\x85c").encode())[0].text == "a b c"


def test_signs_of_chinese_stand_without_spaces():
    assert read(row("会"), row("議", word=2), row("2026", word=3), row("年", word=4)).text == (
        "会議 2026 年"
    )


def test_only_sure_words_of_two_letters_count_as_trusted():
    rows = [row("twelve"), row("x"), row("doubt", 50), row("--")]
    assert trusted_letters(words_of("\n".join(rows).encode())) == 6


def engine(*languages):
    return Recognizer("tesseract", "5", languages=languages)


@pytest.mark.parametrize(
    ("installed", "wanted", "used"),
    [
        (["eng"], [], ["eng"]),
        (["deu", "eng"], [], ["eng", "deu"]),
        (["deu", "eng", "fra"], [], ["eng", "deu", "fra"]),
        (["afr", "deu", "eng", "fra"], [], ["eng"]),
        (["deu", "fra", "ita", "spa"], [], ["deu"]),
        (["deu", "eng"], ["deu"], ["deu"]),
        (["deu", "eng"], ["deu", "rus"], ["deu"]),
        (["eng"], ["rus"], []),
        ([], [], []),
    ],
)
def test_languages_are_those_wanted_or_the_few_that_are_there(installed, wanted, used):
    assert list(languages_for(engine(*installed), wanted)) == used
