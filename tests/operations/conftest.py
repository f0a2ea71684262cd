"""Stored files that no database knows."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File

from documents import storage


@pytest.fixture
def stranger(settings: Any) -> Callable[..., uuid.UUID]:
    """Store a file that belongs to no document, put there long ago."""

    def store(*, old: bool = True) -> uuid.UUID:
        document_id = uuid.uuid4()
        name = storage.store(document_id, "left.txt", File(BytesIO(b"left")))
        if old:
            os.utime((Path(settings.MEDIA_ROOT) / name).parent, (0, 0))
        return document_id

    return store
