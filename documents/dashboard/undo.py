"""Undo: right after a deletion, the list offers to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages

from accounts.requests import SignedInRequest
from documents.dashboard import ticked
from documents.models import Document

UNDO = "undo"


def offer(request: SignedInRequest, deleted: Sequence[Document]) -> None:
    """Have the next list say what was deleted and, where it is in the trash, offer it back."""
    if not deleted:
        return
    what = f"“{deleted[0].filename}” was" if len(deleted) == 1 else ticked.in_words(len(deleted))
    if settings.ATOM_TRASH_DAYS:
        said = f"{what} moved to the trash."
        request.session[UNDO] = {"said": said, "ids": [str(row.pk) for row in deleted]}
    else:
        messages.success(request, f"{what} deleted.")


def taken(request: SignedInRequest) -> dict[str, Any] | None:
    """What is to be offered now, once."""
    offered: dict[str, Any] | None = request.session.pop(UNDO, None)
    return offered
