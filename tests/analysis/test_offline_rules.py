"""The rules for action items: each row of a table reads its own example."""

from __future__ import annotations

from operator import attrgetter

import pytest

from documents.pipeline.analysis.offline.actions import prefilter, rules
from documents.pipeline.analysis.offline.actions.doubts import DOUBTS, doubt
from documents.pipeline.analysis.offline.actions.parties import Parties
from documents.pipeline.analysis.offline.actions.rules import RULES
from documents.pipeline.analysis.offline.people import People

every_rule = pytest.mark.parametrize("rule", RULES, ids=attrgetter("name"))
every_doubt = pytest.mark.parametrize("row", DOUBTS, ids=attrgetter("name"))


@pytest.mark.parametrize("table", [RULES, DOUBTS])
def test_every_row_has_a_name_and_an_example_of_its_own(table):
    assert len({row.name for row in table}) == len(table)
    assert len({row.example for row in table}) == len(table)


@every_rule
def test_a_rule_reads_its_example(rule):
    (candidate,) = rules.read(rule, rule.example.sentence, People())
    assert rule.example.sentence[candidate.start :] == rule.example.task
    assert candidate.who == rule.example.who
    assert candidate.worth == rule.worth


@every_rule
def test_no_other_rule_reads_the_example_more_surely(rule):
    (mine,) = rules.read(rule, rule.example.sentence, People())
    found = rules.candidates(
        rule.example.sentence, People(), is_item=True, parties=Parties(rule.language)
    )
    assert mine.worth == max(each.worth for each in found if each.start == mine.start)


@every_rule
def test_a_rule_reads_its_example_across_lines(rule):
    broken = rule.example.sentence.replace(" ", "\n")
    (candidate,) = rules.read(rule, broken, People())
    assert broken[candidate.start :].split() == rule.example.task.split()
    assert candidate.who == rule.example.who


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("somebody will", "Farmers will send it"),
        ("somebody will", "Maria will need it"),
        ("somebody to", "Maria to the left"),
        ("I will", "I will do that"),
        ("we will", "We will continue"),
        ("will or must, with the subject left out", "To be confirmed"),
        ("passive", "The wall was to be repaired"),
        ("please", "Please find attached the slides"),
        ("let us", "Let's move on"),
        ("order", "Report of the treasurer"),
        ("order", "See you at the weekend"),
        ("order that may be a noun", "Report for May"),
        ("order that may be a noun, in a list", "Report from the treasurer"),
    ],
)
def test_a_rule_leaves_alone_what_asks_for_nothing(name, sentence):
    (rule,) = (rule for rule in RULES if rule.name == name)
    assert not list(rules.read(rule, sentence, People()))


@every_rule
def test_the_prefilter_lets_the_example_of_a_rule_pass(rule):
    assert prefilter.may_ask(rule.example.sentence, rule.language)


def test_a_noun_is_read_as_an_order_in_lists_only():
    assert list(rules.candidates("Label boxes", People(), is_item=True))
    assert not list(rules.candidates("Label boxes", People(), is_item=False))


def test_who_is_called_by_name_is_asked_and_more_surely():
    (candidate,) = rules.candidates("Tom, let me know by May", People(), is_item=False)
    assert (candidate.who, candidate.worth) == ("Tom", pytest.approx(1.1 + 0.6))


def test_who_says_i_is_the_author():
    (candidate,) = rules.candidates("I will book the hotel", People(author="Hanna"), is_item=False)
    assert candidate.who == "Hanna"


@every_doubt
def test_a_doubt_is_raised_by_its_example(row):
    assert doubt(row.example) == row.worth


def test_doubts_add_up_and_a_plain_request_raises_none():
    assert doubt("“Feel free to send it,” said Tom. It might rain.") == 1.5 + 1.0 + 1.0
    assert doubt("Please send the keys.") == 0
