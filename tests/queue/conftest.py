import pytest

from documents.worker import Worker
from tests.engines import FirstWords


@pytest.fixture
def worker():
    def make(engine=None):
        return Worker(slots=1, engine=engine or FirstWords())

    return make
