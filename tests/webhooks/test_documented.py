"""docs/webhooks.md: its receiver takes what is sent, its curl is taken, its table is whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from documents.models import Document
from documents.webhooks import sender, signatures, subscriptions
from documents.webhooks.event_types import RESET, TEST, TYPES
from tests.processes import ROOT, Running, free_port
from tests.webhooks.receivers import Network

pytestmark = pytest.mark.django_db

PAGE = (ROOT / "docs" / "webhooks.md").read_text()


def example(language: str) -> str:
    [found] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def documented(
    alice: User, receiver: Callable[..., Any], tmp_path: Path
) -> Iterator[tuple[Running, str, str]]:
    """The receiver of the page as a process, its address and the secret it knows."""
    receiver()  # So that webhooks may go to this machine.
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    secret = signatures.secret_of(subscriptions.make(alice, url))
    program = tmp_path / "receiver.py"
    # Said aloud, so that nobody has to guess when it listens.
    serving = "if __name__ == \"__main__\":\n    print('listens', flush=True)\n"
    program.write_text(example("python").replace('if __name__ == "__main__":\n', serving))
    environment = {**os.environ, "SECRET": secret, "PORT": str(port)}
    running = Running([sys.executable, str(program)], env=environment)
    running.wait_for("listens")
    yield running, url, secret
    running.end()


def until_it_listens(url: str, send: Callable[[], Any]) -> Any:
    """It says so just before it does."""
    for _ in range(500):
        result = send()
        if result.code != "unreachable":
            return result
        time.sleep(0.01)
    raise AssertionError(f"nobody listens at {url}")


def test_the_receiver_takes_what_is_sent_once_and_nothing_forged(
    documented: tuple[Running, str, str],
    fail: Callable[..., Document],
    network: Network,
    deliver: Callable[..., Any],
) -> None:
    running, url, _ = documented
    fail(name="minutes.txt")

    def post(*how: Any) -> Any:
        network.post(*how)
        return until_it_listens(url, lambda: sender.post(*how))

    deliver(post=post)
    assert running.wait_for("document") == "document.failed minutes.txt"
    [sent] = network.requests
    assert sender.post(url, sent.body, sent.headers).is_delivered  # Again, and not done again.
    forged = sent.body.replace(b"minutes", b"forgery")
    assert sender.post(url, forged, sent.headers).status == 401
    old = {**sent.headers, "webhook-timestamp": "1600000000"}
    assert sender.post(url, sent.body, old).status == 401
    running.end()
    assert len([line for line in running.lines if "document" in line]) == 1


def test_what_is_sent_by_curl_is_taken(documented: tuple[Running, str, str]) -> None:
    running, url, secret = documented
    until_it_listens(url, lambda: sender.post(url, b"{}", {}))
    environment = {**os.environ, "SECRET": secret, "RECEIVER": url}
    subprocess.run(["bash", "-ec", example("sh")], env=environment, check=True)
    assert running.wait_for("webhook").strip() == "webhook.test"


def test_the_table_names_all_types_in_the_words_of_the_form() -> None:
    rows = dict(re.findall(r"^\| `((?:document|webhook)\.\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert list(rows) == [*TYPES, TEST, RESET]
    assert {name: rows[name] for name in TYPES} == TYPES
