"""What the story of one document costs in statements and commits, on either database.

Whoever adds one to it finds these figures, and says in the commit why every document has to pay.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from documents import queue
from documents.failures import FailureCode, failure
from documents.models import ActionItem, Counter, Document, DocumentTopic, Status
from documents.pipeline.analysis import build_engine
from documents.worker import Worker
from tests.conftest import statuses
from tests.model_server import StandIn
from tests.queue.counting import Counted, counted
from tests.queue.test_model_servers import TEXT, engine

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = [Status.PENDING, Status.PROCESSING, Status.ANALYZING, Status.COMPLETED]
IS_SQLITE = connection.vendor == "sqlite"
PAPER = (
    "Minutes of the harbor committee\n\nThe quay wall is to be repaired. The quay wall was "
    "measured in May. Maria Lopez must send the survey of the quay wall to the insurer by "
    "20 March 2026. The harbor committee has agreed to the repair of the quay wall."
)


def story(document: Document, worker: Worker) -> Counted:
    """The second document of a worker that is busy, in the middle of a long queue."""
    with counted() as sent:
        assert worker.work_once(is_busy=True)
    assert statuses(document) == WHOLE
    return sent


def test_with_the_built_in_engine(upload: Any) -> None:
    worker = Worker(slots=1, engine=build_engine("offline"))
    upload(text=f"{PAPER} This is the first one.")
    worker.work_once()
    document = upload(text=PAPER)
    sent = story(document, worker)
    # With all there is to be written.
    assert ActionItem.objects.filter(analysis__document=document).exists()
    assert DocumentTopic.objects.filter(classification=document.pk).exists()
    # On PostgreSQL, lock, claim and event are one, and so are a step and its event.
    assert sent.figures == ((15, 2, 3) if IS_SQLITE else (10, 2, 3)), sent.statements


def test_with_a_model(upload: Any) -> None:
    with StandIn() as model:
        worker = Worker(slots=1, engine=engine(model))
        upload(text=f"{TEXT} This is the first one.")
        worker.work_once()
        document = upload(text=TEXT)
        sent = story(document, worker)
    assert document.analyses.get().calls == 1
    assert sent.figures == ((27, 2, 5) if IS_SQLITE else (20, 2, 5)), sent.statements


def test_a_failure(upload: Any) -> None:
    upload()
    document = queue.claim_next("w")
    assert document is not None
    with counted() as sent:
        queue.fail(document, failure(FailureCode.CANCELLED))
    # Counted along, as failures are.
    assert sent.figures == ((4, 0, 1) if IS_SQLITE else (1, 0, 1)), sent.statements
    assert Counter.objects.by_label()["failures"] == {FailureCode.CANCELLED: 1}
    assert statuses(document) == [Status.PENDING, Status.PROCESSING, Status.FAILED]


def test_an_idle_look_is_one_statement(db: None) -> None:
    with counted() as sent:
        assert not Worker(slots=1, engine=build_engine("offline")).work_once()
    assert sent.figures == (1, 0, 0)
