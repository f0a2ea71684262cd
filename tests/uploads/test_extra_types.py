"""Files beside PDF and plain text are accepted where a setting says so, and only what they are."""

import struct
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.failures import FailureCode
from documents.uploads import file_types, validators


def saved(form, size=(300, 200)):
    out = BytesIO()
    Image.new("L", size, 255).save(out, form)
    return out.getvalue()


def judged(name, data):
    """The media type it is stored as, or the code it is refused with."""
    try:
        return validators.judge(SimpleUploadedFile(name, data)).content_type
    except validators.Refused as refused:
        return refused.failure.code


@pytest.fixture
def extra(settings):
    settings.ATOM_EXTRA_TYPES = ("images", "md")
    return settings


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tiff", "a.md"])
def test_by_default_only_pdf_and_text_are_accepted(name):
    assert judged(name, b"# Notes") == "unsupported_type"
    assert file_types.in_words() == "PDF or plain text (.pdf, .txt)"
    assert file_types.accept_attribute() == ".pdf,.txt,application/pdf,text/plain"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("scan.png", saved("PNG"), "image/png"),
        ("scan.JPG", saved("JPEG"), "image/jpeg"),
        ("scan.jpeg", saved("JPEG"), "image/jpeg"),
        ("fax.tif", saved("TIFF"), "image/tiff"),
        ("notes.md", b"# Notes\n\nThe quay wall is safe.", "text/markdown"),
    ],
)
def test_a_setting_lets_others_in(extra, name, data, kind):
    assert judged(name, data) == kind


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("scan.png", saved("JPEG"), "content_mismatch"),
        ("scan.jpg", b"<script>alert(1)</script>", "content_mismatch"),
        ("scan.tif", b"%PDF-1.4", "content_mismatch"),
        ("notes.md", b"%PDF-1.4\n", "content_mismatch"),
        ("notes.md", bytes(range(256)) * 9, "not_text"),
        ("scan.png", saved("PNG")[:20], "damaged"),
        ("scan.gif", b"GIF89a", "unsupported_type"),
        ("scan.svg", b"<svg/>", "unsupported_type"),
    ],
)
def test_what_they_are_not_is_refused(extra, name, data, code):
    assert judged(name, data) == code


def test_a_bomb_is_refused_by_its_header(extra):
    bomb = bytearray(saved("PNG"))
    bomb[16:24] = struct.pack(">II", 50_000, 50_000)
    assert judged("scan.png", bytes(bomb)) == "too_large"


def test_pictures_are_refused_where_nobody_reads_them(extra):
    extra.ATOM_OCR = "off"
    assert judged("scan.png", saved("PNG")) == "unsupported_type"
    assert judged("notes.md", b"# Notes") == "text/markdown"


def test_a_refusal_names_what_is_accepted(extra):
    extra.ATOM_EXTRA_TYPES = ("md",)
    told = validators.why_refused(FailureCode.UNSUPPORTED_TYPE).detail
    assert told == "Only PDF, plain text or Markdown (.pdf, .txt, .md) can be read."
