"""Housekeeping: what piles up and nobody misses, cleared away by any worker, mostly hourly."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import LoginSession
from atom_project.persistent_connections import reconnecting
from documents import circuit_breaker, events, quotas, removal, search, storage
from documents.models import (
    Document,
    ServerMemory,
    StatusEvent,
    UploadReceipt,
    WorkerHeartbeat,
    clock,
)
from documents.operations import planner_statistics
from documents.originals import quarantine
from documents.originals.ownership import ForeignStore
from documents.page_images import cache as page_image_cache
from documents.pipeline import ledger
from documents.storage import MediaUnavailable
from documents.trash import purge
from documents.uploads import intake
from documents.uploads.resumable import sweep as sweep_of_parts
from documents.webhooks import delivery_log

logger = logging.getLogger(__name__)

AT_ONCE = 500  # rows in one transaction; others write in between
ENDED_LOGINS_KEPT = timedelta(days=1)
RECENT_CALLS = timedelta(hours=2)  # The hourly sweep looks at the others.
OLD_UPLOAD = 24 * 3600  # seconds; no upload lasts that long


def sweep() -> None:
    """Do every chore; one that fails is told and holds up no other."""
    _do(CHORES)


def glance() -> None:
    """Do what cannot wait for an hour, because people look at it."""
    _do(FREQUENT_CHORES)


def _do(chores: dict[str, Callable[[], int | None]]) -> None:
    for what, chore in chores.items():
        try:
            if cleared := reconnecting(chore):
                logger.info("Cleared away: %s %s", cleared, what)
        except ForeignStore as reason:
            logger.error("Nothing was done about %s. %s", what, reason)  # noqa: TRY400
        except (DatabaseError, OSError, MediaUnavailable):
            logger.exception("Could not clear away %s", what)


def expired_logins() -> int:
    """Logins by token that ran out, or were ended a day ago; their tokens stay refused."""
    now = timezone.now()
    over = Q(expires_at__lt=now) | Q(ended_at__lt=now - ENDED_LOGINS_KEPT)
    return _delete(LoginSession.objects.filter(over))


def expired_browser_sessions() -> int:
    return _delete(Session.objects.filter(expire_date__lt=timezone.now()))


def old_receipts() -> int:
    oldest = timezone.now() - intake.RECEIPT_LIFETIME
    return _delete(UploadReceipt.objects.filter(created_at__lt=oldest))


def old_server_memories() -> int:
    return _delete(ServerMemory.objects.expired())


def old_heartbeats() -> int:
    return _delete(WorkerHeartbeat.objects.gone())


def uncounted_documents() -> int:
    """What documents of an earlier version take, of which only the file was counted."""
    counted = 0
    while some := list(Document.with_trashed.filter(stored_bytes=None).order_by()[:AT_ONCE]):
        counted += quotas.count_stored(some)
    return counted


def unindexed_documents() -> int:
    """Documents of an earlier version, which searched them letter by letter."""
    indexed = 0
    while some := search.catch_up():
        indexed += some
    return indexed


def words_of_deleted_documents() -> None:
    """Out of the file of the index as well, after deletions: until then they are only marked."""
    if StatusEvent.objects.tombstones().exists():
        search.purge()


def forgotten_uploads() -> int:
    """What killed web processes left of files that were being received."""
    # By the names Django gives them, and one's own only: the folder may be everybody's.
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    return sum(_remove_if_forgotten(path) for path in folder.glob("tmp*.upload*"))


def _remove_if_forgotten(path: Path) -> bool:
    try:
        facts = path.lstat()
        if facts.st_uid != os.getuid() or facts.st_mtime > time.time() - OLD_UPLOAD:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def documents_past_their_time() -> int:
    """Deletes what finished more than `ATOM_KEEP_DAYS` ago, each as its owner would."""
    if not settings.ATOM_KEEP_DAYS:
        return 0
    before = _clock_that_is_behind() - timedelta(days=settings.ATOM_KEEP_DAYS)
    expired, deleted = Document.with_trashed.finished_before(before), 0
    while some := list(expired[:AT_ONCE]):
        for document in some:
            removal.delete(document, act=audit.Action.DOCUMENT_EXPIRED, if_unmoved=True)
        deleted += len(some)
    return deleted


def trash_past_its_time() -> int:
    """Deletes for good what was in the trash for `ATOM_TRASH_DAYS`."""
    return purge.expired(_clock_that_is_behind())


def _clock_that_is_behind() -> datetime:
    """Of this host's, the database's and the store's: one that jumped ahead must end nothing.

    A deletion is for good, and a host may start with a clock of its own making.
    """
    store = datetime.fromtimestamp(storage.media.now(), UTC)
    return min(timezone.now(), clock.told_by_database(), store)


def _delete(rows: QuerySet[Any]) -> int:
    """Some at a time: one large deletion would hold up everybody who writes."""
    cleared = 0
    while some := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=some).delete()
        cleared += len(some)
    return cleared


CHORES: dict[str, Callable[[], int | None]] = {
    "removals of files, now done": removal.finish_removals,
    "files that no document knows, into quarantine": quarantine.keep,
    "page images beyond their limit": page_image_cache.trim,
    "tombstones": events.prune_tombstones,
    "expired logins": expired_logins,
    "expired browser sessions": expired_browser_sessions,
    "old upload receipts": old_receipts,
    "heartbeats of former workers": old_heartbeats,
    "what model servers showed long ago": old_server_memories,
    "documents without their stored bytes": uncounted_documents,
    "documents that were not indexed yet": unindexed_documents,
    "words of deleted documents": words_of_deleted_documents,
    "open circuits of unused accounts": circuit_breaker.forget_unused,
    "forgotten uploads": forgotten_uploads,
    "resumable uploads that nobody went on with": sweep_of_parts.expired,
    "documents kept long enough": documents_past_their_time,
    "documents long in the trash": trash_past_its_time,
    "deliveries of webhooks of long ago": delivery_log.prune,
    "acts of long ago": audit.prune,
    "calls nobody waits for": ledger.close_overdue,
    "figures that the planner of queries had": planner_statistics.gather,
}
FREQUENT_CHORES: dict[str, Callable[[], int | None]] = {
    "documents of the trash, for the disk's reserve": purge.make_room,
    "calls nobody waits for": partial(ledger.close_overdue, within=RECENT_CALLS),
}
