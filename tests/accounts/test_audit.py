"""The audit log knows who did what, keeps it, and holds no word of a document."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.models import AppendOnly, AuditEvent
from documents.models import Document
from documents.worker import Worker
from tests.conftest import PASSWORD
from tests.engines import OneCall


def acts():
    return list(AuditEvent.objects.order_by("id").values_list("action", "actor"))


def test_signing_in_and_out_of_a_browser_is_noted(alice):
    client = Client()
    given = {"username": "alice", "password": PASSWORD}
    client.post("/login/", given | {"password": "wrong"})
    assert client.post("/login/", given).status_code == 302
    client.post("/logout/")
    client.post("/logout/")
    assert acts() == [("signed_in", alice.pk), ("signed_out", alice.pk)]
    assert AuditEvent.objects.first().address == "127.0.0.1"


def test_logging_in_and_out_by_token_is_noted(alice):
    client = Client()
    given = {"username": "alice", "password": PASSWORD}
    for by in ("access", "refresh"):
        pair = client.post("/auth/login", given, "application/json").json()
        headers = {"authorization": f"Bearer {pair['access']}"} if by == "access" else {}
        body = {} if by == "access" else {"refresh": pair["refresh"]}
        answer = client.post("/auth/logout", body, "application/json", headers=headers)
        assert answer.status_code == 204
    assert acts() == 2 * [("signed_in", alice.pk), ("signed_out", alice.pk)]


def test_a_changed_password_is_noted(browser, alice):
    new = "a quite different sentence"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert browser.post("/password/", given).status_code == 302
    assert acts() == [("password_changed", alice.pk)]


def test_deletes_and_exports_are_noted_by_id_and_without_a_word(api, browser, alice, upload):
    document, other = upload("secret plan.txt", "The quay wall."), upload("second.txt")
    Worker(slots=1, engine=OneCall()).work_once()
    assert api.get(f"/documents/{document.pk}/export?as=csv").status_code == 200
    assert api.delete(f"/documents/{document.pk}").status_code == 204
    browser.post(f"/d/{other.pk}/delete/")
    assert not Document.objects.exists()
    assert acts() == [
        ("analysis_exported", alice.pk),
        ("document_deleted", alice.pk),
        ("document_trashed", alice.pk),
    ]
    noted = str(list(AuditEvent.objects.values()))
    assert str(document.pk) in noted
    assert "secret plan" not in noted
    assert "alice" not in noted


@pytest.fixture
def event(db):
    return audit.record(audit.Action.BACKED_UP, documents=3)


def test_what_is_noted_is_neither_changed_nor_deleted(event):
    event.actor = 7
    for act in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(actor=7),
        lambda: AuditEvent.objects.bulk_update([event], ["actor"]),
    ):
        with pytest.raises(AppendOnly):
            act()
    kept = AuditEvent.objects.get()
    assert (kept.actor, kept.figures) == (None, {"documents": 3})


def test_only_what_is_old_goes(event, settings):
    settings.ATOM_AUDIT_DAYS = 30
    assert audit.prune() == 0
    for days in (29, 31):
        AuditEvent.objects.create(
            action=audit.Action.RESTORED, at=timezone.now() - timedelta(days=days)
        )
    assert audit.prune() == 1
    assert AuditEvent.objects.count() == 2


def test_staff_may_look_at_it_and_nobody_may_touch_it(staff, event):
    client = Client()
    client.force_login(staff)
    listed = client.get("/admin/accounts/auditevent/")
    assert "backed_up" in listed.content.decode().lower().replace(" ", "_")
    address = f"/admin/accounts/auditevent/{event.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"actor": 7}).status_code == 403
    assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_acts_in_the_admin_are_noted(staff, alice, upload):
    client = Client()
    client.force_login(staff)
    document = upload()
    action = {"action": "cancel", "_selected_action": [str(document.pk)]}
    client.post("/admin/documents/document/", action)
    client.post(
        "/admin/accounts/user/", {"action": "deactivate", "_selected_action": [str(alice.pk)]}
    )
    found = AuditEvent.objects.order_by("id").values_list("action", "actor", "subject")
    assert list(found) == [
        ("admin_changed", staff.pk, str(document.pk)),
        ("admin_changed", staff.pk, str(alice.pk)),
    ]
