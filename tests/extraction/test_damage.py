"""A page whose contents were destroyed on the way is damaged, not blank."""

import random
import re
import zlib

import pytest

from documents.pipeline.extraction import UnreadableFile
from documents.pipeline.extraction.child.damage import look
from tests.extraction.pdf_builders_receipt import PROSE, prose
from tests.hostile_files import (
    CATALOG,
    FONT,
    SENTENCE,
    blank,
    owner_password_only,
    page,
    pages,
    raw_pdf,
    scan,
    show,
    stream,
    table,
)

# Long enough that each of the transfers destroys it.
LONG = "".join(random.Random(1).choices(PROSE, k=3_000))


def packed(text=LONG):
    return zlib.compress(b"".join(show(text[at : at + 80], y=700) for at in range(0, 3_000, 80)))


def two_pages(first, second):
    flate = b"/Filter /FlateDecode"
    kids = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>"
    sheets = [page(), page(contents=b"7 0 R")]
    return raw_pdf(
        [CATALOG, kids, sheets[0], stream(first, flate), FONT, sheets[1], stream(second, flate)]
    )


TRANSFERS = {
    "LF to CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR dropped": lambda data: data.replace(b"\r", b""),
    "seven bits": lambda data: bytes(byte & 0x7F for byte in data),
    "read as UTF-8": lambda data: data.decode("utf-8", "replace").encode(),
    "Latin-1 written as UTF-8": lambda data: data.decode("latin-1").encode(),
    "NUL taken for space": lambda data: data.replace(b"\0", b" "),
    "beginning zeroed": lambda data: re.sub(
        rb"(stream\n).{40}", lambda found: found[1] + bytes(40), data, flags=re.DOTALL
    ),
}


@pytest.mark.parametrize("name", TRANSFERS)
def test_contents_destroyed_on_the_way_are_damaged(name, read, outcome):
    data = TRANSFERS[name](two_pages(packed(), packed(LONG[::-1])))
    is_told = (
        outcome(data) in ("damaged", "garbled") or {"reason": "damaged_parts"} in read(data).unread
    )
    assert is_told


def test_the_words_say_what_may_have_happened(read):
    data = two_pages(packed(), packed()).replace(b"stream\n", b"stream\r\n\r")
    with pytest.raises(UnreadableFile, match="transfer in text mode"):
        read(data)


def test_a_destroyed_page_among_good_ones_could_not_be_read(read):
    reading = read(two_pages(packed(SENTENCE * 50), b"\xff" + packed()[1:]))
    assert [each.condition for each in reading.pages] == ["read", "failed"]
    assert reading.unread == []


def test_text_that_may_be_missing_is_told(read):
    broken = bytearray(packed())
    broken[len(broken) // 2 :] = b"\xff" * (len(broken) // 2)
    reading = read(two_pages(packed(SENTENCE * 50), bytes(broken)))
    assert reading.unread == [{"reason": "damaged_parts"}]


SOUND = {
    "prose": lambda: pages("\n".join(prose())),
    "blank": blank,
    "scan": scan,
    "protected": owner_password_only,
    "table": table,
    "wrong checksum": lambda: two_pages(packed()[:-4] + b"abcd", packed()),
    "checksum left out": lambda: two_pages(packed()[:-4], packed()),
    "empty contents": lambda: two_pages(zlib.compress(b""), zlib.compress(b" \n")),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_contents_are_no_damage(name):
    assert list(look(SOUND[name]())) == []


def test_a_document_behind_a_long_beginning_is_read(read):
    mail = b"Received: from mail.example.org\r\n" * 60 + b"\r\n"
    assert read(mail + pages(SENTENCE)).pages[0].text == SENTENCE
