"""A long document whose worker is killed three times on the way: nothing is bought twice."""

import signal
from collections import Counter
from datetime import timedelta

import pytest

from documents import queue
from documents.models import Document, ModelCall, Status, clock
from tests.analysis.accounting import differences, fingerprint
from tests.conftest import statuses
from tests.model_server import StandIn
from tests.programs import ended, program
from tests.queue.test_processes import until

PARAGRAPH = (
    "On day {n} the harbor office measured the quay wall again and found {n} cracks in it. "
    "The committee took note of report {n} and asked for the next one. "
    "Maria Lopez must send survey {n} to the insurer by 20 March 2026.\n\n"
)
TEXT = "".join(PARAGRAPH.format(n=n) for n in range(1, 601))
WORKER = ("--chunk-tokens", 800, "--budget", 100, "--lease", 30)


def kill_after(requests, model):
    with program("worker", "--model-server", model.base_url, *WORKER) as worker:
        model.wait_for(requests, seconds=60)
        worker.send_signal(signal.SIGKILL)
        ended(worker)
    # As if its lease had run out meanwhile; a short one runs out on a busy machine as well.
    Document.objects.update(lease_expires_at=clock.now() - timedelta(seconds=1))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_long_document_survives_three_kills_and_no_answer_is_bought_twice(upload):
    document = upload(text=TEXT)
    with StandIn() as model:
        model.delay = 0.05
        for requests in (10, 22, 34):
            kill_after(requests, model)
            assert model.requests < 50
        # The third loss in a row is what a document that kills its worker looks like, too.
        with program("worker", "--model-server", model.base_url, *WORKER):
            until(lambda: statuses(document)[-1] == Status.FAILED)
            document.refresh_from_db()
            queue.requeue(document)
            until(lambda: statuses(document)[-1] == Status.COMPLETED)
        journal = list(model.journal)
    assert differences(journal, ModelCall.objects.all(), kills=3) == []
    document.refresh_from_db()
    analysis = document.current_analysis
    coverage = analysis.coverage
    assert coverage["pages_read"] == coverage["pages_total"] == document.page_count
    assert coverage["not_read"] == []
    answered = ModelCall.objects.filter(state=ModelCall.State.ANSWERED)
    assert analysis.calls == answered.count() == len(set(answered.values_list("request_hash")))
    assert analysis.input_tokens == sum(answered.values_list("input_tokens", flat=True))
    assert analysis.cost_usd == sum(answered.values_list("cost_usd", flat=True))
    sent = Counter(fingerprint(entry["body"]) for entry in journal)
    assert sum(sent.values()) - len(sent) <= 3 * 4  # Asked again: what was on its way at a kill.
    words = "".join(entry["body"]["messages"][1]["content"] for entry in journal)
    assert all(f"found {n} cracks" in words for n in range(1, 601))
