"""Plain text in every common encoding, its pages, and what is no text at all."""

import pytest

from documents.pipeline.extraction import UnreadableFile
from documents.pipeline.extraction.encodings.decoding import decode, looks_like_text
from documents.pipeline.extraction.text import paging
from tests import hostile_files
from tests.hostile_files import CHINESE, CZECH, FRENCH, JAPANESE, PORTUGUESE, RUSSIAN, SENTENCE

from .conftest import TEXT

GERMAN = "Die Prüfung der Kaimauer ergab größere Schäden; die Reparatur kostet 98.400 €.\n"
SPANISH = "La inspección del muelle terminó en marzo; ¿quién pagará la reparación de mañana?\n"
ITALIAN = "L’ispezione è finita: la città dovrà riparare la banchina perché così non può durare.\n"
SWEDISH = (
    "Kajmuren måste lagas före vintern, säger hamnkontoret på måndag; vi förväntar oss svar.\n"
)
POLISH = "Zażółć gęślą jaźń: ściana nabrzeża wymaga naprawy przed zimą, mówi urząd morski.\n"
GREEK = "Ο έλεγχος του μόλου ολοκληρώθηκε στις δώδεκα Μαρτίου και χρειάζεται επισκευή.\n"
KOREAN = "부두 벽은 삼월 십이일에 점검되었으며 겨울이 오기 전에 수리가 필요합니다.\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (FRENCH, "utf-8"),
        (CHINESE, "utf-8"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (SPANISH, "cp1252"),
        (PORTUGUESE, "cp1252"),
        (ITALIAN, "cp1252"),
        (SWEDISH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (GREEK, "cp1253"),
        (RUSSIAN, "koi8_r"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso-2022-jp"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
        (RUSSIAN, "utf-16-le"),
        (JAPANESE, "utf-16-be"),
        (SENTENCE, "utf-16-le"),
    ],
)
def test_common_encodings_are_recognized_without_a_mark(words, encoding):
    decoded = decode((words * 6).encode(encoding))
    assert decoded.text == words * 6


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(encoding):
    assert decode(JAPANESE.encode(encoding)).text == JAPANESE


def test_the_encoding_is_told():
    assert decode(b"plain").encoding == "utf-8"
    assert decode(GERMAN.encode("cp1252")).encoding == "cp1252"
    assert decode(RUSSIAN.encode("utf-16-be")).encoding == "utf-16-be"


def test_one_accent_in_a_long_english_file_is_found():
    words = SENTENCE * 2_000 + "\nSent by Zoë.\n" + SENTENCE * 2_000
    assert decode(words.encode("cp1252")).text == words


def test_one_bad_byte_does_not_change_the_encoding():
    data = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    assert decode(data).text == f"{RUSSIAN}\ufffd{RUSSIAN}"


def test_line_ends_become_one_kind():
    assert decode(b"one\rtwo\r\nthree\nfour").text == "one\ntwo\nthree\nfour"


def test_control_characters_do_not_get_through():
    assert decode(b"a\x00b" + b"c" * 30 + b"\x1b[0m").text == "ab" + "c" * 30


@pytest.mark.parametrize(
    "data",
    [
        hostile_files.program(),
        hostile_files.archive(),
        hostile_files.picture(),
        hostile_files.three_pages(),
        b"\n\n%PDF-1.7\n",
        b"\x7fELF" + b"\0" * 100,
        b"\xff\xd8\xff\xe0" + b"JFIF" * 100,
        b"SQLite format 3\0" + b"text " * 100,
        b"\xff\xfe" + bytes(range(256)) * 9,
        bytes(range(256)) * 40,
    ],
)
def test_binary_content_is_not_text(data):
    assert not looks_like_text(data)
    with pytest.raises(UnreadableFile) as caught:
        decode(data)
    assert caught.value.failure.code == "not_text"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"\xe9",
        b"MZ is how programs begin.",
        b"A file that begins with %PDF-1.7 is a PDF; this one is not.",
        hostile_files.web_page(),
        b"{\\rtf1 plain enough}",
        b"name,amount\r\nSurvey,1250\r\n" * 100,
        b"NAME      \0\0AMOUNT    \r\n" * 100,
        "👩‍👩‍👧‍👦 été".encode(),
    ],
)
def test_plain_text_is_never_refused(data):
    assert looks_like_text(data)
    decode(data)


def test_form_feeds_separate_pages(read):
    reading = read(b"first\x0csecond\r\n\x0c\x0cfourth\x0c", TEXT)
    assert [page.text for page in reading.pages] == ["first", "second\n", "", "fourth"]
    assert [page.condition for page in reading.pages] == ["read", "read", "empty", "read"]
    assert {page.engine for page in reading.pages} == {"text"}


def test_a_very_long_form_is_divided(read):
    reading = read(b"short\x0c" + b"word " * 10_000, TEXT)
    assert reading.pages[0].text == "short"
    assert max(len(page.text) for page in reading.pages) <= 3_600


def test_absurdly_many_form_feeds_do_not_make_as_many_pages(read):
    assert len(read(b"a\x0c" * 100_000, TEXT).pages) < 100


@pytest.mark.parametrize(
    ("unit", "last"),
    [
        ("A paragraph of one line, and then a blank one.\n\n", "\n\n"),
        ("Lines without paragraphs between them\n", "\n"),
        ("One sentence after the other. ", ". "),
        ("words ", " "),
        ("x", "x"),
    ],
)
def test_pages_end_where_the_text_pauses(unit, last):
    words = unit * (20_000 // len(unit))
    pages = list(paging.pages(words))
    assert "".join(pages) == words
    assert all(page.endswith(last) for page in pages)
    assert all(1_500 <= len(page) <= 3_600 for page in pages[:-1])


def test_no_page_ends_inside_a_character():
    family = "👩\u200d👩\u200d👧\u200d👦"
    for words in (family * 1_000, "e\u0301" * 4_000):
        pages = list(paging.pages(words))
        assert "".join(pages) == words
        assert not any(page[0] in "\u200d\u0301" or page[-1] == "\u200d" for page in pages)


def test_white_space_alone_is_an_empty_file(read):
    with pytest.raises(UnreadableFile, match="white space") as caught:
        read(" \n\u200b\x0c".encode(), TEXT)
    assert caught.value.failure.code == "empty"


def test_ten_megabytes_are_read_whole(read):
    data = hostile_files.plain() * 7_200
    told = []
    reading = read(data, TEXT, on_page=lambda done, total: told.append((done, total)))
    assert "".join(page.text for page in reading.pages) == data.decode()
    assert told[-1] == (len(reading.pages), len(reading.pages)) == (reading.pages_total,) * 2
    assert reading.unread == []
