"""The jobs of docs/api.md, as they stand there, against a running server."""

from __future__ import annotations

import re
import zipfile
from typing import Any

import httpx
import pytest

from tests.clients.conftest import TEXT, Desk
from tests.processes import ROOT, Running

pytestmark = pytest.mark.slow

SECTION = (ROOT / "docs" / "api.md").read_text().partition("## Jobs of many documents\n")[2]
BLOCKS = re.findall(r"^```python\n(.*?)^```", SECTION.partition("\n## ")[0], re.M | re.S)
NAMES = ("minutes.txt", "budget.txt", "letter.txt")


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all that is sent from here on."""
    sent: list[str] = []
    send = httpx.Client.send

    def noted(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        sent.append(request.url.path)
        return send(client, request, **options).raise_for_status()

    monkeypatch.setattr(httpx.Client, "send", noted)
    return sent


def test_jobs_of_many_documents_are_a_few_lines_and_requests(
    desk: Desk, server: Running, requests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(NAMES):
        desk.file(name, f"Letter {number}. {TEXT}")
    monkeypatch.chdir(desk.folder)
    for name in ("ATOM_KEY", "ATOM_URL"):
        monkeypatch.setenv(name, desk.environment[name])
    begin, upload, to_do, export, pages, again = BLOCKS
    told: dict[str, Any] = {}

    def run(block: str) -> list[str]:
        requests.clear()
        exec(block, told)  # Of ours.
        return list(requests)

    assert run(begin) == []
    assert len(upload.splitlines()) <= 8
    assert run(upload) == ["/upload", "/documents/stream"]
    assert len(told["results"]) == 3
    assert all("Maria Lopez" in str(result["findings"]) for result in told["results"].values())
    assert run(to_do) == ["/action-items/export"]
    assert {task["filename"] for task in told["tasks"]} == set(NAMES)
    assert run(export) == ["/documents/export"] * 2
    assert len(told["summaries"]) == 3
    with zipfile.ZipFile("all.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 3 * 3 + 1
    assert run(pages) == ["/documents"]
    assert {document["id"] for document in told["documents"]} == set(told["results"])
    assert run(again) == ["/documents"]
    for file in told["files"]:
        file[1].close()
    told["atom"].close()
