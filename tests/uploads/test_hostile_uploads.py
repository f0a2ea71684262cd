"""Names and bodies made to be lost, to escape their folder or to break the parser."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from rest_framework.test import APIClient

from documents.models import Document
from documents.uploads import validators
from documents.uploads.multipart import LONGEST_HEADERS, _Delimiters
from tests import hostile_files
from tests.uploads.test_upload import multipart, part, post_raw

EMOJI = "📄 отчёт 報告 تقرير.txt"

# given, shown
TAKEN = [
    ("notes.txt", "notes.txt"),
    ("NOTES.TXT", "NOTES.TXT"),
    (EMOJI, EMOJI),
    ("../../etc/passwd.txt", "passwd.txt"),
    ("..\\..\\windows\\system.txt", "system.txt"),
    ("/etc/cron.txt", "cron.txt"),
    ("C:\\autoexec.txt", "autoexec.txt"),
    ("C:notes.txt", "C:notes.txt"),
    ("con.txt", "con.txt"),
    ("NUL.txt", "NUL.txt"),
    ("COM1.txt", "COM1.txt"),
    ("a\tb.txt", "ab.txt"),
    ("a\x1b[31mb.txt", "a[31mb.txt"),
    ("a\x00b.txt", "ab.txt"),
    ("a\x7fb.txt", "ab.txt"),
    ("x" * 300 + ".txt", "x" * 300 + ".txt"),
    ("報" * 100 + ".txt", "報" * 100 + ".txt"),
    ("cafe\u0301.txt", "café.txt"),
    ("-rf.txt", "-rf.txt"),
    ("~.txt", "~.txt"),
    ("$(reboot).txt", "$(reboot).txt"),
    ("`id`.txt", "`id`.txt"),
    ("<script>alert(1)</script>.txt", "script>.txt"),
    ("a&amp;b.txt", "a&amp;b.txt"),
    ("'; DROP TABLE documents_document;--.txt", "'; DROP TABLE documents_document;--.txt"),
    ("%2e%2e%2fup.txt", "%2e%2e%2fup.txt"),
    ("report\u202etxt.txt", "reporttxt.txt"),
    ("\u200ea\u200fb\u202ac\u202e\u2066d\u2069.txt", "abcd.txt"),
    ("a\u061cb.txt", "ab.txt"),
    ("\u3164\u200b\u2800.txt", "unnamed.txt"),
    ("\ufeff\u00ad.txt", "unnamed.txt"),
    ("\U000e0041\U000e0042.txt", "unnamed.txt"),
    ("\u200b..txt", "unnamed.txt"),
    ("\ufe0f\u034f\u00a0\u200b.TXT", "unnamed.TXT"),
    ("\u3164a\u200b.txt", "\u3164a\u200b.txt"),
    ("\u0645\u06cc\u200c\u062e.txt", "\u0645\u06cc\u200c\u062e.txt"),
    ("a  b   c.txt", "a  b   c.txt"),
    ("two.dots.txt", "two.dots.txt"),
    ("  edge.txt  ", "edge.txt"),
    ("😀.txt", "😀.txt"),
]

# given, code
REFUSED = [
    (".", "bad_name"),
    ("..", "bad_name"),
    ("/", "bad_name"),
    ("folder/", "bad_name"),
    ("\\", "bad_name"),
    ("\x01\x02", "bad_name"),
    ("   ", "bad_name"),
    ("...", "bad_name"),
    ("", "bad_name"),
    (".txt", "unsupported_type"),
    ("notes.txt.exe", "unsupported_type"),
    ("notes.txt.", "unsupported_type"),
    ("a." + "t" * 300, "unsupported_type"),
]


@pytest.mark.parametrize(("given", "shown"), TAKEN)
def test_a_strange_name_is_shown_as_given_and_stored_safely(
    api: APIClient, given: str, shown: str
) -> None:
    response = post_raw(api, multipart(part("files", given)))
    assert response.status_code == 201, response.json()
    assert response.json()["uploaded"][0]["filename"] == shown
    assert isinstance(default_storage, FileSystemStorage)
    document = Document.objects.get()
    path = Path(default_storage.path(document.file.name or ""))
    assert path.is_file()
    assert path.parent == Path(default_storage.location) / "uploads" / str(document.pk)
    assert len(path.name.encode()) <= 100
    assert re.fullmatch(r"[\w-]+\.txt", path.name)
    assert not re.match(r"(con|nul|com1)\.", path.name, re.IGNORECASE)
    assert "attachment" in api.get(f"/documents/{document.pk}/file")["Content-Disposition"]


@pytest.mark.parametrize(("given", "code"), REFUSED)
def test_a_file_without_a_usable_name_is_reported_not_dropped(
    api: APIClient, given: str, code: str
) -> None:
    response = post_raw(api, multipart(part("files", given), part("files", "good.txt")))
    assert response.status_code == 207, response.json()
    assert [error["code"] for error in response.json()["errors"]] == [code]
    assert [shown["filename"] for shown in response.json()["uploaded"]] == ["good.txt"]


def test_a_text_sent_where_a_file_belongs_is_reported(api: APIClient) -> None:
    response = post_raw(api, multipart(part("files", None), part("files", "good.txt")))
    assert response.status_code == 207
    assert [error["code"] for error in response.json()["errors"]] == ["bad_name"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Brücke.txt".encode("latin-1"), "Brücke.txt"),
        ("Ana’s plan – €.txt".encode("cp1252"), "Ana’s plan – €.txt"),
        ("Café.txt".encode(), "Café.txt"),
        (b"\x81\x8d.txt", "\ufffd\ufffd.txt"),
    ],
)
def test_a_name_in_an_old_encoding_is_shown_as_well_as_can_be(
    api: APIClient, given: bytes, shown: str
) -> None:
    response = post_raw(api, multipart(part("files", given), part("files", "good.txt")))
    assert response.status_code == 201, response.json()
    assert [each["filename"] for each in response.json()["uploaded"]] == [shown, "good.txt"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 50, 64, 100, 1_000])
def test_an_old_name_is_read_however_the_body_is_cut(size: int) -> None:
    latin = part("files", "Brücke.txt".encode("latin-1"), "für".encode("latin-1"))
    for padding in range(60):
        body = multipart(part("files", "a.txt", b"-" * padding), latin)
        delimiters = _Delimiters(BytesIO(body), b"XyZ")
        passed = b"".join(iter(lambda stream=delimiters: stream.read(size), b""))
        assert passed == body.replace(b"Br\xfccke", "Brücke".encode())
        assert (delimiters.count, delimiters.closed) == (3, True)


def test_a_file_of_dashes_is_not_read_in_one_piece() -> None:
    delimiters = _Delimiters(BytesIO(b"-" * 1_000_000), b"XyZ")
    pieces = list(iter(lambda: delimiters.read(65_536), b""))
    assert sum(map(len, pieces)) == 1_000_000
    assert max(map(len, pieces)) <= 2 * 65_536 + LONGEST_HEADERS


def test_a_pdf_behind_a_long_beginning_is_taken() -> None:
    data = b"Received: by a mail server\r\n" * 90 + hostile_files.three_pages()
    assert validators.judge(File(BytesIO(data), name="mailed.pdf")).size == len(data)


def test_a_text_that_speaks_of_pdf_is_none() -> None:
    data = b"It begins with %PDF-1.7 and has endobj in it.\n" * 40
    with pytest.raises(validators.Refused) as refused:
        validators.judge(File(BytesIO(b" " * 1_100 + data), name="speaks of.pdf"))
    assert refused.value.failure.code == "content_mismatch"


def test_an_encoded_name_is_decoded(api: APIClient) -> None:
    named = b"Content-Disposition: form-data; name=\"files\"; filename*=UTF-8''Br%C3%BCcke.txt\r\n"
    response = post_raw(api, multipart(named + b"\r\nSome words.\r\n"))
    assert response.json()["uploaded"][0]["filename"] == "Brücke.txt"


def test_a_name_in_an_unknown_encoding_is_reported(api: APIClient) -> None:
    named = b"Content-Disposition: form-data; name=\"files\"; filename*=klingon''a.txt\r\n"
    response = post_raw(api, multipart(named + b"\r\nSome words.\r\n"))
    assert response.status_code == 422
    assert len(response.json()["errors"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        multipart(part("files", "cut.txt"), end=b""),
        multipart(part("files", "a.txt"), end=b"--Xy"),
        multipart(
            b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!!!\r\n"
        ),
    ],
)
def test_a_broken_body_is_refused_whole(api: APIClient, body: bytes) -> None:
    response = post_raw(api, body)
    assert (response.status_code, response.json()["code"]) == (400, "parse_error")
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"],
)
def test_a_form_without_a_boundary_is_refused(api: APIClient, content_type: str) -> None:
    response = api.generic("POST", "/upload", b"--x\r\n", content_type)
    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "zip"])
def test_another_charset_than_utf8_is_refused(api: APIClient, charset: str) -> None:
    kind = f"multipart/form-data; boundary=XyZ; charset={charset}"
    response = api.generic("POST", "/upload", multipart(part("files", "a.txt")), kind)
    assert response.status_code == 400
    assert not Document.objects.exists()


def test_a_delimiter_split_between_two_reads_is_counted_once(api: APIClient) -> None:
    # The parser reads 64 KiB at a time; one of these ends in the middle of a delimiter.
    for shift in range(8):
        first = part("files", "first.txt", b"a" * (64 * 1024 - 70 + shift))
        response = post_raw(api, multipart(first, part("files", "second.txt")))
        assert response.status_code == 201, response.json()


def test_a_long_ending_on_a_large_file_does_not_break_its_temporary_name(api: APIClient) -> None:
    large = part("files", "a." + "t" * 300, b"word " * 600_000)
    response = post_raw(api, multipart(large))
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "unsupported_type"
