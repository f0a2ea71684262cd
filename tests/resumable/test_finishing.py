"""Whole files are finished in threads of their own, so many of one person at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from atom_project import shared_counters
from atom_project.appended_bodies import FINISHING_OF_ONE
from atom_project.shared_counters import Hold
from documents.models import Document
from documents.uploads.resumable import finishing, part_files
from tests.resumable.conftest import PDF, Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(alice: User) -> Iterator[Any]:
    """As many files of alice's are being finished as may be; call it, and they are done."""
    counters = shared_counters.of_this_service()
    holds = [Hold(f"finishing:{alice.pk}", most=FINISHING_OF_ONE) for _ in range(FINISHING_OF_ONE)]
    assert all(counters.take(hold) for hold in holds)

    def end() -> None:
        while holds:
            counters.give_back(holds.pop())

    yield end
    end()


def test_bytes_and_whole_files_take_different_threads(
    tus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    append, finish = part_files.PartFile.append, finishing.finish

    def noted(call: Any) -> Any:
        def noting(*given: Any) -> Any:
            names.append(threading.current_thread().name.partition("_")[0])
            return call(*given)

        return noting

    monkeypatch.setattr(part_files.PartFile, "append", noted(append))
    monkeypatch.setattr(finishing, "finish", noted(finish))
    path = tus.begun(len(PDF))
    assert tus.append(path, 0, PDF[:10]).status == 204
    assert tus.append(path, 10, PDF[10:]).status == 204
    assert names == ["append", "append", "finish"]


def test_who_finishes_much_is_told_to_come_again_and_loses_nothing(tus: Client, busy: Any) -> None:
    path = tus.begun(len(PDF))
    answer = tus.append(path, 0, PDF)
    assert (answer.status, answer.code) == (503, "server_busy")
    assert "retry-after" in answer.headers
    busy()
    assert tus.offset(path) == len(PDF)
    assert Document.objects.count() == 1


def test_bytes_come_in_while_files_are_finished(tus: Client, busy: Any) -> None:
    path = tus.begun(len(PDF))
    assert tus.append(path, 0, PDF[:10]).status == 204


def test_others_finish_theirs(tus: Client, bobs_tus: Client, busy: Any) -> None:
    assert bobs_tus.append(bobs_tus.begun(len(PDF)), 0, PDF).status == 204
