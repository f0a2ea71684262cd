"""Uploads in an object store that speaks S3, for several hosts. Needs the extra `s3`."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import SuspiciousFileOperation
from storages.backends.s3 import S3Storage

from documents.storage import MediaUnavailable

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
PLENTY = sys.maxsize


def _or_unavailable(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """Say in the words of `storage` that the store failed."""

    @wraps(ask)
    def asked(*arguments: Any, **named: Any) -> Answer:
        try:
            return ask(*arguments, **named)
        except ClientError as error:
            # Its code, not its sentence, which may quote names of files.
            code = error.response.get("Error", {}).get("Code", "unknown")
            raise _unavailable(f"the object store refuses: {code}") from error
        except BotoCoreError as error:
            why = f"no answer from the object store: {type(error).__name__}"
            raise _unavailable(why) from error

    return asked


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
    def old_folders(self, name: str, age: float) -> Iterator[str]:
        """Names of folders in this one that nothing was put into for so many seconds."""
        youngest: dict[str, float] = {}
        for entry in self.bucket.objects.filter(Prefix=f"{name}/"):
            folder = entry.key.removeprefix(f"{name}/").partition("/")[0]
            put_at = entry.last_modified.timestamp()
            youngest[folder] = max(put_at, youngest.get(folder, 0))
        return iter([folder for folder, put_at in youngest.items() if put_at < time.time() - age])

    def free_bytes(self) -> int:
        return PLENTY

    @_or_unavailable
    def check(self) -> None:
        """Raises `MediaUnavailable` unless the bucket is there for us."""
        self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
