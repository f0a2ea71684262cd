"""What is learned of a server holds for all documents an engine reads, and for no other engine."""

import sys
import threading

import pytest

from documents.pipeline.analysis import ModelServer
from documents.pipeline.analysis.model.capabilities import CapabilityMemory, ServerCapabilities
from documents.pipeline.analysis.model.engine import OpenAIEngine
from tests.analysis.conftest import PAGES

BEST = ServerCapabilities()
WITHOUT_SCHEMA = ServerCapabilities(answer_format=1)
WITHOUT_FORMAT = ServerCapabilities(answer_format=2)


@pytest.fixture
def memory():
    return CapabilityMemory()


def test_a_server_is_taken_to_understand_everything_at_first(memory):
    assert memory.known == BEST
    assert not memory.has_answered


def test_calls_refused_together_fall_back_once(memory):
    memory.fall_back(WITHOUT_SCHEMA, when_known=BEST)
    memory.fall_back(ServerCapabilities(takes_temperature=False), when_known=BEST)
    assert memory.known == WITHOUT_SCHEMA


def test_a_fallback_goes_on_from_the_last(memory):
    memory.fall_back(WITHOUT_SCHEMA, when_known=BEST)
    memory.fall_back(WITHOUT_FORMAT, when_known=WITHOUT_SCHEMA)
    assert memory.known == WITHOUT_FORMAT


def test_a_limit_for_chunks_outlives_a_fallback_and_is_never_raised(memory):
    memory.limit_chunks(900)
    memory.fall_back(WITHOUT_SCHEMA, when_known=BEST)
    memory.limit_chunks(1_200)
    assert memory.known == ServerCapabilities(answer_format=1, chunk_tokens=900)


def test_threads_that_learn_at_once_forget_nothing(memory):
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        together = threading.Barrier(8)

        def learn(slot):
            together.wait()
            for tokens in range(4_000 + slot, 1_000, -8):
                memory.limit_chunks(tokens)

        threads = [threading.Thread(target=learn, args=(slot,)) for slot in range(8)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            before = memory.known.chunk_tokens
            assert before is None or memory.known.chunk_tokens <= before
    finally:
        sys.setswitchinterval(interval)
    assert memory.known.chunk_tokens == 1_001


def test_engines_learn_apart(analyze, engine, model, ledger):
    model.mode = "no_json_object"
    analyze()
    assert engine.capabilities.known == WITHOUT_FORMAT
    ledger.entries.clear()
    another = OpenAIEngine(ModelServer(model.base_url, ""))
    another.analyze(PAGES, language=None, ledger=ledger, on_progress=lambda done, total: None)
    assert model.requests == 3 + 3
