"""What the pages say while the model server takes no more money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts.models import User
from atom_project import default_model
from documents import queue
from documents.failures import failure
from documents.models import Document, OpenCircuit, WorkerHeartbeat
from tests.dashboard.html import Html

See = Callable[..., Html]


@pytest.fixture
def paused(worker: WorkerHeartbeat) -> OpenCircuit:
    WorkerHeartbeat.objects.update(account="an account")
    return OpenCircuit.objects.create(
        account="an account",
        reason="quota_exhausted",
        probe_at=timezone.now() + timedelta(seconds=50),
    )


def test_a_paused_line_is_told_above_the_list(see: See, paused: OpenCircuit) -> None:
    banner = see("/").one("div", id="line-pause")
    assert "no quota left" in banner.text
    assert "go on by themselves" in banner.text


def test_nothing_is_told_while_some_worker_goes_on(see: See, paused: OpenCircuit) -> None:
    WorkerHeartbeat.objects.create(name="built-in", host="here", pid=2, slots=4)
    assert not see("/").all("div", id="line-pause")


def test_nothing_is_told_once_it_goes_on(see: See, paused: OpenCircuit) -> None:
    OpenCircuit.objects.all().delete()
    assert not see("/").all("div", id="line-pause")


def test_a_waiting_document_says_that_the_line_is_paused(
    see: See, upload: Callable[..., Document], paused: OpenCircuit
) -> None:
    document = upload()
    assert "no quota left" in see(f"/d/{document.pk}").one("live-view", id="document-panel").text


def test_a_document_sent_back_by_the_pause_says_so_in_its_history(
    see: See, upload: Callable[..., Document], paused: OpenCircuit
) -> None:
    document = upload()
    OpenCircuit.objects.update(probe_at=timezone.now() - timedelta(seconds=1))
    claimed = queue.claim_next("worker", "an account")
    assert claimed
    queue.trip(claimed, failure("quota_exhausted"), "an account")
    assert "The line is paused; the document kept its place" in see(f"/d/{document.pk}").text


def test_the_end_of_the_model_is_told_to_those_who_can_act(
    see: See, alice: User, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ANALYSIS_ENGINE, settings.ATOM_MODEL = "openai", "gpt-4.1"
    monkeypatch.setattr(default_model, "today", lambda: date(2026, 12, 20))
    assert not see("/").all("div", id="model-end")
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    told = see("/").one("div", id="model-end").text
    assert "will be shut down on 2027-01-14" in told
    assert "ATOM_MODEL" in told
    settings.OPENAI_BASE_URL = "http://127.0.0.1:11434/v1"
    assert not see("/").all("div", id="model-end")
