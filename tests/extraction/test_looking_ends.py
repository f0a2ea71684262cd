"""Looking at pixels ends: beyond its limits a page is read by how its text is painted."""

import zlib
from io import BytesIO

import pikepdf
import pytest

from documents.pipeline.extraction.child import layers, pixels, suspects
from documents.pipeline.extraction.child.hidden_text import Inspector
from documents.pipeline.extraction.child.pdf_document import Document
from documents.pipeline.extraction.child.verdicts import judge
from tests import hostile_files
from tests.extraction import pdf_builders_pixels as build


def judged(data, budget):
    page = Document(data)[0]
    found = Inspector().inspect(page)
    return len(judge(page, found, budget).hidden), found


def test_without_time_left_nothing_is_rendered():
    budget = pixels.Budget(seconds=0.0)
    with pytest.raises(pixels.NotRendered), budget:
        budget.check()


@pytest.mark.parametrize("seconds", [pixels.MAX_SECONDS, 0.0])
def test_without_time_left_white_is_hidden_and_white_on_blue_is_not(seconds):
    hidden, _ = judged(hostile_files.white_text(), pixels.Budget(seconds))
    shown, _ = judged(hostile_files.white_text_on_blue(), pixels.Budget(seconds))
    assert (hidden, shown) == (1, 0)


def test_time_that_looking_took_is_gone_for_the_pages_that_follow():
    budget = pixels.Budget()
    judged(build.HIDDEN["under a black bar"](), budget)
    assert budget.seconds_left < pixels.MAX_SECONDS
    assert budget.pixels_left < pixels.MAX_PIXELS_PER_DOCUMENT


def test_more_letters_than_are_looked_at_are_refused(monkeypatch):
    monkeypatch.setattr(suspects, "MAX_CHARACTERS", 5)
    page = Document(build.HIDDEN["gray on gray"]())[0]
    found = Inspector().inspect(page)
    with pytest.raises(pixels.NotRendered):
        suspects.letters_of(page, found.suspects)


def test_plain_black_text_is_no_suspect():
    _, found = judged(hostile_files.three_pages(), pixels.Budget(seconds=0.0))
    assert found.suspects == []


@pytest.mark.parametrize("is_packed", [True, False])
def test_layers_are_found_in_the_catalog(is_packed):
    mode = pikepdf.ObjectStreamMode
    packed, plain = BytesIO(), BytesIO()
    for out, data in ((packed, build.secret("")), (plain, hostile_files.hello())):
        with pikepdf.open(BytesIO(data)) as pdf:
            pdf.save(out, object_stream_mode=mode.generate if is_packed else mode.disable)
    assert layers.may_be_in(packed.getvalue())
    assert not layers.may_be_in(plain.getvalue())


def test_a_stream_of_objects_that_cannot_be_unpacked_might_name_layers():
    assert layers.may_be_in(b"/Type /ObjStm >> stream\nnot packed")
    assert not layers.may_be_in(b"/Type /ObjStm >> stream\n" + zlib.compress(b"1 0 <<>>"))
