"""What a model server has shown is known after a restart, until it is started with other limits."""

from datetime import timedelta

import pytest

from documents.models import ServerMemory, Status
from documents.operations import housekeeping
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from tests.model_server import StandIn
from tests.queue.test_model_servers import TEXT, engine


@pytest.fixture
def analyzed(upload, worker):
    """Each time by an engine that is new, as after a restart."""

    def analyze(model, number, /, **limits):
        document = upload(f"{number}.txt", f"{TEXT} This is number {number}.")
        fresh = engine(model, **limits)
        worker(fresh).work_once()
        document.refresh_from_db()
        assert document.status == Status.COMPLETED, document.failure
        return fresh

    return analyze


def test_a_restart_need_not_be_refused_again(analyzed):
    with StandIn("no_json_object") as model:
        analyzed(model, 1)
        refused = model.requests
        analyzed(model, 2)
        again = model.requests - refused
    assert (refused, again) == (3, 1)


def test_limits_are_known_after_a_restart(analyzed):
    with StandIn() as model:
        first = analyzed(model, 1)
        first.capabilities.limit_chunks(700)
        first.capabilities.counts.learn("latin", estimate=100, count=123)
        analyzed_again = analyzed(model, 2)
        assert analyzed_again.capabilities.known.chunk_tokens is None  # Nothing was kept of it yet.
        ServerMemory.objects.update(learned=first.learned())
        third = analyzed(model, 3)
    assert third.capabilities.known.chunk_tokens == 700
    assert third.capabilities.counts.ratio("latin") == 1.23


@pytest.mark.parametrize("changed", [{"model": "another"}, {"context_tokens": 9000}])
def test_another_model_or_limit_knows_nothing_of_it(changed, analyzed):
    with StandIn("no_json_object") as model:
        analyzed(model, 1)
        refused = model.requests
        analyzed(model, 2, **changed)
        assert model.requests - refused == 3
    assert ServerMemory.objects.count() == 2


def test_a_server_started_with_another_context_is_learned_anew(analyzed):
    with StandIn() as model:
        model.listed = {"max_model_len": 4096}
        assert analyzed(model, 1).capabilities.context_tokens == 4096
        model.listed = {"max_model_len": 32768}
        assert analyzed(model, 2).capabilities.context_tokens == 32768
        assert ServerMemory.objects.get().learned["context_tokens"] == 32768


def test_it_is_forgotten_after_a_week(analyzed):
    with StandIn("no_json_object") as model:
        analyzed(model, 1)
        kept = ServerMemory.objects.get()
        ServerMemory.objects.update(learned_at=kept.learned_at - timedelta(days=8))
        refused = model.requests
        analyzed(model, 2)
        assert model.requests - refused == 3
    ServerMemory.objects.update(learned_at=kept.learned_at - timedelta(days=8))
    assert housekeeping.old_server_memories() == 1


def test_no_address_and_no_key_is_kept(analyzed):
    with StandIn() as model:
        analyzed(model, 1)
    [row] = ServerMemory.objects.values()
    assert "127.0.0.1" not in str(row)
    assert "a-key" not in str(row)


def test_of_two_limits_the_lower_one_counts():
    mine, other = CapabilityMemory(), CapabilityMemory()
    mine.limit_chunks(500)
    other.limit_chunks(900)
    mine.recall(other.learned())
    assert mine.known.chunk_tokens == 500
