"""Real web processes, and people who listen to them."""

from __future__ import annotations

import json
import time
import urllib.request
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings

from accounts import tokens
from tests.api.conftest import completed  # noqa: F401
from tests.live.ear import Ear
from tests.programs import program


class Web:
    """A web process and the way to it."""

    def __init__(self, process):
        assert process.stdout
        self.process = process
        self.port = int(process.stdout.readline())

    def listen(self, user, cursor=None, **more):
        if cursor is not None:
            more["Last_Event_ID"] = str(cursor)
        return Ear(self.port, tokens.log_in(user).access, **more)

    def is_idle(self):
        inside = self.inside()
        return inside["listeners"] == inside["relays"] == 0

    def inside(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/inside") as answer:
            return dict(json.load(answer))


@contextmanager
def running(*arguments, **environment):
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "JWT_SECRET_KEY": settings.JWT_SECRET_KEY}
    with program("web", *arguments, **secrets, **environment) as process:
        yield Web(process)


@pytest.fixture(scope="session")
def _lasting_web(django_db_setup):
    with running() as started:
        yield started


@pytest.fixture
def web(_lasting_web, transactional_db):
    """One for all tests that leave it running; a test ends when its streams have ended there.

    Emptying the tables at the end of a test meets the last read of a stream otherwise, and
    PostgreSQL ends one of the two for a deadlock.
    """
    yield _lasting_web
    if _lasting_web.process.poll() is None:
        until(_lasting_web.is_idle)


@pytest.fixture
def own_web(transactional_db):
    """Start one with these options and settings."""
    with ExitStack() as stack:
        yield lambda *arguments, **environment: stack.enter_context(
            running(*arguments, **environment)
        )


def until(is_so, *, within=30):
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
