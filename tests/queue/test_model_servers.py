"""The whole way of a document through the real engine, against model servers of every mood."""

import signal

import pytest

from documents import circuit_breaker, events, queue
from documents.models import Analysis, ModelCall, OpenCircuit, Status
from documents.pipeline import process
from documents.pipeline.analysis import ModelServer, build_engine
from documents.pipeline.analysis.model import scheduler
from tests.conftest import statuses
from tests.model_server import StandIn
from tests.programs import ended, program
from tests.queue.test_processes import is_finished, until

TEXT = "The committee met in May. Maria Lopez must send the survey to the insurer by 20 March 2026."


def engine(model, /, **limits):
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


def test_one_bad_chunk_of_nine_is_completed_with_its_pages_named(upload, worker):
    pages = [f"Page {n} tells of matter {n * 7} and of nothing else. " * 20 for n in range(1, 10)]
    with StandIn() as model:
        model.script = ["ok"] * 4 + ["not_json"] * 2
        limited = engine(model, chunk_tokens=300, calls_at_once=1, deadline=20.0)
        first, again = (upload(f"{n}.txt", "\f".join(pages)) for n in (1, 2))
        worker(limited).work_once()
        paid = model.requests
        worker(limited).work_once()
    first.refresh_from_db()
    assert first.status == Status.COMPLETED
    coverage = first.current_analysis.coverage
    assert coverage["not_read"] == [{"page": 5, "reason": "no_usable_answer"}]
    assert (coverage["pages_read"], coverage["pages_total"]) == (8, 9)
    assert paid == 9 + 1 + 1  # The bad one twice, and the summary.
    # An identical file is no reason to keep the gap.
    assert again.current_analysis.coverage["not_read"] == []
    assert again.current_analysis.result["provenance"]["reused_from"] is None


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
    assert document.failure["code"] == "model_too_slow"
    assert "0.4 s (ATOM_MODEL_DEADLINE)" in document.failure["detail"]
    assert set(ModelCall.objects.values_list("state", flat=True)) == {ModelCall.State.UNKNOWN}


def test_a_server_too_slow_for_a_small_document_pauses_the_line(upload, worker):
    """One document has waited for the deadline, not each of them."""
    first, second = upload("1.txt", TEXT), upload("2.txt", TEXT)
    with StandIn("hang") as model:
        busy = worker(engine(model, deadline=0.3))
        assert busy.work_once()
        assert not busy.work_once()
        assert model.requests == 2
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.status, second.status) == (Status.FAILED, Status.PENDING)
        circuit = OpenCircuit.objects.get()
        assert "within 0.3 s (ATOM_MODEL_DEADLINE)" in circuit.in_words()
        model.mode = "ok"
        circuit_breaker.probe_now()
        assert busy.work_once()
    second.refresh_from_db()
    assert second.status == Status.COMPLETED
    assert not OpenCircuit.objects.exists()


def test_an_unknown_model_pauses_the_line_and_the_banner_lists_what_is_offered(upload, worker):
    document = upload("1.txt", TEXT)
    with StandIn("404") as model:
        model.listed = {"id": "llama3.3:70b"}
        worker(engine(model, model="gpt-9")).work_once()
    document.refresh_from_db()
    assert document.failure["code"] == "model_not_found"
    told = OpenCircuit.objects.get().in_words()
    assert "does not know the model gpt-9, which ATOM_MODEL names" in told
    assert "It offers: llama3.3:70b." in told


def test_a_model_chosen_for_one_document_pauses_nobody_else(upload, worker, settings):
    settings.ANALYSIS_ENGINE, settings.ATOM_OTHER_MODELS = "openai", ("large",)
    document, other = upload("1.txt", TEXT), upload("2.txt", f"{TEXT} Again.")
    with StandIn() as model:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = model.base_url, "a-key"
        model.script = ["ok", "ok", "404"]
        reader = worker(engine(model))
        assert reader.work_once()
        assert reader.work_once()
        queue.requeue(document, engine="large")
        assert reader.work_once()
    document.refresh_from_db()
    other.refresh_from_db()
    assert (document.status, other.status) == (Status.FAILED, Status.COMPLETED)
    assert document.failure["code"] == "model_not_found"
    assert "the model large, which ATOM_OTHER_MODELS names" in document.failure["detail"]
    assert "ATOM_MODEL" not in document.failure["advice"]
    assert not OpenCircuit.objects.exists()


def test_a_late_long_document_is_asked_again_in_parts(upload, worker):
    document = upload(text=f"{TEXT} " * 300)
    with StandIn() as model:
        model.script = ["hang"]
        worker(engine(model, deadline=1.0)).work_once()
        assert model.requests > 2
    document.refresh_from_db()
    assert document.status == Status.COMPLETED
    assert not OpenCircuit.objects.exists()


def test_pages_nobody_can_vouch_for_are_not_counted_as_read(upload, worker):
    document = upload(text=f"{TEXT} " * 100)
    with StandIn("uncounted_cut") as model:
        model.context_tokens = 2_048
        worker(engine(model)).work_once()
    document.refresh_from_db()
    coverage = document.current_analysis.result["coverage"]
    assert (coverage["pages_read"], coverage["unverified"]) == (0, [1, 2, 3])


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
