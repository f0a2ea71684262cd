"""Whether the same file is here already, to be said beside an upload."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.models import User
from documents.models import Document


def earlier(owner: User, uploaded: Sequence[Document]) -> dict[UUID, Document]:
    """For each upload with the bytes of an earlier document of its owner, the first such one."""
    same_bytes = (
        Document.objects.visible_to(owner)
        .filter(sha256__in={document.sha256 for document in uploaded})
        .order_by()
        .only("filename", "sha256", "created_at", "queue_number")
    )
    first: dict[str, Document] = {}
    # Sorted here: asked for that order, SQLite walks through all there are of this owner.
    for document in sorted(same_bytes, key=lambda same: (same.created_at, same.queue_number)):
        first.setdefault(document.sha256, document)
    return {
        document.pk: first[document.sha256]
        for document in uploaded
        if document.sha256 in first and first[document.sha256].pk != document.pk
    }
