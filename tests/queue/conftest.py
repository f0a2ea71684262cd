from collections.abc import Callable

import pytest

from documents.worker import Worker
from tests.engines import FirstWords


@pytest.fixture
def worker() -> Callable[..., Worker]:
    def make(engine: object | None = None) -> Worker:
        return Worker(slots=1, engine=engine or FirstWords())

    return make
