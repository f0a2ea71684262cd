"""The figures people are shown, held against what the model server itself has counted."""

import contextlib
from datetime import timedelta

import pytest
from django.utils import timezone

from documents.models import Document, ModelCall, OpenCircuit, Status, StatusEvent
from tests.model_server import StandIn
from tests.programs import program
from tests.queue.test_model_servers import engine
from tests.queue.test_processes import until

# How the server meets the requests of one document after the other, and how each call ends.
ADVENTURES = [
    (["ok"], ["answered"]),
    (["500", "ok"], ["failed", "answered"]),
    (["no_schema", "ok"], ["failed", "answered"]),
    (["not_json", "ok"], ["answered", "answered"]),
    (["disconnect", "ok"], ["unknown", "answered"]),
    (["hang", "ok"], ["unknown", "answered"]),
    (["404"], ["failed"]),
]


def test_what_is_told_adds_up_to_the_journal_of_the_server(upload, worker, api):
    with StandIn() as model:
        for number, (script, states) in enumerate(ADVENTURES):
            document = upload(text=f"The quay wall has {number} cracks.")
            model.script = list(script)
            worker(engine(model, deadline=2)).work_once()
            ended = ModelCall.objects.filter(document=document).order_by("id")
            assert list(ended.values_list("state", flat=True)) == states
        journal = model.journal
        # Before the end of the server, which answers the request that hangs to nobody.
        used = [entry["usage"] for entry in journal if "usage" in entry]
    rows = ModelCall.objects.filter(state=ModelCall.State.ANSWERED).order_by("id")
    heard = list(rows.values_list("input_tokens", "output_tokens"))
    assert heard == [(usage["prompt_tokens"], usage["completion_tokens"]) for usage in used]
    total = api.get("/usage").json()["total"]
    assert total["calls"] == len(journal)
    assert total["input_tokens"] == sum(usage["prompt_tokens"] for usage in used)
    assert total["output_tokens"] == sum(usage["completion_tokens"] for usage in used)
    assert (total["failed"], total["unknown"], total["intended"]) == (3, 2, 0)
    figures = [
        api.get(f"/documents/{document.pk}").json()["usage"] for document in Document.objects.all()
    ]
    for name in ("calls", "answered", "failed", "unknown", "input_tokens", "output_tokens"):
        assert sum(each[name] for each in figures) == total[name]


def test_an_analysis_tells_which_calls_came_to_nothing(upload, worker):
    document = upload()
    with StandIn() as model:
        model.script = ["500", "ok"]
        worker(engine(model)).work_once()
    provenance = document.current_analysis.result["provenance"]
    assert (provenance["calls"], provenance["calls_failed"]) == (1, 1)
    assert provenance["calls_unknown"] == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_slots_of_two_workers_turn_one_document_red_and_all_go_on_by_themselves(upload):
    documents = [upload(f"{n}.txt", f"The quay wall has {n} cracks.") for n in range(12)]
    with StandIn("401") as model, contextlib.ExitStack() as running:
        for _ in range(2):
            running.enter_context(
                program("worker", "--model-server", model.base_url, "--slots", 4, "--lease", 30)
            )
        until(lambda: OpenCircuit.objects.exists() and not Document.objects.running().exists())
        assert model.requests <= 8
        for _ in range(2):
            asked = model.requests
            a_minute_passes()
            model.wait_for(asked + 1, seconds=30)
            until(lambda: not Document.objects.running().exists())
            assert model.requests == asked + 1
        assert counted(documents) == {Status.FAILED: 1, Status.PENDING: 11}
        model.mode = "ok"
        a_minute_passes()
        until(lambda: counted(documents) == {Status.FAILED: 1, Status.COMPLETED: 11})
        assert ModelCall.objects.count() == model.requests
    assert not OpenCircuit.objects.exists()
    assert not StatusEvent.objects.filter(reason="worker_lost").exists()


def a_minute_passes():
    OpenCircuit.objects.update(probe_at=timezone.now() - timedelta(seconds=1))


def counted(documents):
    statuses = Document.objects.filter(pk__in=[d.pk for d in documents]).values_list("status")
    return {status: sum(s == (status,) for s in statuses) for (status,) in set(statuses)}
