from pathlib import Path

import pytest
from django.conf import settings

from documents import queue, removal
from documents.models import Analysis, Document, ModelCall, Page, Status, StatusEvent
from tests.engines import OneCall


def bring_to(status, upload, worker):
    document = upload()
    if status in {Status.PROCESSING, Status.ANALYZING}:
        document = queue.claim_next("w")
        if status == Status.ANALYZING:
            queue.events.advance(document, Status.ANALYZING)
    elif status == Status.COMPLETED:
        worker(OneCall()).work_once()
    elif status == Status.FAILED:
        queue.cancel(document)
    return Document.objects.get(pk=document.pk)


@pytest.mark.parametrize("status", Status)
def test_a_deleted_document_leaves_a_nameless_tombstone_and_figures(
    status, upload, worker, django_capture_on_commit_callbacks
):
    document = bring_to(status, upload, worker)
    assert document.status == status
    folder = Path(document.file.path).parent
    with django_capture_on_commit_callbacks(execute=True):
        removal.delete(document)
    assert not folder.exists()
    assert not Document.objects.exists()
    assert not Page.objects.exists()
    assert not Analysis.objects.exists()
    assert not ModelCall.objects.exclude(answer="").exists()
    tombstone = StatusEvent.objects.get()
    assert (tombstone.kind, tombstone.document_id, tombstone.data) == ("deleted", document.pk, None)


def test_deleting_twice_is_no_error(upload):
    document = upload()
    removal.delete(document)
    removal.delete(document)
    assert StatusEvent.objects.count() == 1


def test_the_files_of_others_stay(upload, django_capture_on_commit_callbacks):
    gone, kept = upload(), upload()
    with django_capture_on_commit_callbacks(execute=True):
        removal.delete(gone)
    assert Path(kept.file.path).exists()
    assert len(list((Path(settings.MEDIA_ROOT) / "uploads").iterdir())) == 1
