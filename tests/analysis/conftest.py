"""The engine, a ledger in memory and a model server on a real socket."""

from __future__ import annotations

import threading

import pytest

from documents.pipeline.analysis import AnalysisFailed, ModelServer, SourcePage
from documents.pipeline.analysis.model.engine import OpenAIEngine
from tests.model_server import StandIn

HARBOR = (
    "The harbor office reports that the quay wall moved by 3 centimeters in March. "
    "Maria Lopez must send the survey to the insurer by 20 March 2026."
)
PAGES = [SourcePage(1, HARBOR), SourcePage(2, "The budget for repairs is 1.2 million euros.")]
LONG = [
    SourcePage(n, f"Page number {n} tells of matter {n * 7} and of nothing else. " * 20)
    for n in range(1, 9)
]
PER_CHUNK = 600  # two pages of LONG


class Ledger:
    """Keeps its entries in memory: [request hash, state, facts]. Belongs to one thread."""

    def __init__(self):
        self.entries = []
        self._thread = threading.get_ident()

    def _check_thread(self):
        assert threading.get_ident() == self._thread, "a database connection would be left open"

    def recall(self, request_hash):
        self._check_thread()
        paid = [e for e in self.entries if e[:2] == [request_hash, "answered"]]
        return paid[-1][2]["answer"] if paid else None

    def intend(self, *, request_hash, chunk, model):
        self._check_thread()
        self.entries.append([request_hash, "intended", {"chunk": chunk, "model": model}])
        return len(self.entries) - 1

    def answered(self, call, **facts):
        self._check_thread()
        self.entries[call][1:] = ["answered", self.entries[call][2] | facts]

    def failed(self, call, *, code):
        self._check_thread()
        self.entries[call][1:] = ["failed", self.entries[call][2] | {"code": code}]

    def unknown(self, call):
        self._check_thread()
        self.entries[call][1] = "unknown"

    @property
    def states(self):
        return [state for _, state, _ in self.entries]


@pytest.fixture
def model():
    with StandIn() as model:
        yield model


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def engine(model):
    """One for all documents, as a worker has one: it remembers what the server understands."""
    return OpenAIEngine(ModelServer(model.base_url, "sk-secret"))


@pytest.fixture
def analyze(engine, model, ledger):
    def run(pages=PAGES, *, language=None, on_progress=lambda done, total: None, **settings):
        quick = {"deadline": 5.0, "retry_pause": 0.01} | settings
        engine.server = ModelServer(model.base_url, "sk-secret", **quick)
        return engine.analyze(pages, language=language, ledger=ledger, on_progress=on_progress)

    return run


def code_of(analyze, *args, **settings):
    with pytest.raises(AnalysisFailed) as failed:
        analyze(*args, **settings)
    return failed.value.failure.code
