"""Where spans go, and who makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import User
from atom_project import tracing
from tests.faults import rig
from tests.model_server import StandIn

if TYPE_CHECKING:
    from tests.tracing.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    from tests.tracing.receiver import Receiver  # Its tests are skipped without the extra.

    with Receiver() as one:
        yield one


@pytest.fixture
def recording(receiver: Receiver) -> Iterator[Receiver]:
    """This process records; `tracing.end()` sends what is left."""
    tracing.start("tests", receiver.endpoint)
    yield receiver
    tracing.end()


@pytest.fixture
def model() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def patron(alice: User) -> rig.Patron:
    return rig.Patron(alice)


@pytest.fixture
def started(transactional_db: None, receiver: Receiver) -> Iterator[Callable[..., Any]]:
    """Start a web process or a worker that sends its spans to the receiver, or where it is told."""
    traces = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "ATOM_CHECK_CLAIMS": "off",
    }
    with ExitStack() as stack:

        def start(program: str, *arguments: object, **more: str) -> Any:
            how = traces | more
            if program == "web":
                return stack.enter_context(rig.web(*arguments, **how))
            return stack.enter_context(rig.started(program, *arguments, **how))

        yield start
