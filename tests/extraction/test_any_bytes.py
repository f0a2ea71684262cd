"""Properties that hold for files nobody thought of."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.pipeline.extraction import UnreadableFile, read_document
from documents.pipeline.extraction.encodings.decoding import decode, looks_like_text
from documents.pipeline.extraction.letters.characters import cleaned
from documents.pipeline.extraction.text.paging import pages
from tests import hostile_files

from .conftest import PDF, TEXT

WRITTEN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"])).filter(
    lambda text: "%PDF" not in text and not text.startswith("\ufeff")
)
SEEDS = [
    hostile_files.three_pages(),
    hostile_files.form_field(),
    hostile_files.unpainted_text(),
    hostile_files.owner_password_only(),
    hostile_files.garbled(),
]
once = settings(deadline=None, suppress_health_check=list(HealthCheck))


def ends_well(data, content_type):
    try:
        reading = read_document(data, content_type, on_page=lambda done, total: None)
    except UnreadableFile:
        return
    assert reading.pages
    assert "\0" not in "".join(page.text for page in reading.pages)


@given(st.binary(max_size=2_000))
@settings(once, max_examples=300)
def test_any_bytes_are_text_or_are_refused(data):
    ends_well(data, TEXT)
    if looks_like_text(data):
        decode(data)


@given(st.binary(max_size=300))
@settings(once, max_examples=10)
def test_any_bytes_named_pdf_are_refused_or_read(data):
    ends_well(b"%PDF-1.7\n" + data, PDF)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=20),
)
@settings(once, max_examples=25)
def test_any_damage_to_a_pdf_ends_in_a_reading_or_a_refusal(data, damage):
    changed = bytearray(data)
    for place, replacement in damage:
        start = int(place * len(changed))
        changed[start : start + len(replacement)] = replacement
    ends_well(bytes(changed), PDF)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(WRITTEN)
@settings(once, max_examples=100)
def test_any_text_survives_its_encoding(encoding, text):
    assert decode(text.encode(encoding)).text == cleaned(text)


@given(WRITTEN, st.integers(1, 40), st.integers(0, 4_000))
@settings(once, max_examples=100)
def test_pages_joined_are_the_text_again(text, times, padding):
    whole = (text + " " * padding) * times
    assert "".join(pages(whole)) == whole
