"""Where sentences begin and end, in tidy text and in what PDFs make of it."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline import sentence_boundaries, sentences
from documents.pipeline.analysis.offline.sentences import HEADING, ITEM, TABLE

from .offline_reading import pages


def split(*texts):
    return list(sentences.read(pages(*texts)).texts())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two went.", ["One came.", "Two went."]),
        ("Dr. Maria came. He left.", ["Dr. Maria came.", "He left."]),
        ("J. Weber signed it.", ["J. Weber signed it."]),
        ("It costs 3.50 euros. Fine.", ["It costs 3.50 euros.", "Fine."]),
        ("Is it? Yes! Good.", ["Is it?", "Yes!", "Good."]),
        ("See e.g. the roof.", ["See e.g. the roof."]),
        ("The U.S. Senate met. It voted.", ["The U.S. Senate met.", "It voted."]),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("会议结束了。明天继续！好。", ["会议结束了。", "明天继续！", "好。"]),
        ("انتهى الاجتماع؟ نعم انتهى.", ["انتهى الاجتماع؟", "نعم انتهى."]),
        ("okay . um , so it goes . Right .", ["okay . um , so it goes .", "Right ."]),
    ],
)
def test_sentences_end_where_a_reader_would_say_so(text, expected):
    assert split(text) == expected


def test_a_line_broken_by_the_margin_goes_on():
    text = (
        "The caretaker explained that the boiler will probably last another two\n"
        "Winters, but the radiators are leaking in every single classroom now.\n"
    )
    assert len(split(text)) == 1


def test_a_list_is_one_sentence_per_item():
    assert split("- order keys\n- pay the bill\n- call Tom") == [
        "- order keys",
        "- pay the bill",
        "- call Tom",
    ]


def test_headings_items_and_rows_are_told_apart():
    found = sentences.read(pages("Quay wall\n\n- order the keys\n\nName | Due\n\nIt rained. So."))
    kinds = [found.kind(index) & (HEADING | ITEM | TABLE) for index in range(len(found))]
    assert kinds == [HEADING, ITEM, TABLE, 0, 0]


def test_headers_and_footers_are_left_out():
    bodies = ("The wall cracked.", "The board met again.", "The repair was paid.", "All is well.")
    texts = [
        f"Harbour Trust Annual Report\n\n{body}\n\nPage {number} of 4"
        for number, body in enumerate(bodies, start=1)
    ]
    assert split(*texts) == list(bodies)


def test_a_long_sentence_is_divided_at_its_clauses():
    clause = "the owner shall keep the wall in good repair at all times of the year and at any cost"
    parts = split(f"{clause}; {clause}; {clause}; {clause}; {clause}.")
    assert len(parts) == 5
    assert all(part.startswith("the owner") for part in parts)


def test_text_without_any_end_is_still_cut_to_size():
    assert max(map(len, split("word " * 5_000))) <= sentence_boundaries.LONGEST
    assert max(map(len, split("x" * 5_000))) <= sentence_boundaries.LONGEST


def test_every_letter_of_a_plain_text_is_in_some_sentence():
    text = "One came. Two went; three stayed.\n\nHeading\n- item\n" + "long " * 300
    assert "".join("".join(split(text)).split()) == "".join(text.split())


def test_a_quote_leaves_its_bullet_out_but_not_an_initial():
    found = sentences.read(pages("- order keys\n\n(a) Pay the bill.\n\nJ. Weber signed it."))
    quotes = [found.without_bullet(index).quote for index in range(len(found))]
    assert quotes == ["order keys", "Pay the bill.", "J. Weber signed it."]
