"""Pages drawn for people, and where their letters stand, told by a confined child."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from documents.pipeline.extraction import drawing, sandbox
from documents.pipeline.extraction.drawing import NotDrawn, pages
from tests import hostile_files
from tests.hostile_files import CATALOG, FONT, ONE_PAGE, raw_pdf, show, stream


def _packed(pixels: bytes) -> str:
    return b64encode(zlib.compress(pixels)).decode()


# The quay at 100, 500 in 20 points; whatever the page is turned or cut to.
_WORD = show("Quay", x=100, y=500, size=20)


def _page_with(entries: bytes) -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] %s "
        b"/Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>" % entries
    )
    return raw_pdf([CATALOG, ONE_PAGE, page, stream(_WORD), FONT])


def _ink(png: bytes) -> tuple[float, float, float, float]:
    """The box of everything that is not white, in shares of the picture."""
    image = Image.open(BytesIO(png)).convert("L").point(lambda tone: 255 * (tone < 200))
    box = image.getbbox()
    assert box is not None
    return tuple(edge / image.size[place % 2] for place, edge in enumerate(box))


@pytest.mark.parametrize(
    ("entries", "left", "top"),
    [
        (b"", 100 / 600, 300 / 800),
        (b"/CropBox [50 100 550 700]", 50 / 500, 200 / 600),
        (b"/Rotate 90", 500 / 800, 100 / 600),
        (b"/Rotate 180 /CropBox [50 100 550 700]", 450 / 500, 400 / 600),
        (b"/Rotate 270 /CropBox [50 100 550 700]", 200 / 600, 450 / 500),
    ],
    ids=["plain", "cropped", "turned", "upside down and cropped", "turned back and cropped"],
)
def test_letters_are_found_where_their_ink_is(entries, left, top):
    """`left` and `top` are of the point where the word begins, on its base line."""
    data = _page_with(entries)
    letters = drawing.locate(data, 1)
    assert letters.text.strip() == "Quay"
    boxes = [[edge / 10_000 for edge in box] for box in letters.boxes[:4]]
    found = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    ink = _ink(drawing.draw(data, 1, 960))
    assert found[0] - 0.01 <= left <= found[2] + 0.01
    assert found[1] - 0.01 <= top <= found[3] + 0.01
    # The ink lies inside the boxes, and they are not much larger than a line.
    assert all(found[n] <= ink[n] + 0.005 for n in (0, 1))
    assert all(found[n] >= ink[n] - 0.005 for n in (2, 3))
    assert max(found[2] - found[0], found[3] - found[1]) < 0.12


def test_a_page_has_the_width_asked_and_its_own_proportions():
    image = Image.open(BytesIO(drawing.draw(hostile_files.hello(), 1, 160)))
    assert image.size == (160, 226)
    assert image.mode == "L"  # A third of the bytes, where there is no color.


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "1", "JPEG"])
def test_a_picture_is_drawn_as_it_looks(mode):
    red = Image.new("RGBA", (60, 40), (220, 20, 20, 255))
    red.paste(
        (255, 255, 255, 0) if mode in ("RGBA", "LA") else (255, 255, 255, 255), (0, 0, 30, 40)
    )
    out = BytesIO()
    if mode == "JPEG":
        red.convert("RGB").save(out, "JPEG", quality=95)
    else:
        red.convert(mode).save(out, "PNG")
    drawn = Image.open(BytesIO(drawing.draw(out.getvalue(), 1, 60, is_picture=True))).convert("RGB")
    assert min(drawn.getpixel((5, 20))) > 240  # Nothing opaque: paper.
    assert max(drawn.getpixel((50, 20))[1:]) < 130


@pytest.mark.parametrize(
    ("mode", "how"),
    [
        ("RGB", "raw"),
        ("RGB", "tiff_lzw"),
        ("RGB", "tiff_adobe_deflate"),
        ("RGB", "packbits"),
        ("RGB", "jpeg"),
        ("P", "tiff_lzw"),
        ("L", "tiff_lzw"),
        ("1", "group4"),
        ("1", "group3"),
        ("1", "raw"),
    ],
)
def test_a_page_of_a_tiff_is_drawn_as_it_looks(mode, how):
    left = Image.new("RGB", (64, 400), "white")
    left.paste((0, 0, 0), (32, 0, 64, 400))
    right = left.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    out = BytesIO()
    pages_ = [each.convert(mode) for each in (left, right)]
    pages_[0].save(out, "TIFF", compression=how, save_all=True, append_images=pages_[1:])
    for number, (light, dark) in enumerate(((16, 48), (48, 16)), 1):
        png = drawing.draw(out.getvalue(), number, 64, is_picture=True)
        drawn = Image.open(BytesIO(png)).convert("L")
        assert [drawn.getpixel((light, y)) > 200 for y in (5, 200, 395)] == [True] * 3
        assert [drawn.getpixel((dark, y)) < 60 for y in (5, 200, 395)] == [True] * 3


def test_a_photograph_stands_as_the_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    Image.new("RGB", (80, 40), "gray").save(out, "JPEG", exif=exif)
    drawn = Image.open(BytesIO(drawing.draw(out.getvalue(), 1, 40, is_picture=True)))
    assert drawn.size == (40, 80)


def test_a_page_that_is_not_there_is_missing():
    for number in (0, 2):
        with pytest.raises(NotDrawn) as caught:
            drawing.draw(hostile_files.hello(), number, 160)
        assert caught.value.is_missing


@pytest.mark.slow
@pytest.mark.parametrize("case", hostile_files.PDF_CASES, ids=lambda case: case.name)
def test_a_hostile_file_costs_its_own_picture_only(case, monkeypatch):
    monkeypatch.setattr(pages, "SECONDS", 4.0)
    try:
        png = drawing.draw(case.data, 1, 160)
    except NotDrawn:
        return
    with Image.open(BytesIO(png)) as image:
        assert 0 < image.width <= 160
        assert image.width * image.height <= pages.MOST_PIXELS


def test_a_picture_that_would_fill_the_memory_reaches_no_child(monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: pytest.fail("a child was started"))
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(
        ">I4sIIBBBBB", 13, b"IHDR", 60_000, 60_000, 8, 2, 0, 0, 0
    )
    with pytest.raises(NotDrawn):
        drawing.draw(bomb, 1, 160, is_picture=True)


@pytest.mark.parametrize(
    "message",
    [
        {"width": 9_999, "height": 1, "channels": 1, "pixels": ""},
        {"width": 2, "height": 2, "channels": 1, "pixels": "AAAA"},
        {"width": 2, "height": 2, "channels": 4, "pixels": _packed(b"x" * 16)},
        {"width": 2, "height": 2, "channels": 1, "pixels": _packed(b"xxx")},
        {"width": 1, "height": 1, "channels": 1, "pixels": "?"},
        {"width": "1"},
        {},
    ],
)
def test_what_a_child_sends_is_no_picture_before_it_is_checked(monkeypatch, message):
    monkeypatch.setattr(sandbox, "run", lambda *_, take, **__: take(message))
    with pytest.raises(NotDrawn):
        drawing.draw(b"%PDF-", 1, 160)


def test_pixels_that_unpack_to_more_than_the_picture_are_never_unpacked(monkeypatch):
    bomb = _packed(bytes(50_000_000))
    message = {"width": 2, "height": 2, "channels": 1, "pixels": bomb}
    monkeypatch.setattr(sandbox, "run", lambda *_, take, **__: take(message))
    assert Image.open(BytesIO(drawing.draw(b"%PDF-", 1, 160))).size == (2, 2)


def test_boxes_that_do_not_belong_to_the_text_are_refused(monkeypatch):
    for boxes in ([1, 2, 3], [1, 2, 3, "4"]):
        message = {"width": 1, "height": 1, "text": "a", "boxes": boxes}
        monkeypatch.setattr(sandbox, "run", lambda *_, take, said=message, **__: take(said))
        with pytest.raises(NotDrawn):
            drawing.locate(b"%PDF-", 1)


def test_a_noisy_picture_is_written_with_fewer_tones():
    noise = Image.effect_noise((400, 400), 80).tobytes()
    written = pages.png.encoded(400, 400, 1, noise)
    assert len(written) < 0.7 * len(zlib.compress(noise, 3))
    tones = Image.open(BytesIO(written)).tobytes()
    assert max(abs(one - other) for one, other in zip(noise, tones, strict=True)) <= 8
