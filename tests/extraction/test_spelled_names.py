"""Whether anybody is asked for the names of glyphs, by what the bytes of the file may hold."""

import zlib

import pytest

from documents.pipeline.extraction import pdf
from documents.pipeline.extraction.child import spelled_names
from tests.extraction.pdf_builders_letters import font_with_names, printed
from tests.hostile_files import SENTENCE

LIGATURE = b"<< /Differences [1 /f_i] >>"


def stream(data: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"1 0 obj << %b >>\nstream\r\n%b\nendstream endobj " % (entries, data)


def packed(data: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    return stream(zlib.compress(data), b"/Type /ObjStm /N 1 /First 4 " + entries)


@pytest.mark.parametrize(
    "data",
    [
        LIGATURE,
        b"[0 /space 1/T_h]",
        b"[/uni00660069]",
        # Escapes, for the underscore and in the word that tells what the array is.
        b"[1 /f#5fi]",
        b"<< /Diff#65rences 7 0 R >>",
        stream(b"BT") + LIGATURE,
        packed(LIGATURE),
        packed(b"<< /Type /Font >>") + packed(LIGATURE),
    ],
)
def test_a_name_that_spells_letters_may_be_worth_asking(data):
    assert spelled_names.may_be_in(b"%PDF-1.7\n" + data)


@pytest.mark.parametrize(
    "data",
    [
        packed(LIGATURE)[:-40],
        packed(b"", b"/Filter /LZWDecode"),
        packed(b"", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        stream(b"no zlib data", b"/Type /ObjStm /Filter /FlateDecode"),
        b">>\nstream\n",
    ],
)
def test_what_cannot_be_looked_through_may_hold_names(data):
    assert spelled_names.may_be_in(b"%PDF-1.7\n" + data)


def test_streams_of_objects_beyond_the_limit_may_hold_names(monkeypatch):
    monkeypatch.setattr(spelled_names, "MAX_UNPACKED", 1_000)
    assert spelled_names.may_be_in(packed(b" " * 1_001))
    assert not spelled_names.may_be_in(packed(b" " * 999))


@pytest.mark.parametrize(
    "data",
    [
        b"<< /Differences [27 /ff /fi /fl /universal /g17 /a.b_c] >>",
        b"<< /URI (https://harbor.example/[x]/tide_tables/uni_a) /FontName /A_B >>",
        stream(LIGATURE, b""),
        packed(b"<< /Differences [1 /fi] >>"),
    ],
)
def test_names_that_spell_nothing_are_not_worth_asking(data):
    assert not spelled_names.may_be_in(b"%PDF-1.7\n" + data)


def test_no_child_reads_the_names_of_a_file_without_any(read, monkeypatch):
    monkeypatch.setattr(pdf.glyph_names, "ask", None)
    [page] = read(printed(b"The o\2ce", SENTENCE, font=font_with_names("1 /g17 2 /g18"))).pages
    assert page.text.startswith("The o\ufffdce")
