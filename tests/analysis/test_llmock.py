"""What llmock, a server that breaks things and watches the client, says of our retries.

`make llmock` runs it, in an environment of its own; ATOM_LLMOCK names the executable.
"""

import json
import os
import urllib.request
from itertools import count

import pytest

from documents.pipeline.analysis import AnalysisFailed, ModelServer, SourcePage
from documents.pipeline.analysis.model.engine import OpenAIEngine
from tests.analysis.conftest import Ledger
from tests.processes import Running, free_port

LLMOCK = os.environ.get("ATOM_LLMOCK", "")
PASSING = [
    {"status": 429, "retry_after": 1.2},
    {"status": 503, "retry_after": 0.6},
    *({"status": status} for status in (408, 409, 429, 500, 502, 503)),
]
LASTING = [
    *({"status": status, "times": 2} for status in (429, 500)),
    *({"status": status} for status in (400, 401, 403, 404, 422)),
]
QUOTA = {"status": 429, "code": "insufficient_quota"}

pytestmark = pytest.mark.skipif(not LLMOCK, reason="ATOM_LLMOCK names no executable")


@pytest.fixture
def base_url():
    port = free_port()
    server = Running([LLMOCK, "serve", "--host", "127.0.0.1", "--port", str(port)])
    server.wait_for("running on")
    yield f"http://127.0.0.1:{port}"
    server.end()


def told(base_url, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{base_url}/_llmock/{path}", data, headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


@pytest.fixture
def meets(base_url):
    """How the analysis of a new document ends when its first request meets this fault."""
    engine = OpenAIEngine(ModelServer(f"{base_url}/v1", "sk-any", deadline=10))
    numbers = count()

    def meet(fault):
        told(base_url, "scenario", {"behaviors": [{"type": "fail", **fault}]})
        page = SourcePage(1, f"This document tells of matter {next(numbers)} and of nothing else.")
        try:
            engine.analyze([page], language=None, ledger=Ledger(), on_progress=lambda *_: None)
        except AnalysisFailed as failed:
            return failed.failure.code
        return "completed"

    return meet


def test_llmock_finds_nothing_to_complain_about(base_url, meets):
    assert {meets(fault) for fault in PASSING} == {"completed"}
    assert "completed" not in {meets(fault) for fault in LASTING}
    verdict = json.loads(told(base_url, "verdict"))
    print(told(base_url, "verdict?format=text"))
    assert verdict["passed"]
    assert verdict["findings"] == []
    assert verdict["faults_injected"] == len(PASSING) + len(LASTING) + 2


def test_llmock_only_wonders_why_nobody_waits_for_money(base_url, meets):
    assert meets(QUOTA) == "quota_exhausted"
    verdict = json.loads(told(base_url, "verdict"))
    assert verdict["passed"]
    assert [finding["code"] for finding in verdict["findings"]] == ["gave_up"]
