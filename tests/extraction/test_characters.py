"""Characters as a reader would type them: composed, and without what nobody sees."""

import pytest

from documents.pipeline.extraction.letters.characters import cleaned, is_garbled

MAN, WOMAN = "\U0001f468", "\U0001f469"


@pytest.mark.parametrize(
    ("text", "composed"),
    [
        ("Mu\u0308ller", "Müller"),
        ("Vie\u0323\u0302t", "Vi\u1ec7t"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("か\u3099", "が"),
        ("c\u030cesky\u0301", "český"),
        ("x\u0304", "x\u0304"),
    ],
)
def test_letters_and_their_accents_become_one_character(text, composed):
    assert cleaned(text) == composed


@pytest.mark.parametrize("text", ["\u212b", "\ufa30", "क\u093c", "\u0958", "ﬁ", "①", "½"])
def test_no_other_character_is_replaced(text):
    assert cleaned(f"ü {text} e\u0301") == f"ü {text} é"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("re\u00adport", "report"),
        ("re\u00ad\nport", "report"),
        ("se\u200bnd", "send"),
        ("Fri\u2060day", "Friday"),
        ("bo\u200dard", "board"),
        ("Auf\u200clage", "Auflage"),
        ("\ufeffPlease", "Please"),
        ("Гор\u200bод", "Город"),
    ],
)
def test_invisible_characters_do_not_part_words(text, seen):
    assert cleaned(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क्\u200dष",
        "ශ්\u200dරී",
        f"{MAN}\u200d{WOMAN}\u200d{MAN}",
        "❤\ufe0f\u200d\U0001f525",
        "ภาษา\u200bไทย",
        "葛\U000e0100",
    ],
)
def test_scripts_and_emoji_keep_the_joiners_they_need(text):
    assert cleaned(text) == text


def test_a_lone_surrogate_is_a_lost_letter():
    assert cleaned("a\ud800b") == "a\ufffdb"


def test_a_page_of_lost_letters_is_garbled_and_a_few_are_not():
    assert is_garbled("\ufffd" * 3 + "a" * 10)
    assert not is_garbled("\ufffd" * 3 + "a" * 100)
