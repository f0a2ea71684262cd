"""The whole way of a document through the real engine, against model servers of every mood."""

import signal

import pytest

from documents import events
from documents.models import Analysis, ModelCall, Status
from documents.pipeline import process
from documents.pipeline.analysis import ModelServer, build_engine
from documents.pipeline.analysis.model import scheduler
from tests.conftest import statuses
from tests.model_server import StandIn
from tests.programs import ended, program
from tests.queue.test_processes import is_finished, until

TEXT = "The committee met in May. Maria Lopez must send the survey to the insurer by 20 March 2026."


def engine(model, **limits):
    limits = {"deadline": 2.0, "retry_pause": 0.01} | limits
    return build_engine("openai", ModelServer(model.base_url, "a-key", **limits))


def processed(upload, worker, model, **limits):
    document = upload(text=TEXT)
    worker(engine(model, **limits)).work_once()
    document.refresh_from_db()
    return document


def test_a_document_is_analyzed_by_a_model_with_quotes_that_stand_in_it(upload, worker):
    with StandIn() as model:
        document = processed(upload, worker, model)
    assert statuses(document)[-1] == Status.COMPLETED
    analysis = document.current_analysis
    assert (analysis.engine, analysis.calls) == ("openai", 1)
    assert analysis.cost_usd > 0
    page = document.pages.get()
    for point in analysis.result["findings"]["key_points"]:
        for evidence in point["evidence"]:
            assert page.text[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert ModelCall.objects.get().state == ModelCall.State.ANSWERED


@pytest.mark.parametrize(
    ("mode", "requests", "code"),
    [
        ("500", 2, "model_unavailable"),
        ("503", 2, "model_unavailable"),
        ("429", 2, "model_unavailable"),
        ("disconnect", 2, "model_unavailable"),
        ("401", 1, "key_rejected"),
        ("403", 1, "key_rejected"),
        ("quota", 1, "quota_exhausted"),
        ("404", 1, "model_not_found"),
        ("refusal", 1, "model_refused"),
        ("content_filter", 1, "model_refused"),
        ("html200", 2, "invalid_answer"),
        ("bad_json", 2, "invalid_answer"),
        ("wrong_schema", 2, "invalid_answer"),
        ("empty_choices", 2, "invalid_answer"),
        ("no_finish_reason", 2, "invalid_answer"),
        ("huge", 2, "invalid_answer"),
    ],
)
def test_a_model_server_that_fails_fails_the_document_not_the_worker(
    mode, requests, code, upload, worker
):
    with StandIn(mode) as model:
        document = processed(upload, worker, model)
        assert model.requests == requests
    assert (document.status, document.failure["code"]) == (Status.FAILED, code)
    assert document.failure["retryable"]
    assert not ModelCall.objects.filter(state=ModelCall.State.INTENDED).exists()


@pytest.mark.parametrize("mode", ["hang", "drip", "drip_headers"])
def test_a_model_server_that_never_ends_is_left_at_the_deadline(mode, upload, worker):
    with StandIn(mode) as model:
        document = processed(upload, worker, model, deadline=0.4)
    assert document.failure["code"] == "model_unavailable"
    assert set(ModelCall.objects.values_list("state", flat=True)) == {ModelCall.State.UNKNOWN}


def test_a_lying_model_shows_nothing_as_verified(upload, worker):
    with StandIn("lying") as model:
        document = processed(upload, worker, model)
    findings = document.current_analysis.result["findings"]
    assert (findings["key_points"], findings["actionable_items"]) == ([], [])
    assert findings["unverified"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_the_model_thinks_costs_one_call(upload):
    document = upload(text=TEXT)
    with StandIn("hang") as model:
        with program("worker", "--model-server", model.base_url) as killed:
            model.wait_for(1, seconds=30)
            killed.send_signal(signal.SIGKILL)
            ended(killed)
        model.mode = "ok"
        with program("worker", "--model-server", model.base_url):
            until(lambda: is_finished(document))
        assert model.requests == 2
    assert statuses(document)[-1] == Status.COMPLETED
    assert list(ModelCall.objects.values_list("state", flat=True)) == ["unknown", "answered"]
    assert Analysis.objects.count() == 1


def test_waiting_for_a_model_tells_nothing_twice(upload, worker, monkeypatch):
    """The engine looks every moment whether the claim still holds; that is no progress."""
    monkeypatch.setattr(process, "PROGRESS_INTERVAL", 0.0)
    monkeypatch.setattr(scheduler, "TICK", 0.01)
    with StandIn() as model:
        model.delay = 0.3
        document = upload(text=TEXT)
        told = []
        monkeypatch.setattr(events, "progress", lambda document, **step: told.append(step))
        worker(engine(model)).work_once()
    document.refresh_from_db()
    assert document.status == Status.COMPLETED
    analyzing = [step["done"] for step in told if step["step"] == "analyzing"]
    assert analyzing == [0, 1]
