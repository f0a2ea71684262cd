"""What is told to be received is on the disk: the files, their folders, and only then the rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from documents import queue, storage
from documents.models import Document
from documents.uploads import intake


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is synced, and when rows are appended."""
    done: list[Any] = []
    real_sync, real_append = storage.sync, queue.append

    def sync(path: Path) -> None:
        done.append(path)
        real_sync(path)

    def append(documents: Any) -> None:
        done.append("rows")
        real_append(documents)

    monkeypatch.setattr(storage, "sync", sync)
    monkeypatch.setattr(queue, "append", append)
    return done


def paths_of(media: Path, document: Document) -> list[Path]:
    file = media / str(document.file)
    return [file, file.parent]


def test_files_and_folders_are_synced_before_the_rows(
    alice: User, text_file: Callable[..., Any], settings: Any, acts: list[Any]
) -> None:
    files = [text_file(f"{number}.txt") for number in range(3)]
    sent = intake.receive(alice, files).documents
    *synced, last = acts
    assert last == "rows"
    media = Path(settings.MEDIA_ROOT)
    own = [path for document in sent for path in paths_of(media, document)]
    assert set(synced) == {*own, media / "uploads", media}
    assert len(synced) == len(set(synced))  # Shared folders once.


def test_all_files_are_written_before_the_first_is_synced(
    alice: User, text_file: Callable[..., Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[int] = []

    def sync(path: Path) -> None:
        there.append(len(list((Path(settings.MEDIA_ROOT) / "uploads").rglob("*.txt"))))

    monkeypatch.setattr(storage, "sync", sync)
    intake.receive(alice, [text_file(f"{number}.txt") for number in range(4)])
    assert set(there) == {4}


def test_a_file_that_cannot_be_written_takes_the_others_along(
    alice: User, text_file: Callable[..., Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = storage.DurableFileSystemStorage._write, []

    def write(self: Any, name: str, content: Any) -> str:
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(name)
        return real(self, name, content)

    monkeypatch.setattr(storage.DurableFileSystemStorage, "_write", write)
    with pytest.raises(OSError, match="No space"):
        intake.receive(alice, [text_file(f"{number}.txt") for number in range(4)])
    assert len(written) == 2
    assert not list((Path(settings.MEDIA_ROOT) / "uploads").iterdir())
    assert not Document.objects.exists()


def test_a_file_without_room_is_gone_while_the_others_stay(
    alice: User, text_file: Callable[..., Any], settings: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    [kept] = intake.receive(alice, [text_file("a.txt"), text_file("b.txt")]).documents
    folders = list((Path(settings.MEDIA_ROOT) / "uploads").iterdir())
    assert folders == [Path(settings.MEDIA_ROOT) / "uploads" / str(kept.pk)]
