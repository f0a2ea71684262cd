"""Letters that fonts name, number or place in their own way; and those that are lost."""

import pytest

from documents.pipeline.extraction import letters, pdf
from documents.pipeline.extraction.letters import glyph_names, ligatures
from tests.extraction.pdf_builders_letters import (
    font_with_names,
    numbered,
    printed,
    with_accents,
    with_unmapped,
)
from tests.hostile_files import SENTENCE, pages


def only(reading):
    [page] = reading.pages
    return page


@pytest.mark.parametrize(
    ("names", "line", "text"),
    [
        ("1 /f_i", b"Speci\1cations of the harbor", "Specifications of the harbor"),
        ("1 /f_f_i 2 /t_t", b"The o\1ce has a se\2ing", "The office has a setting"),
        ("2 /f_l", b"The \2ow of the o\2ine", "The flow of the ofline"),
        ("11 /f_i 13 /f_l", b"A \x0bne \row", "A fine flow"),
        ("1 /uni00660069", b"The \1nal word", "The final word"),
        ("65 /f_t 66 /T_h", b"A soA draA of Bis", "A soft draft of This"),
        ("128 /f_f_l.liga", b"The sou\x80e", "The souffle"),
        ("1 /Q_u", b"The \1ay", "The Quay"),
    ],
)
def test_a_ligature_is_spelled_by_its_name(read, names, line, text):
    page = only(read(printed(line, SENTENCE, font=font_with_names(names))))
    assert page.text.startswith(text)
    assert page.lost_letters == 0


def test_what_no_name_tells_leaves_a_mark_that_is_counted(read):
    line = b"The sign \1 and the o\2ce"
    page = only(read(printed(line, SENTENCE, font=font_with_names("1 /g17 2 /g18"))))
    assert page.text.startswith("The sign \ufffd and the o\ufffdce")
    assert (page.lost_letters, page.condition) == (2, "read")


def test_ligatures_in_the_private_use_of_a_font_are_letters():
    texts = ["the \uf001nal \uf002ow of the o\uf001ce", "\uf001 1 \uf002"]
    assert letters.settled(texts, {}) == ["the final flow of the ofice", texts[1]]


@pytest.mark.parametrize("place", [0, 4, 33, 70])
@pytest.mark.parametrize("letter", ["œ", "š"])
def test_a_single_glyph_whose_number_passes_for_a_letter_leaves_a_mark(place, letter, read):
    line = f"{SENTENCE[:place]}{letter}{SENTENCE[place:]}"
    page = only(read(with_unmapped(letter, SENTENCE, line, SENTENCE)))
    marked = line.replace(letter, "\ufffd")
    assert (page.text.splitlines()[1], page.lost_letters) == (marked, 1)


@pytest.mark.parametrize(
    "message",
    [
        {"page": 2, "letters": {"1": "fi"}},
        {"page": 1, "letters": "fi"},
        {"page": "1", "letters": {}},
        {"surprise": True},
    ],
)
def test_a_child_that_tells_names_it_was_not_asked_for_is_not_believed(message, monkeypatch):
    monkeypatch.setattr(
        glyph_names.sandbox, "run", lambda job, data, *, seconds, take: take(message)
    )
    assert glyph_names.ask(b"%PDF-1.7", [1], 1.0) == {}


@pytest.mark.parametrize("letters", ["", "\0", "a\nb", "\u202e", "x" * 9, 7, None])
def test_a_name_that_spells_no_letters_is_not_believed(letters, monkeypatch):
    message = {"page": 1, "letters": {"1": letters, "2": "fi"}}
    monkeypatch.setattr(
        glyph_names.sandbox, "run", lambda job, data, *, seconds, take: take(message)
    )
    assert glyph_names.ask(b"%PDF-1.7", [1], 1.0) == {1: {2: "fi"}}


def test_ligatures_of_tex_are_known_by_their_words(read):
    page = only(
        read(numbered(b"The o\x0ece \x0cnds a signi\x0ccant di\x0berence in the work\row."))
    )
    assert page.text == "The office finds a significant difference in the workflow."


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (
            ["de\x1cne the di\x1berence of an e\x1ecient \x1dow"],
            {27: "ff", 28: "fi", 29: "fl", 30: "ffi"},
        ),
        # Other fonts have them in another order.
        (["de\x1bne the \x1ble, modi\x1bed, o\x1d and di\x1derent"], {27: "fi", 29: "ff"}),
        # "software", "after", "letter", "stadt": words, but with none of the five.
        (["so\x1cware a\x1cer le\x1der pla\x1dform"], {}),
        # Formulas.
        (["1 + \x0f = \x0f x \x0f y and de\x0fne"], {}),
        ([""], {}),
    ],
)
def test_numbers_are_ligatures_only_where_the_words_say_so(texts, numbers):
    marked = ["".join(chr(0xF0000 + ord(c)) if c < " " else c for c in text) for text in texts]
    found = ligatures.read(marked)
    assert {number: letters for number, letters in found.items() if letters.isalpha()} == numbers


def test_quotation_marks_and_dashes_of_tex_come_with_its_ligatures(read):
    line = b"de\x1cned as \x10a di\x1berent \x1cle\x11 on pages 3\x154, \x1crst of all"
    page = only(read(numbered(line)))
    assert page.text == "defined as “a different file” on pages 3–4, first of all"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("M¨uller und die Gr¨oße", "Müller und die Größe"),
        ("Se˜nor Garc´ia", "Señor García"),
        ("la le¸con d´ej`a vue", "la leçon déjà vue"),
        ("¨Uber ´Elan", "Über Élan"),
        ("un hˆotel `a Nˆimes", "un hôtel à Nîmes"),
    ],
)
def test_an_accent_is_put_on_the_letter_that_it_stands_over(read, line, text):
    page = only(read(with_accents(line, SENTENCE)))
    assert page.text.splitlines()[0] == text


@pytest.mark.parametrize(
    "line",
    ["the `code` and x^2", "l´eau d´une", "~user and a~b", "a ¨ alone", "y^x or `a", "90° east"],
)
def test_an_accent_beside_letters_is_a_sign(read, line):
    assert only(read(printed(line, SENTENCE))).text.splitlines()[0] == line


def test_a_hyphen_that_is_called_soft_is_seen_and_read(read):
    font = font_with_names("172 /uni00AD")
    page = only(read(printed(b"A well\xacknown harbor", SENTENCE, font=font)))
    assert page.text.startswith("A well-known harbor")


def test_ordinary_pages_ask_nobody_for_names(read, monkeypatch):
    monkeypatch.setattr(pdf.glyph_names, "ask", None)
    text = "“Qualität” – naïve façade, 90 °C, x^2, `a`, C:\\temp_1"
    assert only(read(pages(text))).text == text
