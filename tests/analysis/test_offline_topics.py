"""Topics: whole words and whole names, as they are mostly spelt, and none that name nothing."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline import people, sentences, topic_phrases, topics
from documents.pipeline.analysis.offline.language import stop_words
from documents.pipeline.analysis.offline.topic_phrases import unspaced

from .duties.reading import papers
from .offline_reading import analyze, pages


def labels(text, language="en"):
    read = sentences.read(pages(text))
    found = topics.find(read, stop_words(language), people.names_in(read))
    return [topic.label for topic in found]


@pytest.mark.parametrize("half", ["working", "held_out"])
def test_topics_that_name_nothing_or_are_cut_never_come_out(half):
    for paper in papers(half, "topics"):
        refused = {word.strip() for word in paper.below[1].partition(":")[2].split("|")}
        assert not refused & set(labels(paper.text, paper.language)), paper.name


@pytest.mark.parametrize("half", ["working", "held_out"])
def test_four_of_five_topics_that_are_wanted_come_out(half):
    wanted = found = 0
    for paper in papers(half, "topics"):
        want = [word.strip() for word in paper.below[0].partition(":")[2].split("|")]
        named = " | ".join(labels(paper.text, paper.language)).casefold()
        wanted, found = wanted + len(want), found + sum(w.casefold() in named for w in want)
    assert found >= 0.8 * wanted


def test_a_name_is_never_cut():
    name = "North Quay Blue Heron Trust"
    text = f"We run the {name} here. They run the {name} there. Nobody ran the {name} then."
    assert name in labels(text)
    counted = topic_phrases.tally(sentences.read(pages(text)), stop_words("en")).phrases
    assert not [phrase for phrase in counted if phrase in name.lower() and phrase != name.lower()]


def test_cells_of_a_row_make_no_phrase_and_its_head_no_topic():
    text = "Task\tOwner\tDue\nRiver bank\tAna\t3 March\nRiver bank\tBen\t9 March\n"
    assert labels(text) == ["River bank"]


def test_the_commonest_whole_spelling_is_shown():
    text = "Blue heron\n\nWe saw a blue heron. They fed the blue heron. The BLUE HERON slept."
    assert labels(text)[0] == "blue heron"


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("L'horloge tourne. On répare l'horloge. Il aime l'horloge.", "fr", "horloge"),
        ("Nell'acqua vive. L'acqua sale. Bevi dell'acqua.", "it", "acqua"),
        ("The airplane's door. An airplane lands. That airplane's wing.", "en", "airplane"),
    ],
)
def test_articles_and_possessives_are_split_off(text, language, topic):
    assert topic in labels(text, language)


@pytest.mark.parametrize("word", ["don't", "we'll", "Freitag", "März", "marzo", "send", "Herr"])
def test_days_months_courtesies_and_contractions_name_nothing(word):
    assert word not in labels(
        f"The ferry and {word} leave. A ferry and {word} come. Ferry, {word}!"
    )


def test_lines_of_a_mail_header_name_nothing_but_their_subject():
    text = "From: Quentin\nTo: Quentin\nSubject: Ferry timetable\n\nThe ferry timetable is new."
    assert labels(text) == ["ferry timetable"]


def test_katakana_is_never_cut_and_compounds_stay_whole():
    assert list(unspaced("ディストリビューションセンター")) == ["ディストリビューションセンター"]
    assert "プログラミング教室" in list(unspaced("プログラミング教室が開かれた"))


def test_topics_are_quoted_where_they_stand_first():
    findings = analyze("The ferry timetable changed. The ferry timetable is on the pier.")
    assert findings.topics[0].evidence[0].start == 4
