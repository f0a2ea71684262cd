"""What an operator sees at a glance."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from documents import queue
from documents.failures import failure
from documents.models import Document, ModelCall, OpenCircuit, WorkerHeartbeat

PAGE = "/admin/operations/"


@pytest.fixture
def look(staff):
    client = Client()
    client.force_login(staff)

    def ask():
        answer = client.get(PAGE)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return ask


def test_an_idle_installation_says_that_nothing_happens(look):
    said = look()
    assert "Nothing is being read." in said
    assert "nothing is waiting" in said
    assert "No worker is running." in said


def test_line_claims_failures_and_spending_are_shown(look, upload):
    WorkerHeartbeat.objects.create(name="box:1:ab", host="box", pid=1, slots=4, busy=1)
    held, failed, _ = upload(), upload(), upload()
    queue.claim_next("box:1:ab")
    queue.claim_next("box:1:ab")
    queue.fail(Document.objects.get(pk=failed.pk), failure("encrypted"))
    Document.objects.pending().update(queued_at=timezone.now() - timedelta(hours=2))
    facts = {"document": held, "owner": held.owner, "attempt": 1, "chunk": 1, "model": "m"}
    ModelCall.objects.create(**facts, state="answered", cost_usd=Decimal("1.234"))
    ModelCall.objects.create(**facts, state="answered")
    said = look()
    assert '<th scope="row">Documents that wait</th><td>1</td>' in said
    assert "2 hours" in said
    assert "1 with 1 of 4 slots busy" in said
    assert f"{held.pk}</a></td><td>processing</td><td>box:1:ab</td>" in said
    assert "encrypted</a></td><td>1</td>" in said
    assert "1.23 USD, and 1 calls of unknown price" in said


def test_who_has_spent_what_of_today_and_who_waits_is_shown(look, upload, alice, bob, use_up):
    ModelCall.objects.create(
        owner=bob, attempt=1, chunk=1, model="m", state="answered", cost_usd=Decimal("0.01")
    )
    use_up(alice)
    said = look()
    assert "<td>alice</td><td>0.02 of 0.02</td><td>" in said
    assert "<td>bob</td><td>0.01 of 0.02</td><td>-</td>" in said
    assert "used up</th><td>1</td>" in said


def test_a_paused_line_is_said_on_top(look):
    OpenCircuit.objects.create(account="a", reason="key_rejected", probe_at=timezone.now())
    assert "rejects the API key" in look()


def test_names_and_texts_of_documents_are_not_shown(look, upload):
    upload("diary.txt", "Dear diary")
    queue.claim_next("w")
    assert "diary" not in look().lower()


def test_it_is_found_from_the_first_page_of_the_admin(staff):
    client = Client()
    client.force_login(staff)
    assert f'href="{PAGE}"' in client.get("/admin/").content.decode()


def test_it_is_for_staff_and_changes_nothing(staff, browser):
    assert Client().get(PAGE).status_code == 302
    assert browser.get(PAGE).status_code == 302
    client = Client()
    client.force_login(staff)
    assert client.post(PAGE).status_code == 405


def test_the_number_of_queries_does_not_grow(look, upload, django_assert_max_num_queries):
    for _ in range(5):
        upload()
        queue.claim_next("w")
    with django_assert_max_num_queries(20):
        look()
