"""A person who is erased leaves nothing but what was spent, and nobody else loses anything."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import tokens
from accounts.models import LoginSession, User
from documents import queue
from documents.models import Analysis, Document, ModelCall, Page, StatusEvent, UploadReceipt
from documents.operations import erasure
from documents.uploads import intake
from documents.worker import Worker
from tests.engines import OneCall


@pytest.fixture
def files(settings):
    def names():
        uploads = settings.MEDIA_ROOT / "uploads"
        return sorted(path.name for path in uploads.iterdir()) if uploads.exists() else []

    return names


@pytest.fixture
def busy_alice(alice, bob, staff, upload, text_file):
    """Has everything that a person can have."""
    read, waiting = upload("read.txt", "Ann must check the crane."), upload("waiting.txt", "Wait.")
    upload("bobs.txt", "The berth is free.", owner=bob)
    Worker(slots=1, engine=OneCall()).work_once()
    ModelCall.objects.create(
        document=read,
        owner=alice,
        attempt=1,
        chunk=1,
        model="m",
        request_hash="abc",
        cost_usd="0.25",
        state="answered",
        answer="words",
    )
    intake.receive(alice, [text_file("keyed.txt", "keyed")], key="once")
    tokens.log_in(alice), tokens.log_in(bob)
    Client().force_login(alice), Client().force_login(bob)
    for entry in (alice, waiting):
        LogEntry.objects.log_actions(staff.pk, [entry], CHANGE, single_object=True)
    return alice


def test_all_that_is_known_of_a_person_goes_and_the_receipt_counts_it(
    busy_alice, bob, files, django_capture_on_commit_callbacks
):
    bobs_events = list(StatusEvent.objects.filter(owner=bob).values())
    with django_capture_on_commit_callbacks(execute=True):
        receipt = erasure.erase(busy_alice)
    assert (receipt.documents, receipt.upload_receipts, receipt.calls) == (3, 1, 2)
    assert (receipt.pages, receipt.analyses) == (1, 1)
    assert (receipt.browser_sessions, receipt.token_logins, receipt.admin_entries) == (1, 1, 2)
    assert receipt.file_bytes > 0
    assert list(User.objects.order_by("username")) == [bob, User.objects.get(username="staff")]
    assert Document.objects.get().owner == LoginSession.objects.get().user == bob
    assert files() == [str(Document.objects.get().pk)]
    assert not Page.objects.exists()
    assert not Analysis.objects.exists()
    assert not UploadReceipt.objects.exists()
    assert not LogEntry.objects.exists()
    assert Session.objects.count() == 1
    assert list(StatusEvent.objects.values()) == bobs_events


def test_what_was_spent_stays_spent_and_nobodys_name_is_on_it(busy_alice):
    spent = ModelCall.objects.all().figures()
    erasure.erase(busy_alice)
    assert ModelCall.objects.all().figures() == spent
    kept = set(ModelCall.objects.values_list("owner", "document", "answer", "request_hash"))
    assert kept == {(None, None, "", "")}


def test_a_deactivated_person_can_be_erased_beside_a_worker_that_holds_a_document(alice, upload):
    held = upload()
    queue.claim_next("w")
    alice.is_active = False
    alice.save()
    erasure.erase(alice)
    assert queue.renew("w", [held.pk]) == set()
    assert not User.objects.filter(username="alice").exists()


def test_a_document_that_comes_in_meanwhile_goes_too(alice, upload, monkeypatch):
    upload()
    delete, late = erasure.removal.delete, iter(["late.txt"])

    def and_one_more(document, **options):
        delete(document, **options)
        for name in late:
            upload(name, "late")

    monkeypatch.setattr(erasure.removal, "delete", and_one_more)
    erasure.erase(alice)
    assert not Document.objects.exists()


def test_a_dry_run_counts_and_erases_nothing(busy_alice, capsys):
    call_command("erase", "alice", "--dry-run")
    assert "documents: 3" in capsys.readouterr().out
    busy_alice.refresh_from_db()
    assert busy_alice.is_active
    assert Document.objects.filter(owner=busy_alice).count() == 3


def test_another_name_than_asked_for_erases_nothing(alice, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "bob")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase", "alice")
    assert User.objects.filter(pk=alice.pk, is_active=True).exists()


def test_where_nobody_can_type_nothing_is_erased(alice, monkeypatch):
    def at_its_end(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", at_its_end)
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase", "alice")
    assert User.objects.filter(pk=alice.pk).exists()


def test_the_typed_name_erases_and_the_page_of_backups_is_told(alice, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda question: "alice")
    call_command("erase", "alice")
    said = capsys.readouterr().out
    assert f"Erased user {alice.pk}" in said
    assert "Backups made before now still hold it" in said
    with pytest.raises(CommandError, match="There is no user alice"):
        call_command("erase", "alice", "--yes")
