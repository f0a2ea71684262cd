"""Model servers of every mood, and what is bought when a worker dies at one of them."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from documents import circuit_breaker
from documents.models import ModelCall, Status
from documents.pipeline.analysis import ModelServer, build_engine
from documents.worker import Worker
from tests.faults import rig, sanity
from tests.faults.rig import until
from tests.model_server import StandIn
from tests.programs import ended

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "The committee met in May. Maria Lopez must send the survey to the insurer by 20 March 2026."
FINE = "ok lying fenced think prose doubled_keys trailing_comma no_schema no_json_object reasoning"
BAD = (
    "429 500 503 quota 400 401 403 404 408 409 422 redirect refusal content_filter empty_choices "
    "no_finish_reason empty_content wrong_schema not_json bad_json html200 huge disconnect"
)


@pytest.mark.row(
    "a model server of each of 33 moods",
    "a stand-in server on the loopback, real HTTP, the real engine",
    "completed or failed with words for its owner, two requests at most for each shape of the "
    "question, and the next document is analyzed as ever",
)
@pytest.mark.parametrize("mode", [*FINE.split(), *BAD.split()])
def test_a_model_server_in_a_mood(mode: Any, upload: Any) -> None:
    strange = upload(text=TEXT)
    with StandIn(mode) as model:
        server = ModelServer(model.base_url, "a-key", deadline=5.0, retry_pause=0.01)
        me = Worker(slots=1, engine=build_engine("openai", server))
        me.work_once()
        strange.refresh_from_db()
        assert model.requests <= 6
        assert strange.status == (Status.COMPLETED if mode in FINE.split() else Status.FAILED)
        if strange.status == Status.FAILED:
            assert strange.failure["detail"]
            assert strange.failure["advice"]
        sanity.assert_sane(settled=True)
        model.mode = "ok"
        # As `manage.py resume` does, where a rejected key opened the circuit.
        circuit_breaker.probe_now()
        healthy = upload(text=TEXT + " Again.")
        while me.work_once():
            pass
    healthy.refresh_from_db()
    assert healthy.status == Status.COMPLETED
    sanity.assert_sane(settled=True)


@pytest.mark.row(
    "kill -9 of a worker while the model thinks, three times",
    "a stand-in server that hangs",
    "each kill costs one call at most; the document fails after three with `worker_lost`",
)
def test_three_workers_die_at_a_hanging_model(worker: Any, upload: Any) -> None:
    document = upload(text=TEXT)
    with StandIn("hang") as model:
        for times in (1, 2, 3):
            killed = worker("--model-server", model.base_url)
            model.wait_for(times, seconds=30)
            killed.send_signal(signal.SIGKILL)
            ended(killed)
        model.mode = "ok"
        worker("--model-server", model.base_url)
        until(rig.all_finished)
        assert model.requests == 3
    document.refresh_from_db()
    assert document.failure["code"] == "worker_lost"
    assert set(ModelCall.objects.values_list("state", flat=True)) <= {"unknown", "intended"}
    sanity.assert_sane(settled=True)
