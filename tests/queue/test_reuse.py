"""An identical file of the same owner is not analyzed twice, unless somebody asks for it."""

import signal

import pytest

from documents import events, queue, removal
from documents.models import Analysis, ModelCall, Page, Status, StatusEvent
from tests.conftest import statuses
from tests.engines import FirstWords, OneCall
from tests.programs import ended, program
from tests.queue.test_processes import is_finished, until
from tests.queue.test_recovery import expire

WHOLE_STORY = [Status.PENDING, Status.PROCESSING, Status.ANALYZING, Status.COMPLETED]
TEXT = "Repair the quay wall."


class Named(OneCall):
    """The same engine under another name, model or version of its prompt."""

    def __init__(self, **names):
        super().__init__()
        vars(self).update(names)


@pytest.fixture
def twins(upload, worker):
    """Two documents of the same bytes, one read before the other was uploaded."""
    engine = OneCall()
    documents = []
    for name in ("first.txt", "second.txt"):
        documents.append(upload(name, TEXT))
        worker(engine).work_once()
    for document in documents:
        document.refresh_from_db()
    assert engine.bought == 1
    return documents


def provenance(document):
    return document.current_analysis.result["provenance"]


def test_an_identical_file_costs_nothing_and_says_whose_result_it_shows(twins):
    first, second = twins
    source, copy = first.current_analysis, second.current_analysis
    assert copy.summary == source.summary == "Repair"
    assert provenance(second) == {
        **provenance(first),
        "calls": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "cost_usd": "0.0000",
        "reused_from": source.pk,
        "reused_from_document": str(first.pk),
    }
    assert (copy.calls, copy.input_tokens, copy.output_tokens, copy.cost_usd) == (0, 0, 0, 0)
    assert not ModelCall.objects.filter(document=second).exists()


def test_its_history_still_tells_the_whole_story(twins):
    _, second = twins
    assert statuses(second) == WHOLE_STORY
    assert StatusEvent.objects.of(second).last().reason == "reused"
    assert second.language == "en"


def test_quotes_stand_in_its_own_pages(twins):
    first, second = twins
    assert list(second.pages.values_list("number", "text")) == [(1, TEXT)]
    assert second.page_count == first.page_count == 1
    [point] = second.current_analysis.result["findings"]["key_points"]
    [quote] = point["evidence"]
    assert second.pages.get().text[quote["start"] : quote["end"]] == quote["quote"]


def test_it_survives_the_deletion_of_the_first(twins):
    first, second = twins
    removal.delete(first)
    assert second.current_analysis.summary == "Repair"
    assert second.pages.get().text == TEXT
    assert second.current_analysis.action_items.get().task == "Read Repair"


def test_asking_again_buys_again(twins, worker):
    _, second = twins
    queue.requeue(second)
    engine = OneCall()
    worker(engine).work_once()
    second.refresh_from_db()
    assert engine.bought == 1
    assert provenance(second)["reused_from"] is None
    assert second.analyses.count() == 2
    assert not second.wants_fresh


def test_asking_again_survives_the_death_of_a_worker(twins, worker):
    first, _ = twins
    queue.requeue(first)
    expire(queue.claim_next("dies"))
    queue.recover_expired()
    engine = OneCall()
    worker(engine).work_once()
    assert engine.bought == 1


def test_retrying_what_failed_is_asking_again(upload, worker):
    failed = upload(text=TEXT)
    queue.fail(queue.claim_next("w"), queue.failure("model_unavailable"))
    upload(text=TEXT)
    worker(OneCall()).work_once()
    queue.requeue(failed)
    engine = OneCall()
    worker(engine).work_once()
    assert engine.bought == 1


@pytest.mark.parametrize(
    "names",
    [{"name": "offline"}, {"model": "newer"}, {"prompt_version": "2"}],
    ids=["engine", "model", "prompt"],
)
def test_another_engine_model_or_prompt_analyzes_anew(names, upload, worker):
    upload(text=TEXT)
    worker(OneCall()).work_once()
    second = upload(text=TEXT)
    worker(Named(**names)).work_once()
    assert provenance(second)["reused_from"] is None


