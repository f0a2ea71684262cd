"""How much one person may have waiting and kept, however it is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from atom_project.environment import Environment
from documents import queue, quotas
from documents.models import Document, Status
from documents.uploads import intake
from tests.api.conftest import finish

Uploader = Callable[..., Document]


def send(api: APIClient, *names: str, text: str = "The quay wall is safe.", **more: Any) -> Any:
    files = [SimpleUploadedFile(name, text.encode()) for name in names]
    return api.post("/upload", {"files": files}, format="multipart", **more)


def stored_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_as_many_documents_wait_as_may_and_the_rest_are_refused_by_name(
    api: APIClient, settings: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 2
    answer = send(api, "a.txt", "b.txt", "c.txt")
    assert answer.status_code == 207
    assert [document["filename"] for document in answer.json()["uploaded"]] == ["a.txt", "b.txt"]
    [refused] = answer.json()["errors"]
    assert (refused["filename"], refused["code"]) == ("c.txt", "quota_queue")
    assert "2 of your documents are waiting already" in refused["error"]
    assert answer["Retry-After"] == "60"
    assert len(stored_files(settings.MEDIA_ROOT)) == 2


def test_a_full_line_refuses_the_whole_upload_and_keeps_nothing(
    api: APIClient, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    upload()
    answer = send(api, "late.txt")
    assert (answer.status_code, answer["Retry-After"]) == (422, "60")
    assert answer["Content-Type"] == "application/problem+json"
    assert len(stored_files(settings.MEDIA_ROOT)) == Document.objects.count() == 1
    assert not [
        folder
        for folder in (settings.MEDIA_ROOT / "uploads").iterdir()
        if not any(folder.iterdir())
    ]


def test_documents_that_were_read_wait_no_more(
    api: APIClient, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    finish(upload())
    assert send(api, "next.txt").status_code == 201


def test_the_quota_is_each_persons_own(
    bobs_api: APIClient, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    settings.ATOM_MAX_BYTES_PER_USER = 30
    upload()
    assert send(bobs_api, "his.txt").status_code == 201


def test_bytes_are_counted_of_everything_kept(
    api: APIClient, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 50
    kept = finish(upload(text="x" * 30))
    answer = send(api, "small.txt", "large.txt", text="y" * 20)
    assert answer.status_code == 207
    [refused] = answer.json()["errors"]
    assert (refused["filename"], refused["code"]) == ("large.txt", "quota_bytes")
    assert "50 bytes" in refused["error"]
    assert "Retry-After" not in answer
    assert api.delete(f"/documents/{kept.pk}").status_code == 204
    assert send(api, "large.txt", text="y" * 20).status_code == 201


def test_a_smaller_file_behind_one_that_is_too_large_still_fits(
    alice: User, settings: Any, text_file: Callable[..., Any]
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 50
    files = [text_file("large.txt", "x" * 51), text_file("small.txt", "x" * 50)]
    received = intake.receive(alice, files)
    assert [document.filename for document in received.documents] == ["small.txt"]


def test_zero_is_no_limit(api: APIClient, settings: Any, upload: Uploader) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = settings.ATOM_MAX_BYTES_PER_USER = 0
    upload()
    assert send(api, "more.txt").status_code == 201


def test_a_retry_is_no_way_around_the_quota(
    api: APIClient, browser: Client, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    read = finish(upload())
    upload()
    answer = api.post(f"/documents/{read.pk}/retry")
    assert (answer.status_code, answer.json()["code"]) == (429, "quota_queue")
    assert answer["Retry-After"] == "60"
    page = browser.post(f"/d/{read.pk}/retry", follow=True).content.decode()
    assert "more than may wait at once" in page
    read.refresh_from_db()
    assert read.status == Status.COMPLETED


def test_staff_send_documents_back_whatever_the_quota_is(settings: Any, upload: Uploader) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    read = finish(upload())
    upload()
    queue.requeue(read)
    assert Document.objects.pending().count() == 2


def test_the_sample_is_refused_in_words_too(
    browser: Client, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    upload()
    page = browser.post("/d/sample", follow=True)
    assert "1 of your documents are waiting already" in page.content.decode()


def test_a_refusal_by_quota_is_tried_again_with_the_same_key(
    api: APIClient, settings: Any, upload: Uploader
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    waiting = upload()
    headers = {"Idempotency-Key": "once"}
    first = send(api, "late.txt", headers=headers).json()
    assert first["errors"][0]["code"] == "quota_queue"
    queue.cancel(waiting)
    [late] = send(api, "late.txt", headers=headers).json()["uploaded"]
    assert send(api, "late.txt", headers=headers).json()["uploaded"][0]["id"] == late["id"]


def test_an_upload_of_which_some_is_stored_is_answered_the_same(
    api: APIClient, settings: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    headers = {"Idempotency-Key": "once"}
    first = send(api, "early.txt", "late.txt", headers=headers)
    assert first.status_code == 207
    queue.cancel(Document.objects.get())
    again = send(api, "early.txt", "late.txt", headers=headers)
    assert again.json()["errors"] == first.json()["errors"]
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_uploads_that_come_at_once_do_not_overshoot(
    alice: User, settings: Any, text_file: Callable[..., Any]
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 5
    start, refused = Barrier(4), []

    def many() -> None:
        start.wait()
        try:
            for number in range(4):
                received = intake.receive(alice, [text_file(f"{number}.txt")])
                refused.extend(error["code"] for error in received.errors)
        finally:
            connection.close()

    threads = [Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Document.objects.count() == 5
    assert refused == ["quota_queue"] * 11
    assert len(stored_files(settings.MEDIA_ROOT)) == 5


@pytest.mark.parametrize(
    ("size", "words"),
    [(10 * 1024**3, "10 GB"), (1536 * 1024, "1.5 MB"), (2048, "2 KB"), (7, "7 bytes")],
)
def test_sizes_are_told_in_words(size: int, words: str) -> None:
    assert quotas.shown(size) == words


@pytest.mark.parametrize(
    ("given", "size"),
    [("", 10 * 1024**3), ("0", 0), ("500 MB", 500 * 1024**2), ("2g", 2 * 1024**3), ("12", 12)],
)
def test_sizes_are_read_with_and_without_units(given: str, size: int) -> None:
    assert Environment(None, {"LIMIT": given}).size("LIMIT", "10 GB") == size


@pytest.mark.parametrize("given", ["-1", "ten GB", "1.5 GB", "10 XB", "GB", "1e9"])
def test_a_size_that_is_none_stops_the_start(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"LIMIT is .* such as 500 MB"):
        Environment(None, {"LIMIT": given}).size("LIMIT", "10 GB")
