"""Uploads in an object store that speaks S3, for several hosts. Needs the extra `s3`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from documents.storage import MediaUnavailable

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
PROBE = "write-probe"


def _or_unavailable(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """Say in the words of `storage` that the store failed."""

    @wraps(ask)
    def asked(*arguments: Any, **named: Any) -> Answer:
        with _trouble_is_told():
            return ask(*arguments, **named)

    return asked


@contextmanager
def _trouble_is_told() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        # Its code, not its sentence, which may quote names of files.
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise _unavailable(f"the object store refuses: {code}") from error
    except BotoCoreError as error:
        why = f"no answer from the object store: {type(error).__name__}"
        raise _unavailable(why) from error


def _unavailable(why: str) -> MediaUnavailable:
    logger.error("Files cannot be reached: %s", why)
    return MediaUnavailable(why)


class ObjectStore(S3Storage):  # type: ignore[misc]  # It has no types.
    """One bucket. A put is whole or not there, and seen by everybody once it has answered."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            # By default it is a minute each, for every try, while somebody waits for the answer.
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            signature_version="s3v4",
            # Stores of one's own seldom have a name for each bucket.
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
        )
        super().__init__(
            **{
                "client_config": config,
                "file_overwrite": True,  # Names hold the id of the document: nothing is there yet.
                "default_acl": None,
                # Larger files go to disk while they are read; by default they stay in memory.
                "max_memory_size": 1024 * 1024,
                **options,
            }
        )

    @_or_unavailable
    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)
        return saved

    def save_all(self, files: Iterable[tuple[str, Any]]) -> list[str]:
        return [self.save(name, content) for name, content in files]

    def adopt(self, name: str, path: Path) -> None:
        """Send a file that is whole, in parts of 8 MB where it is large (multipart upload)."""
        with path.open("rb") as content:
            self._save(name, File(content))

    @_or_unavailable
    def _open(self, name: str, mode: str = "rb") -> Any:
        opened = super()._open(name, mode)
        opened.file.seek(0)  # Fetches it now, so that trouble is met here.
        return opened

    @_or_unavailable
    def delete(self, name: str) -> None:
        super().delete(name)

    @_or_unavailable
    def exists(self, name: str) -> bool:
        known: bool = super().exists(name)
        return known

    @_or_unavailable
    def delete_folder(self, name: str) -> None:
        if not name.strip("/"):
            raise SuspiciousFileOperation("The whole bucket is never deleted.")
        self.bucket.objects.filter(Prefix=f"{name}/").delete()

    @_or_unavailable
    def move_folder(self, name: str, to: str) -> bool:
        """Move the files of a folder into another, where a file of the same name stays.

        Copied, then deleted: whoever is killed half way leaves a file in both. False: none moved.
        """
        moved = False
        for entry in self.bucket.objects.filter(Prefix=f"{name}/"):
            key = f"{to}/{entry.key.removeprefix(f'{name}/')}"
            if not super().exists(key):
                source = {"Bucket": self.bucket_name, "Key": entry.key}
                self.bucket.Object(key).copy_from(CopySource=source)
                entry.delete()
                moved = True
        return moved

    @_or_unavailable
    def names(self, name: str) -> list[str]:
        """Of the folders in this one."""
        pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=f"{name}/", Delimiter="/"
        )
        found = [some["Prefix"] for page in pages for some in page.get("CommonPrefixes", ())]
        return [prefix.removeprefix(f"{name}/").strip("/") for prefix in found]

    def files(self, name: str) -> Iterator[tuple[str, int]]:
        """Every file below this folder: its name in the store, and its bytes."""
        with _trouble_is_told():
            for entry in self.bucket.objects.filter(Prefix=f"{name}/"):
                yield entry.key, entry.size

    def folders(self, name: str) -> Iterator[tuple[str, float]]:
        """Folders in this one, and when something was put into each, by the store's clock."""
        with _trouble_is_told():
            # The store lists keys in their order, so the files of a folder come together.
            entries = self.bucket.objects.filter(Prefix=f"{name}/")
            for folder, files in groupby(
                entries, key=lambda entry: entry.key.removeprefix(f"{name}/").partition("/")[0]
            ):
                yield folder, max(file.last_modified.timestamp() for file in files)

    @_or_unavailable
    def now(self) -> float:
        """The time by the clock that dates files here, to the second: Unix seconds."""
        probe = self.bucket.Object(f"clock-{secrets.token_hex(8)}")
        probe.put(Body=b"")
        try:
            return float(probe.last_modified.timestamp())
        finally:
            probe.delete()

    def replace(self, name: str, content: bytes) -> None:
        """Write a small file, whole or not at all, over what is there."""
        self.save(name, ContentFile(content))

    def described(self) -> str:
        """Where it is, for operators."""
        return f"the bucket {self.bucket_name} at {self.endpoint_url or 'Amazon S3'}"

    def check_writable(self) -> None:
        """Put one byte under a name of its own; raises `MediaUnavailable`."""
        self._save(PROBE, ContentFile(b"1"))

    @_or_unavailable
    def check(self) -> None:
        """Raises `MediaUnavailable` unless the bucket is there for us."""
        self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
