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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("N\bNA\bAM\bME\bE of it", "NAME of it"),
        ("_\bl_\bs and l\b_s\b_", "ls and ls"),
        ("N\bN\bN\bN once", "N once"),
        ("_\bN\bN both", "N both"),
        ("word\b\b\b\b____ ends", "word ends"),
        ("teh\b\bhe end", "the end"),
        ("ab\b \b c", "a c"),
        ("\b\bone\n\b\btwo", "one\ntwo"),
        ("500\b\b\b500 euros", "500 euros"),
        ("\x1b[31mERROR\x1b[0m: full", "ERROR: full"),
        ("\x1b[1;38;5;196mRed\x1b[m\x1b[K", "Red"),
        ("\x1b]0;a title\x07ok", "ok"),
        ("\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b7\x1b[2J\x1b(B5 done\x1b8", "5 done"),
        ("o\x1bice", "oice"),
        ("a [31m that is printed", "a [31m that is printed"),
    ],
)
def test_what_is_written_for_terminals_and_printers_is_read_as_shown(text, shown):
    assert cleaned(text) == shown


def test_striking_twice_takes_time_with_the_length_of_the_text():
    assert cleaned("N\bN" * 200_000) == "N" * 200_000
    assert cleaned("a" * 50_000 + "\b" * 50_000 + "b" * 50_000) == "b" * 50_000
    assert cleaned("\x1b[" * 100_000).count("[") == 100_000
