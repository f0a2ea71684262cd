"""What stands in the way at the end passes, and costs nobody what has been sent."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.throttles import RequestThrottle
from documents.models import Document
from documents.uploads.resumable import appending, running_hashes
from tests.resumable.conftest import PDF, Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes of each file that was read to be hashed."""
    sizes, digest_of = [], running_hashes.digest_of

    def counted(part: Any, running: Any = None) -> str:
        sizes.append(part.size)
        return digest_of(part, running)

    monkeypatch.setattr(running_hashes, "digest_of", counted)
    return sizes


def test_a_file_whose_owner_has_no_room_is_not_read_each_time_he_asks(
    tus: Client, settings: Any, upload: Any, hashed: list[int]
) -> None:
    path = tus.begun(len(PDF))
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    upload()
    assert tus.append(path, 0, PDF).code == "quota_queue"
    assert {tus.ask("HEAD", path).status for _ in range(3)} == {423}
    assert hashed == []
    settings.ATOM_MAX_QUEUED_PER_USER = 2
    assert tus.ask("HEAD", path).status == 200
    assert hashed == [len(PDF)]


def test_a_line_that_fills_while_the_file_is_read_is_full(
    tus: Client, settings: Any, upload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, digest_of = tus.begun(len(PDF)), running_hashes.digest_of
    settings.ATOM_MAX_QUEUED_PER_USER = 1

    def slow(part: Any, running: Any = None) -> str:
        upload()
        return digest_of(part, running)

    monkeypatch.setattr(running_hashes, "digest_of", slow)
    answer = tus.append(path, 0, PDF)
    assert (answer.status, answer.code) == (429, "quota_queue")
    assert Document.objects.count() == 1


def test_an_offset_that_cannot_be_told_now_is_locked_and_one_that_never_can_is_not(
    tus: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At all but 423, tus-js-client forgets the upload and begins a new one from its first byte."""
    path = tus.begun(len(PDF))
    with monkeypatch.context() as broken:
        broken.setattr(appending, "answer_head", lambda upload: 1 / 0)
        assert tus.ask("HEAD", path).status == 423
    with monkeypatch.context() as throttled:
        settings.ATOM_THROTTLE = True
        throttled.setattr(RequestThrottle, "limit", 0)
        answer = tus.ask("HEAD", path)
        assert (answer.status, int(answer.headers["retry-after"]) > 0) == (423, True)
    settings.ATOM_THROTTLE = False
    assert tus.ask("DELETE", path).status == 204
    assert tus.ask("HEAD", path).status == 404
