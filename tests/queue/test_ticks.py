"""A task that was done stays done when its document is analyzed again."""

import pytest

from documents import queue
from documents.models import ActionItem, Status
from documents.pipeline import ticks
from documents.pipeline.analysis import ActionItem as Found
from documents.pipeline.analysis import Evidence
from documents.results import result_json
from tests.engines import FirstWords

TEXT = "Ana writes to the school, Ben asks two roofers. Carla pays the bill by Friday. Ana rests."


class Told(FirstWords):
    """Finds the tasks it was told to: (words, quote, assignee)."""

    def __init__(self, *tasks):
        self.tasks = tasks

    def analyze(self, pages, **how):
        findings = super().analyze(pages, **how)
        findings.actionable_items = [found(pages[0].text, *task) for task in self.tasks]
        return findings


def found(text, task, quote, assignee=None):
    start = text.find(quote)
    evidence = [Evidence(1, start, start + len(quote), quote, "verbatim")]
    return Found(task, assignee, None, None, "unspecified", evidence)


SCHOOL = ("Write to the school", "Ana writes to the school, Ben asks two roofers.", "Ana")
ROOFERS = ("Ask two roofers", "Ana writes to the school, Ben asks two roofers.", "Ben")
BILL = ("Pay the bill", "Carla pays the bill by Friday.", "Carla")


@pytest.fixture
def analyzed(upload, worker):
    """A document after an analysis that found these tasks; called again, after one more."""
    document = upload("minutes.txt", TEXT)

    def analyze(*tasks):
        document.refresh_from_db()
        if document.status == Status.COMPLETED:
            queue.requeue(document)
        worker(Told(*tasks)).work_once()
        document.refresh_from_db()
        assert document.status == Status.COMPLETED
        return document

    return analyze


def item(document, task):
    return document.current_analysis.action_items.get(task=task)


def done(document):
    return {row.task for row in document.current_analysis.action_items.all() if row.done}


def gone(document):
    findings = result_json(document.current_analysis)["findings"]
    return [task["task"] for task in findings["ticked_before"]]


def test_what_was_done_is_done_in_the_next_analysis(analyzed):
    ticks.tick(item(analyzed(SCHOOL, BILL), "Pay the bill"), done=True)
    document = analyzed(BILL, SCHOOL)
    assert done(document) == {"Pay the bill"}
    assert gone(document) == []


def test_a_task_in_other_words_is_known_by_its_place(analyzed):
    ticks.tick(item(analyzed(BILL), "Pay the bill"), done=True)
    other = ("Carla must pay the bill", "pays the bill by Friday", "Carla")
    assert done(analyzed(other)) == {"Carla must pay the bill"}


def test_of_two_tasks_in_one_sentence_only_the_one_that_was_done_is_done(analyzed):
    ticks.tick(item(analyzed(SCHOOL, ROOFERS), "Ask two roofers"), done=True)
    again = [
        ("Ben should ask two roofers", *ROOFERS[1:]),
        ("Write a letter to school", *SCHOOL[1:]),
    ]
    assert done(analyzed(*again)) == {"Ben should ask two roofers"}


def test_another_task_at_the_same_place_is_not_done(analyzed):
    ticks.tick(item(analyzed(SCHOOL), "Write to the school"), done=True)
    document = analyzed(ROOFERS)
    assert done(document) == set()
    assert gone(document) == ["Write to the school"]


def test_the_same_words_for_another_person_elsewhere_are_another_task(analyzed):
    ticks.tick(item(analyzed(("Rest", "Ana rests.", "Ana")), "Rest"), done=True)
    document = analyzed(("Rest", "Carla pays the bill by Friday.", "Carla"))
    assert done(document) == set()
    assert gone(document) == ["Rest"]


def test_what_is_not_found_again_is_kept_until_it_is(analyzed):
    ticks.tick(item(analyzed(SCHOOL, BILL), "Pay the bill"), done=True)
    assert gone(analyzed(SCHOOL)) == ["Pay the bill"]
    assert gone(analyzed(SCHOOL)) == ["Pay the bill"]
    document = analyzed(SCHOOL, BILL)
    assert done(document) == {"Pay the bill"}
    assert gone(document) == []


def test_a_task_that_is_open_again_stays_open(analyzed):
    pay = item(analyzed(BILL), "Pay the bill")
    ticks.tick(pay, done=True)
    ticks.tick(pay, done=False)
    document = analyzed(BILL)
    assert (done(document), gone(document)) == (set(), [])


def test_a_tick_on_a_page_of_the_analysis_before_is_set_in_the_newest(analyzed):
    before = item(analyzed(SCHOOL, BILL), "Pay the bill")
    document = analyzed(BILL, SCHOOL)
    ticks.tick(before, done=True)
    assert done(document) == {"Pay the bill"}
    ticks.tick(before, done=False)
    assert done(document) == set()


def test_the_same_file_again_takes_the_ticks_of_its_twin_along(upload, worker):
    documents = []
    for name in ("first.txt", "second.txt"):
        documents.append(upload(name, TEXT))
        worker(Told(SCHOOL, BILL)).work_once()
        ActionItem.objects.filter(task="Pay the bill").update(done=True)
    assert done(documents[1]) == {"Pay the bill"}


def test_a_twin_whose_tasks_are_open_shows_nothing_as_done(upload, worker):
    documents = []
    for name in ("first.txt", "second.txt"):
        documents.append(upload(name, TEXT))
        worker(Told(SCHOOL, BILL)).work_once()
    assert done(documents[1]) == set()
    assert gone(documents[1]) == []
