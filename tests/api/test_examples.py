"""The examples of /schema are what a run answers; `make examples` writes them anew."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from documents.api.openapi import examples
from documents.models import StatusEvent
from documents.worker import Worker
from tests.conftest import PASSWORD

MINUTES = (
    "Minutes of the harbor committee, 3 March 2026. The quay wall is safe for another year. "
    "Maria Lopez must send the survey to the insurer by 20 March 2026. "
    "The committee approved the budget of 14,200 euros for new fenders."
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
NUMBERED = {"id", "stream_cursor", "next"}
SAME_PLACE = {"GET /events.next": "GET /events.events[].id"}
TOKENS = {"access", "access_token", "refresh"}


class Run:
    """Asks, and keeps the first good answer of each call, with ids and times made plain."""

    def __init__(self) -> None:
        self.client = APIClient()
        self.kept: dict[str, dict[str, Any]] = {}
        self._documents: dict[str, str] = {}
        self._numbers: dict[str, list[int]] = {}

    def ask(self, call: str, address: str = "", **sent: Any) -> Any:
        method, path = call.split()
        response = getattr(self.client, method.lower())(address or path, **sent)
        assert response.status_code < 300, response.content
        body = response.json()
        self.kept[call] = {"status": str(response.status_code), "body": self._plain(body, call)}
        return body

    def _plain(self, value: Any, path: str = "") -> Any:
        key = path.rpartition(".")[2]
        if isinstance(value, dict):
            return {name: self._plain(each, f"{path}.{name}") for name, each in value.items()}
        if isinstance(value, list):
            return [self._plain(each, f"{path}[]") for each in value]
        if isinstance(value, str):
            return "eyJhbGciOiJIUzI1NiJ9.…" if key in TOKENS else self._plain_text(value)
        if isinstance(value, int) and key in NUMBERED:
            # Apart for each place: ids of two tables are the same or not as tests before had it.
            known = self._numbers.setdefault(SAME_PLACE.get(path, path), [])
            if value not in known:
                known.append(value)
            return 7 + known.index(value)
        return value

    def _plain_text(self, text: str) -> str:
        def document(found: re.Match[str]) -> str:
            name = f"6f8e7c1e-4d0b-4a6e-9a57-{len(self._documents) + 1:012}"
            return self._documents.setdefault(found[0], name)

        text = text.replace("http://testserver", "http://127.0.0.1:8000")
        return MOMENT.sub("2026-11-27T08:00:00Z", UUID.sub(document, text))


@pytest.fixture
def run(alice: User) -> dict[str, dict[str, Any]]:
    """One person's way through the calls, with the built-in engine."""
    run = Run()
    login = {"username": alice.username, "password": PASSWORD}
    pair = run.ask("POST /auth/login", data=login, format="json")
    pair = run.ask("POST /auth/refresh", data={"refresh": pair["refresh"]}, format="json")
    run.client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    files = [SimpleUploadedFile("minutes.txt", MINUTES.encode())]
    uploaded = run.ask("POST /upload", data={"files": files}, format="multipart")
    pk = uploaded["uploaded"][0]["id"]
    Worker(slots=1).work_once()
    # Without the result, which stands beside the document.
    after = StatusEvent.objects.statuses().get(status="processing").pk - 1
    run.ask("GET /events", f"/events?after={after}&limit=2")
    run.ask("GET /documents")
    document, call = f"/documents/{pk}", "/documents/{id}"
    item = run.ask(f"GET {call}", document)["analysis"]["findings"]["actionable_items"][0]["id"]
    for part in ("status", "pages", "analyses", "export"):
        run.ask(f"GET {call}/{part}", f"{document}/{part}")
    run.ask("GET /action-items")
    run.ask("GET /action-items/{id}", f"/action-items/{item}")
    run.ask("PATCH /action-items/{id}", f"/action-items/{item}", data={"done": True}, format="json")
    for move in ("retry", "cancel"):
        run.ask(f"POST {call}/{move}", f"{document}/{move}")
    run.ask("GET /usage")
    run.ask("GET /healthz")
    return run.kept


def test_the_examples_are_what_a_run_answers(run: dict[str, dict[str, Any]]) -> None:
    if os.environ.get("EXAMPLES") == "write":
        examples.FILE.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n")
        examples.recorded.cache_clear()
    assert examples.recorded() == run, "run `make examples`"
