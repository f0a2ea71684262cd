"""The stand-in server as a program, as end-to-end tests use it."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import leftovers

PROGRAM = Path(__file__).parents[1] / "model_server.py"


@pytest.fixture
def url():
    command = [sys.executable, str(PROGRAM), "--port", "0", "--mode", "401"]
    with leftovers.start(command, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip().removesuffix("/v1")
        process.terminate()


def fetch(url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers or {})
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


def test_it_is_told_how_to_behave_and_tells_what_was_asked(url):
    assert fetch(f"{url}/control", {"mode": "ok", "script": ["ok"]})["mode"] == "ok"
    asked = {
        "model": "any",
        "messages": [
            {"role": "system", "content": "Give key_points and summary with `sources`."},
            {"role": "user", "content": "<doc-1>\n[[PAGE 4]]\nThe wall moved.\n</doc-1>"},
        ],
        "response_format": {"type": "json_schema", "json_schema": {"schema": {"sources": 1}}},
    }
    headers = {"Authorization": "Bearer sk-secret", "Content-Type": "application/json"}
    asked["messages"][0]["content"] += ' "sources"'
    answer = fetch(f"{url}/v1/chat/completions", asked, headers)
    analysis = json.loads(answer["choices"][0]["message"]["content"])
    assert analysis["key_points"][0]["evidence"] == [{"page": 4, "quote": "The wall moved."}]
    journal = fetch(f"{url}/journal")
    assert journal["requests"] == 1
    assert journal["journal"][0]["body"] == asked
    assert "sk-secret" not in json.dumps(journal)


def test_it_forgets_on_request(url):
    fetch(f"{url}/control", {"forget": True})
    assert fetch(f"{url}/journal") == {"requests": 0, "journal": []}
