"""The clients of docs/streaming.md resume: each is run against a server that is killed once."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection

from accounts.models import User
from tests.api.conftest import finish
from tests.live.conftest import running
from tests.processes import ROOT, Running, free_port
from tests.services import chromium_or_skip, missing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="clients know no database"),
]

DOCS = (ROOT / "docs" / "streaming.md").read_text()


def example(language):
    found = re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


@pytest.fixture
def user1(transactional_db, settings):
    """Whom the examples log in as; with a password that the server's own hashers know."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    return User.objects.create_user("user1", password="password123")


class Restartable:
    def __init__(self, stack):
        self.stack, self.port = stack, free_port()
        self.start()

    def start(self):
        self.web = self.stack.enter_context(running("--port", self.port))

    def kill_and_restart(self):
        self.web.process.send_signal(signal.SIGKILL)
        self.web.process.wait()
        self.start()


@pytest.fixture
def server(user1):
    with ExitStack() as stack:
        yield Restartable(stack)


@contextmanager
def client(command, port):
    """The example as a process, with all that it starts."""
    environment = {**os.environ, "ATOM": f"http://127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
    started = Running(command, env=environment, start_new_session=True)
    try:
        yield started
    finally:
        os.killpg(started.process.pid, signal.SIGKILL)
        started.end()


@pytest.mark.parametrize(
    ("command", "number"),
    [
        (["bash", "-c", example("sh")], r"^id: (\d+)"),
        ([sys.executable, "-c", example("python")], r"^(\d+) "),
    ],
    ids=["curl", "python"],
)
def test_an_example_resumes_after_the_server_was_killed(server, user1, upload, command, number):
    with client(command, server.port) as reader:
        finish(upload("first.txt", owner=user1))
        reader.wait_for("completed")
        server.kill_and_restart()
        finish(upload("second.txt", owner=user1))
        last = reader.wait_for("completed")
    assert "second.txt" in last
    told = [line for line in reader.lines if "first.txt" in line or "second.txt" in line]
    assert len(told) == 8  # Four steps of each, once.
    ids = [int(found[1]) for line in reader.lines if (found := re.match(number, line))]
    assert ids == sorted(ids)


@pytest.fixture
def page(server, user1, client_of):
    """A page of user1, signed in."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    path = chromium_or_skip()
    session = client_of(user1).cookies["sessionid"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
        context.add_cookies(
            [{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}]
        )
        yield context.new_page()
        browser.close()


@pytest.fixture
def client_of():
    from django.test import Client

    def sign_in(user):
        made = Client()
        made.force_login(user)
        return made

    return sign_in


@pytest.fixture
def in_a_thread():
    """The database from a test in which Playwright's event loop runs."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        yield lambda function, *given, **named: pool.submit(function, *given, **named).result()
        pool.submit(lambda: connection.close()).result()


def test_the_example_for_browsers_resumes_after_the_server_was_killed(
    server, user1, upload, page, in_a_thread
):
    from playwright.sync_api import expect

    page.goto("/healthz")
    page.evaluate(f"() => {{ {example('js')} }}")
    in_a_thread(lambda: finish(upload("first.txt", owner=user1)))
    expect(page.locator("li", has_text="completed first.txt")).to_be_visible(timeout=20_000)
    server.kill_and_restart()
    in_a_thread(lambda: finish(upload("second.txt", owner=user1)))
    expect(page.locator("li", has_text="completed second.txt")).to_be_visible(timeout=20_000)
    # Each step at most once; those before the first connection are told as one.
    steps = page.locator("li", has_text="first.txt").all_text_contents()
    assert len(set(steps)) == len(steps)
    assert page.locator("li", has_text="second.txt").count() == 4


def test_the_page_of_the_stream_shows_events_and_asks_nobody_else(
    server, user1, upload, page, in_a_thread
):
    from playwright.sync_api import expect

    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/documents/stream")
    expect(page.locator("[data-state]")).to_contain_text("Listening", timeout=20_000)
    in_a_thread(lambda: upload("notes.txt", owner=user1))
    expect(page.locator("[data-events] tr").first).to_contain_text("notes.txt")
    page.get_by_role("button", name="Stop").click()
    in_a_thread(lambda: upload("meanwhile.txt", owner=user1))
    page.get_by_role("button", name="Listen").click()
    expect(page.locator("[data-events] tr", has_text="meanwhile.txt")).to_be_visible()
    assert complaints == []
    assert [url for url in asked if f"127.0.0.1:{server.port}" not in url] == []
