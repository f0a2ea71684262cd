"""Patterns composed from word lists."""

from __future__ import annotations

import re

import pytest

from documents.pipeline.analysis.offline.patterns import any_space, either, one_of


@pytest.mark.parametrize("text", ["do not", "don't", "don’t", "e.g.", "to-do"])
def test_every_phrase_of_a_list_is_matched_as_it_is_written(text):
    assert re.fullmatch(one_of("do not, don't, e.g., to-do"), text)


@pytest.mark.parametrize("text", ["", "do", "egg.", "e.g", "todo", "do not, don't"])
def test_nothing_but_the_phrases_of_a_list_is_matched(text):
    assert not re.fullmatch(one_of("do not, don't, e.g., to-do"), text)


def test_phrases_are_tried_in_the_order_of_the_list():
    assert re.match(one_of("action items, action"), "action items").group() == "action items"
    assert re.match(one_of("action, action items"), "action items").group() == "action"


def test_a_list_may_be_broken_anywhere_between_words():
    assert one_of("next\n    steps,\n    tasks") == one_of("next steps, tasks")


def test_a_space_stands_for_any_white_space():
    assert any_space(f"{one_of('as soon as')} possible").fullmatch("as soon\nas   possible")


def test_either_keeps_its_alternatives_together():
    assert re.fullmatch(f"{either('a', 'b')}c", "ac")
    assert not re.fullmatch(f"{either('a', 'b')}c", "a")
