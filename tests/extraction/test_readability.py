"""Files without readable text are told apart, so that each owner learns what to do."""

import pytest

from documents.pipeline.extraction import UnreadableFile
from documents.pipeline.extraction.draft import Draft
from documents.pipeline.extraction.letters.characters import (
    cleaned,
    is_blank,
    is_garbled,
    visible_characters,
)
from documents.pipeline.extraction.readability import require_readable
from tests import hostile_files

TEXT = "The quay wall needs repair."
GARBLED = "\ufffd\ue000" * 40


def refusal(*drafts):
    with pytest.raises(UnreadableFile) as caught:
        require_readable(drafts)
    return caught.value.failure


def test_a_very_short_document_is_a_document():
    require_readable([Draft(1, "Hi", has_text_objects=True)])


def test_a_stamp_on_a_scan_is_not_text():
    failure = refusal(Draft(1, "Page 1", image_share=0.9))
    assert failure.code == "no_text"
    assert "OCR" in failure.advice


def test_a_small_logo_does_not_make_a_scan():
    require_readable([Draft(1, "Page 1", image_share=0.1)])


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (hostile_files.blank, "blank"),
        (hostile_files.drawing, "drawings"),
        (hostile_files.scan, "only pictures"),
        (hostile_files.only_unpainted_text, "invisible"),
    ],
)
def test_the_reason_for_having_no_text_is_told(build, words, read):
    with pytest.raises(UnreadableFile, match=words):
        read(build())


def test_pages_that_all_fail_are_a_damaged_file():
    assert refusal(Draft(1, is_failed=True), Draft(2, is_failed=True)).code == "damaged"
    assert refusal().code == "damaged"


def test_a_garbled_page_among_good_ones_does_not_stop_the_document():
    require_readable([Draft(1, TEXT * 10), Draft(2, GARBLED)])


def test_a_cover_page_does_not_make_a_garbled_document_readable():
    assert refusal(Draft(1, "Report"), *[Draft(n, GARBLED) for n in (2, 3)]).code == "garbled"


def test_conditions_say_what_became_of_each_page():
    conditions = {
        "read": Draft(1, TEXT),
        "empty": Draft(2, " \n"),
        "garbled": Draft(3, GARBLED),
        "hidden_text": Draft(4, TEXT, has_hidden=True),
        "failed": Draft(5, is_failed=True),
    }
    assert {draft.condition for draft in conditions.values()} == set(conditions)
    assert all(draft.condition == name for name, draft in conditions.items())
    assert Draft(6, "Page 6", image_share=1.0).condition == "empty"


def test_a_page_with_hidden_text_gets_no_second_opinion():
    assert Draft(1, "few", has_text_objects=True).is_suspicious
    assert not Draft(1, "few", has_text_objects=True, has_hidden=True).is_suspicious
    assert not Draft(1, "", has_text_objects=False).is_suspicious


def test_garbled_means_more_than_a_tenth():
    assert not is_garbled("a" * 90 + "\ufffd" * 9)
    assert is_garbled("a" * 80 + "\ufffd" * 20)
    assert is_garbled("\x01\x02")
    assert not is_garbled("")


def test_cleaned_text_can_be_stored():
    assert cleaned("a\r\nb\rc\x00\x07\x0cd\ud800\ufffee\tf") == "a\nb\ncd\ufffde\tf"


def test_what_cannot_be_seen_is_not_counted():
    assert visible_characters(" a\u200b\u00adb\ufeff\n") == 2
    assert is_blank(" \u200b\u2060\ufeff\t\n\x0c")
    assert not is_blank(" . ")