def test_another_language_analyzes_anew(alice, text_file, worker):
    from documents.uploads import intake

    for language in ("French", "French", "German"):
        intake.receive(alice, [text_file("notes.txt", TEXT)], output_language=language)
    engine = OneCall()
    while worker(engine).work_once():
        pass
    assert engine.bought == 2


def test_nobody_is_served_from_anothers_documents(upload, bob, worker):
    upload(text=TEXT)
    worker(OneCall()).work_once()
    bobs = upload(text=TEXT, owner=bob)
    engine = OneCall()
    worker(engine).work_once()
    assert engine.bought == 1
    assert provenance(bobs)["reused_from"] is None


def test_a_copy_serves_the_next_copy_when_the_first_is_gone(twins, upload, worker):
    first, second = twins
    removal.delete(first)
    third = upload(text=TEXT)
    engine = OneCall()
    worker(engine).work_once()
    assert engine.bought == 0
    assert provenance(third)["reused_from"] == second.current_analysis.pk


def test_pages_of_a_run_cut_off_give_way_to_those_of_the_analysis(upload, worker):
    first = upload(text=TEXT)
    worker(OneCall()).work_once()
    second = upload(text=TEXT)
    claimed = queue.claim_next("dies")
    Page.objects.create(document=second, number=1, text="Repaired", condition="read", engine="x")
    events.change(claimed, page_count=1)
    expire(claimed)
    queue.recover_expired()
    worker(OneCall()).work_once()
    assert list(second.pages.values_list("text", "engine")) == list(
        first.pages.values_list("text", "engine")
    )


def test_a_first_document_deleted_meanwhile_is_not_copied_in_part(upload, worker, monkeypatch):
    from documents.pipeline import reuse

    first = upload(text=TEXT)
    worker(OneCall()).work_once()
    second = upload(text=TEXT)
    found = reuse._earlier

    def deleted_after_it_was_found(document, engine):
        earlier = found(document, engine)
        removal.delete(first)
        return earlier

    monkeypatch.setattr(reuse, "_earlier", deleted_after_it_was_found)
    engine = OneCall()
    worker(engine).work_once()
    assert engine.bought == 1
    assert second.pages.get().text == TEXT
    assert provenance(second)["reused_from"] is None


def test_an_unreadable_file_fails_again(upload, worker):
    for _ in range(2):
        document = upload(text=" ")
        worker(FirstWords()).work_once()
        document.refresh_from_db()
        assert document.failure["code"] == "empty"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["before storing", "while storing", "after storing"])
def test_a_worker_killed_over_a_copy_leaves_one_whole_copy(step, upload, worker):
    upload(text=TEXT)
    worker(OneCall()).work_once()
    second = upload(text=TEXT)
    with program("worker", "--die", step) as killed:
        assert ended(killed)[0] == -signal.SIGKILL
    with program("worker"):
        until(lambda: is_finished(second))
    assert statuses(second)[-1] == Status.COMPLETED
    assert Analysis.objects.filter(document=second).count() == 1
    assert second.pages.count() == second.current_analysis.action_items.count() == 1
    assert ModelCall.objects.count() == 1


# What people and programs are told


def test_the_api_says_what_was_taken_over_from_where(twins, api):
    first, second = twins
    told = api.get(f"/documents/{second.pk}").json()["analysis"]["provenance"]
    assert told["reused_from"] == first.current_analysis.pk
    assert told["reused_from_document"] == str(first.pk)
    [version] = api.get(f"/documents/{second.pk}/analyses").json()["results"]
    assert version["provenance"] == told


def test_the_page_says_that_nothing_was_spent(twins, browser):
    first, second = twins
    assert "identical file" not in browser.get(f"/d/{first.pk}").content.decode()
    page = browser.get(f"/d/{second.pk}").content.decode()
    assert "identical file" in page
    assert f"/d/{first.pk}" in page
