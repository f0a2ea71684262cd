"""Erasing a person: all that is known of them, but for what was spent, which nobody's name is on.

It goes on beside web servers and workers, and may be repeated: what was erased stays so, and
what a broken-off erasure left is found by the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, ProtectedError, Q, Sum

from accounts import audit
from accounts.models import LoginSession, User
from documents import removal
from documents.models import (
    ActionItem,
    Analysis,
    CallTotals,
    Document,
    ModelCall,
    Page,
    ResumableUpload,
    StatusEvent,
    TaskFeed,
    UploadReceipt,
)
from documents.uploads.resumable import part_files

AT_ONCE = 500  # rows read at once
TRIES = 3  # an upload that was on its way may bring one more document


@dataclass(frozen=True)
class Receipt:
    """What of a person is there, or was before it was erased."""

    documents: int
    file_bytes: int
    pages: int
    analyses: int
    action_items: int
    events: int
    upload_receipts: int
    resumable_uploads: int
    calls: int  # of which no more is kept than what they cost
    browser_sessions: int
    token_logins: int
    task_feeds: int
    api_keys: int
    webhooks: int
    identities: int
    admin_entries: int

    def in_words(self) -> Iterator[str]:
        for name, number in asdict(self).items():
            yield f"{name.replace('_', ' ')}: {number}"


@transaction.atomic  # Cursors of the server need one, behind a pooler at least.
def count(user: User) -> Receipt:
    documents = Document.with_trashed.filter(owner=user)
    return Receipt(
        documents=documents.count(),
        file_bytes=documents.aggregate(total=Sum("size"))["total"] or 0,
        pages=Page.objects.filter(document__owner=user).count(),
        analyses=Analysis.objects.filter(document__owner=user).count(),
        action_items=ActionItem.objects.filter(analysis__document__owner=user).count(),
        events=StatusEvent.objects.filter(owner=user).count(),
        upload_receipts=UploadReceipt.objects.filter(owner=user).count(),
        resumable_uploads=ResumableUpload.objects.filter(owner=user).count(),
        calls=ModelCall.objects.filter(owner=user).count(),
        browser_sessions=len(_browser_sessions(user)),
        token_logins=LoginSession.objects.filter(user=user).count(),
        task_feeds=TaskFeed.objects.filter(owner=user).count(),
        api_keys=user.api_keys.count(),
        webhooks=user.webhooks.count(),
        identities=user.identities.count(),
        admin_entries=sum(1 for _ in _admin_entries(user)),
    )


def erase(user: User) -> Receipt:
    """Erase them for good; returns what was there. A worker drops what it holds of theirs."""
    # First of all: nothing new comes in meanwhile.
    user.is_active = False
    user.save(update_fields=["is_active"])
    with transaction.atomic():
        receipt = count(user)
        entries = iter(list(_admin_entries(user)))
        while some := list(islice(entries, AT_ONCE)):
            LogEntry.objects.filter(pk__in=some).delete()
        Session.objects.filter(pk__in=_browser_sessions(user)).delete()
    for _ in range(TRIES - 1):
        try:
            return _erase(user, receipt)
        except ProtectedError:  # By a document that came in after the last look.
            continue
    return _erase(user, receipt)


def _erase(user: User, receipt: Receipt) -> Receipt:
    while some := list(Document.with_trashed.filter(owner=user)[:AT_ONCE]):
        for document in some:
            removal.delete(document, act=audit.Action.DOCUMENT_ERASED)
    for upload in ResumableUpload.objects.filter(owner=user):
        part_files.forget(upload)
    with transaction.atomic():
        # The hash and the model's words would tell what was asked; sums need neither.
        ModelCall.objects.filter(owner=user).update(
            owner=None, document=None, answer="", request_hash=""
        )
        CallTotals.objects.filter(owner_id=user.pk).delete()  # By now of nothing.
        audit.record(audit.Action.USER_ERASED, user, documents=receipt.documents)
        # First their rows: an attempt written down between its log and itself would refer to it.
        list(user.webhooks.select_for_update())
        user.delete()
    return receipt


def _browser_sessions(user: User) -> list[str]:
    """Keys of their sessions. Who a session is of stands inside it only."""
    sessions = Session.objects.order_by().iterator(AT_ONCE)
    return [
        session.session_key
        for session in sessions
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]


def _admin_entries(user: User) -> Iterator[Any]:
    """What the admin noted by them, about them and about their documents; it quotes names."""
    types = ContentType.objects.get_for_models(User, Document)
    about_them = Q(content_type=types[User], object_id=str(user.pk))
    yield from LogEntry.objects.filter(Q(user=user) | about_them).values_list("pk", flat=True)
    about_documents = LogEntry.objects.filter(content_type=types[Document]).exclude(user=user)
    owned = {
        str(pk) for pk in Document.with_trashed.filter(owner=user).values_list("pk", flat=True)
    }
    entries = about_documents.values_list("pk", F("object_id")).order_by().iterator(AT_ONCE)
    yield from (pk for pk, document in entries if document in owned)
