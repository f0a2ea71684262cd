"""Marks in front of a request, the genre of a text, and where the search stands in it."""

from __future__ import annotations

from operator import attrgetter

import pytest

from documents.pipeline.analysis.offline import sentences
from documents.pipeline.analysis.offline.actions import genre, peeling, position
from documents.pipeline.analysis.offline.actions.genre import Genre
from documents.pipeline.analysis.offline.actions.marks import BULLETS, MARKED, SIGNALS
from documents.pipeline.analysis.offline.actions.position import Position
from documents.pipeline.analysis.offline.people import People

from .offline_reading import analyze, pages


@pytest.fixture
def here():
    return Position(People(), Genre.WORKING_PAPER, is_transcript=False)


@pytest.mark.parametrize("mark", [*BULLETS, *SIGNALS], ids=attrgetter("name"))
def test_a_mark_is_peeled_off_its_example(mark, here):
    sentence, task, who = mark.example
    peeled = peeling.peel(sentence, here, is_item=False)
    assert sentence[peeled.begin :] == task
    assert (peeled.worth, peeled.who) == (mark.worth, who)


def test_marks_add_up(here):
    peeled = peeling.peel("- [ ] Action 3: Tom: order new keys", here, is_item=True)
    assert peeled.who == "Tom"
    assert peeled.worth == MARKED + MARKED + peeling.LABELLED_IN_A_LIST


@pytest.mark.parametrize(
    "source", ["Order new keys", "See the TODO list", "The task: order new keys", "Note: it rained"]
)
def test_what_carries_no_mark_is_left_whole(source, here):
    assert peeling.peel(source, here, is_item=False) == peeling.Peeled()


@pytest.mark.parametrize(
    ("label", "who"),
    [
        ("Tom: ", "Tom"),
        ("@Tom -> ", "Tom"),
        ("Tom/Maria: ", "Tom/Maria"),
        ("Ines Okafor, Tom and Maria – ", "Ines Okafor, Tom and Maria"),
        ("Everyone: ", "Everyone"),
    ],
)
def test_a_name_before_a_task_is_who_does_it(label, who, here):
    peeled = peeling.peel(f"{label}order new keys", here, is_item=False)
    assert (peeled.who, peeled.worth, peeled.begin) == (who, peeling.LABELLED, len(label))


def test_in_a_conversation_a_name_and_a_colon_only_say_who_speaks(here):
    here.is_transcript, here.speaker = True, "Anna"
    peeled = peeling.peel("Anna: I'll order new keys", here, is_item=False)
    assert (peeled.begin, peeled.who, peeled.worth) == (len("Anna: "), None, 0.0)
    assert here.people_here().author == "Anna"


DESCRIPTION = "The pier was built in 1960. Its traffic has grown by a tenth each year. " * 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{DESCRIPTION}\n\nKind regards,\nMaria", Genre.MAIL),
        (f"Minutes of the meeting\n\n{DESCRIPTION}", Genre.WORKING_PAPER),
        ("- the keys\n- the pump\n- the gate\n" * 5, Genre.WORKING_PAPER),
        ("Anna: It rained.\nBen: It did.\n" * 8, Genre.WORKING_PAPER),
        ("The pier was built in 1960. It is old.", Genre.WORKING_PAPER),
        (DESCRIPTION, Genre.REPORT),
    ],
)
def test_a_genre_is_told(text, expected):
    assert genre.tell(sentences.read(pages(text))) is expected


def test_a_section_of_actions_ends_with_the_next_heading():
    text = (
        f"Minutes\n\n{DESCRIPTION}\n\nNext steps\n\n- New keys for the gate by Friday\n\n"
        "Background\n\n- New roof for the shed by Friday"
    )
    assert [action.task for action in analyze(text).actionable_items] == ["New keys for the gate"]


def test_the_title_of_a_section_of_actions_is_no_action():
    found = sentences.read(pages("Action items\n\nIt rained."))
    assert position.opens_action_section(found.kind(0), found.source(0))
    assert not analyze("Action items\n\nIt rained.").actionable_items
