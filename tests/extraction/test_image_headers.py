"""Picture files are judged by their headers, before anything decodes them."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from documents.pipeline.extraction import image_headers
from documents.pipeline.extraction.image_headers import JPEG, MOST_PAGES, PNG, TIFF, Size


def saved(form, size=(300, 200), mode="L", **options):
    out = BytesIO()
    Image.new(mode, size, 255).save(out, form, **options)
    return out.getvalue()


def tiff(count):
    pages = [Image.new("L", (300 + number, 200), 255) for number in range(count)]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


FILES = {
    "PNG": (saved("PNG"), PNG),
    "colors of PNG": (saved("PNG", mode="RGBA"), PNG),
    "JPEG": (saved("JPEG"), JPEG),
    "progressive JPEG": (saved("JPEG", progressive=True), JPEG),
    "JPEG of a telephone": (saved("JPEG", exif=Image.Exif().tobytes() + b"\xff\xc0" * 20), JPEG),
    "TIFF": (saved("TIFF"), TIFF),
    "fax": (saved("TIFF", mode="1", compression="group4"), TIFF),
}


@pytest.mark.parametrize("name", FILES)
def test_kind_and_size_are_told(name):
    data, kind = FILES[name]
    assert image_headers.kind_of(data) == kind
    assert image_headers.sizes(data) == [Size(300, 200)]


def test_each_page_of_a_tiff_is_told():
    assert image_headers.sizes(tiff(3)) == [Size(300, 200), Size(301, 200), Size(302, 200)]


def test_the_other_order_of_bytes_is_read():
    entries = struct.pack(">HHIHH", 256, 3, 1, 300, 0) + struct.pack(">HHII", 257, 4, 1, 200)
    data = b"MM\0*" + struct.pack(">IH", 8, 2) + entries + struct.pack(">I", 0)
    assert image_headers.sizes(data) == [Size(300, 200)]


def endless(count):
    """A TIFF of so many pages without a tag, of which the last points to the first."""
    folders = b""
    for number in range(count):
        following = 8 + 6 * ((number + 1) % count)
        folders += struct.pack("<HI", 0, following)
    return b"II*\0" + struct.pack("<I", 8) + folders


def test_pages_that_point_back_end():
    assert image_headers.sizes(endless(3)) == [Size(0, 0)] * 3


def test_too_many_pages_are_none():
    assert image_headers.sizes(endless(MOST_PAGES + 1)) == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_cut_short_is_no_accident(name):
    data, _ = FILES[name]
    for length in range(0, min(len(data), 400), 3):
        for size in image_headers.sizes(data[:length]):
            assert size in (Size(300, 200), Size(300, 0), Size(0, 0))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"GIF89a", b"\xff\xd8\xff", b"II*\0", b"BM"])
def test_other_files_have_no_size(data):
    assert image_headers.sizes(data) == []


@pytest.mark.parametrize(
    ("size", "decodable"),
    [
        ((2480, 3508), True),
        ((6000, 7500), True),
        ((6000, 7501), False),
        ((20_001, 10), False),
        ((60_000, 60_000), False),
        ((0, 100), False),
        ((2**31, 2**31), False),
    ],
)
def test_bombs_are_told_by_their_size(size, decodable):
    assert Size(*size).is_decodable is decodable
