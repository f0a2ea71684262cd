"""Uploads in an object store: the same promises as on a disk."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
import urllib.request
import uuid
from io import BytesIO

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from atom_project.addresses import object_store
from documents import queue, removal, storage
from documents.models import Document, Status
from documents.operations import doctor
from documents.operations.checks import Verdict
from documents.originals import census, ownership, quarantine
from documents.page_images import cache
from documents.storage import MediaUnavailable
from documents.worker import Worker
from tests import leftovers
from tests.engines import OneCall
from tests.processes import PATIENCE, free_port
from tests.services import missing


@pytest.fixture(scope="module")
def server():
    """The address of a server that speaks S3, in a process of its own."""
    try:
        import moto.server
    except ImportError:
        missing("moto is not installed (the extra `dev` has it)")
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", moto.server.__name__]
    process = leftovers.start(
        [*command, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://{address}/moto-api/").close()
            break
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def bucket(server, settings):
    name = f"atom-{secrets.token_hex(4)}"
    client = boto3.resource(
        "s3",
        endpoint_url=f"http://{server}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    bucket = client.create_bucket(Bucket=name)
    url = f"s3://key:secret@{server}/{name}?scheme=http"
    settings.STORAGES = {**settings.STORAGES, "default": object_store(url)}
    return bucket


@pytest.fixture
def absent(settings):
    """A store where nobody listens."""
    url = f"s3://key:secret@127.0.0.1:{free_port()}/atom?scheme=http"
    configured = object_store(url)
    settings.STORAGES = {**settings.STORAGES, "default": configured}
    from botocore.config import Config

    quick = Config(connect_timeout=1, retries={"total_max_attempts": 1})
    configured["OPTIONS"]["client_config"] = quick


def keys(bucket):
    return [entry.key for entry in bucket.objects.all()]


def test_an_upload_is_read_from_the_store_and_deleted_with_its_document(
    bucket, api, upload, settings, django_capture_on_commit_callbacks
):
    document = upload("notes.txt", "The quay wall is safe.")
    assert keys(bucket) == [f"uploads/{document.pk}/notes.txt"]
    assert not settings.MEDIA_ROOT.exists()
    assert Worker(slots=1, engine=OneCall()).work_once()
    document.refresh_from_db()
    assert document.status == Status.COMPLETED
    assert document.pages.get().text == "The quay wall is safe."
    assert api.get(f"/documents/{document.pk}/file").getvalue() == b"The quay wall is safe."
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"/documents/{document.pk}").status_code == 204
    assert keys(bucket) == []


def test_page_images_are_kept_in_the_store_and_go_with_their_document(
    bucket, upload, django_capture_on_commit_callbacks
):
    document = upload()
    cache.keep(document, "1-160-1.png", b"a picture")
    assert f"page-images/{document.pk}/1-160-1.png" in keys(bucket)
    assert cache.read(document, "1-160-1.png") == b"a picture"
    assert cache.read(document, "2-160-1.png") is None
    cache.keep(Document(pk=uuid.uuid4()), "1-160-1.png", b"of nobody")
    assert len(keys(bucket)) == 2
    assert census.take().unknown == []
    assert cache.trim() == 0
    with django_capture_on_commit_callbacks(execute=True):
        removal.delete(document)
    assert keys(bucket) == []


def test_bob_gets_404_for_a_file_in_the_store(bucket, bobs_api, upload):
    assert bobs_api.get(f"/documents/{upload().pk}/file").status_code == 404


def test_a_file_that_is_gone_from_the_store_is_a_404(bucket, api, upload):
    document = upload()
    bucket.objects.all().delete()
    assert api.get(f"/documents/{document.pk}/file").status_code == 404


def test_two_files_of_one_name_stay_apart(bucket, upload):
    first, second = upload(text="one"), upload(text="two")
    with first.file.open() as one, second.file.open() as two:
        assert (one.read(), two.read()) == (b"one", b"two")


def test_orphans_in_the_store_go_into_quarantine_and_documents_do_not(bucket, upload, monkeypatch):
    document = upload()
    orphan = uuid.uuid4()
    storage.store(orphan, "lost.txt", File(BytesIO(b"lost")))
    default_storage.save("uploads/not-an-id/kept.txt", File(BytesIO(b"ours?")))
    assert quarantine.keep() == 0, "an upload that is being stored may look the same"
    monkeypatch.setattr(census, "ORPHAN_AGE", -60)
    assert quarantine.keep() == 1
    today = f"{timezone.now():%Y-%m-%d}"
    held = f"quarantine/{today}/{orphan}/lost.txt"
    left = [f"uploads/{document.pk}/notes.txt", "uploads/not-an-id/kept.txt"]
    assert sorted(keys(bucket)) == sorted([*left, held, ownership.STAMP])
    assert quarantine.bring_back(orphan)
    assert f"uploads/{orphan}/lost.txt" in keys(bucket)
    assert held not in keys(bucket)


def test_an_upload_whose_rows_fail_leaves_nothing_in_the_store(bucket, alice, monkeypatch, upload):
    monkeypatch.setattr(queue, "append", lambda documents: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upload()
    assert keys(bucket) == []


def test_the_whole_bucket_is_never_deleted(bucket, upload):
    upload()
    with pytest.raises(SuspiciousFileOperation):
        storage.media.delete_folder("/")
    assert len(keys(bucket)) == 1


def test_a_store_that_is_away_is_told_plainly_and_nothing_is_queued(absent, api, text_file):
    answer = api.post("/upload", {"files": text_file()}, format="multipart")
    assert answer.status_code == 503
    assert answer.json()["code"] == "storage_unavailable"
    assert answer["Retry-After"] == "5"
    assert not Document.objects.exists()


def test_pages_say_it_too(absent, browser, text_file):
    browser.raise_request_exception = False
    answer = browser.post("/d/upload", {"files": text_file()})
    assert answer.status_code == 503


def test_a_deletion_stands_although_the_store_is_away(
    bucket, upload, settings, caplog, django_capture_on_commit_callbacks
):
    document = upload()
    stores = settings.STORAGES
    settings.STORAGES = {
        **stores,
        "default": object_store(f"s3://a:b@127.0.0.1:{free_port()}/atom?scheme=http"),
    }
    with django_capture_on_commit_callbacks(execute=True):
        removal.delete(document)
    assert not Document.objects.exists()
    assert f"The file of document {document.pk} could not be removed yet" in caplog.text
    settings.STORAGES = stores
    assert len(keys(bucket)) == 1
    assert removal.finish_removals() == 1
    assert keys(bucket) == [ownership.STAMP]


def test_a_doctor_looks_at_the_store(bucket, settings):
    finding, *_ = doctor.examine_media()
    assert finding.verdict == Verdict.GOOD
    stores = settings.STORAGES["default"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**stores, "OPTIONS": {**stores["OPTIONS"], "bucket_name": "another"}},
    }
    finding, *_ = doctor.examine_media()
    assert finding.verdict == Verdict.BROKEN
    assert "NoSuchBucket" in finding.text
    assert "ATOM_MEDIA_URL" in finding.remedy


def test_a_store_that_is_away_raises_one_kind_of_error(absent):
    for ask in (
        lambda: default_storage.exists("a"),
        lambda: default_storage.open("a"),
        lambda: list(storage.stored_documents()),
        lambda: storage.media.check(),
    ):
        with pytest.raises(MediaUnavailable):
            ask()


def test_the_url_of_a_store_says_all_about_it():
    options = object_store("s3://k%2Fey:se%40cret@minio:9000/atom?scheme=http&region=eu-1")
    assert options["OPTIONS"] == {
        "bucket_name": "atom",
        "access_key": "k/ey",
        "secret_key": "se@cret",
        "endpoint_url": "http://minio:9000",
        "region_name": "eu-1",
    }


def test_without_a_host_and_a_key_the_surroundings_are_asked():
    options = object_store("s3:///atom?region=eu-central-1")["OPTIONS"]
    assert options["endpoint_url"] is None
    assert options["access_key"] is None


@pytest.mark.parametrize(
    "url",
    [
        "http://host/atom",
        "s3://host",
        "s3://host/a/b",
        "s3://h/a?scheme=ftp",
        "s3://h/a?acl=public",
    ],
)
def test_a_wrong_url_stops_the_start_with_a_sentence(url):
    with pytest.raises(ImproperlyConfigured, match="ATOM_MEDIA_URL"):
        object_store(url)
