"""All files of an upload are queued by the same few statements, in their order."""

from __future__ import annotations

from typing import Any

from django.db import connection

from accounts.models import User
from documents.models import StatusEvent
from documents.uploads import intake


def test_an_upload_takes_as_many_statements_for_ten_files_as_for_one(
    alice: User, text_file: Any, django_assert_num_queries: Any
) -> None:
    def send(number: int) -> None:
        files = [text_file(f"{n}.txt", f"Words {n}") for n in range(number)]
        assert len(intake.receive(alice, files).documents) == number

    # The transaction; quotas, the turn, the last number, documents, events, the index; its end.
    # PostgreSQL is asked for the lock of the queue and told whom to wake.
    number = 8 if connection.vendor == "sqlite" else 10
    for files in (1, 10):
        with django_assert_num_queries(number):
            send(files)


def test_events_of_one_upload_are_in_the_order_of_its_files(alice: User, text_file: Any) -> None:
    sent = intake.receive(alice, [text_file(f"{n}.txt") for n in range(5)]).documents
    events = StatusEvent.objects.order_by("pk").values_list("document_id", flat=True)
    assert list(events) == [document.pk for document in sent]
    assert [document.queue_number for document in sent] == [1, 2, 3, 4, 5]
