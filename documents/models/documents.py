"""Documents, each of them its own entry in the queue."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from documents.models import clock
from documents.models.analyses import Analysis
from documents.models.indexes import NullsLastIndex
from documents.models.literals import Literal
from documents.models.trash import TRASHED
from documents.models.uploads import LONGEST_EXTERNAL_ID


class Status(models.TextChoices):
    PENDING = "pending"
    PROCESSING = "processing"
    ANALYZING = "analyzing"
    COMPLETED = "completed"
    FAILED = "failed"


RUNNING = (Status.PROCESSING, Status.ANALYZING)
FINISHED = (Status.COMPLETED, Status.FAILED)


_LITERALLY_TRASHED = Literal(TRASHED)
_LITERALLY_PENDING = Literal(str(Status.PENDING))
_LITERALLY_RUNNING = [Literal(str(status)) for status in RUNNING]


BUILT_IN_ENGINE: Final = "offline"  # needs no model server, and costs nothing


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        return self.filter(owner=user)

    def pending(self) -> DocumentQuerySet:
        return self.filter(status=_LITERALLY_PENDING)

    def ready(self) -> DocumentQuerySet:
        """Pending documents that nothing holds: those a worker may claim."""
        return self.pending().filter(held_until=None)

    def without_model(self) -> DocumentQuerySet:
        """Those that the built-in engine is to analyze, which no open circuit holds."""
        return self.filter(chosen_engine=BUILT_IN_ENGINE)

    def with_model(self) -> DocumentQuerySet:
        return self.exclude(chosen_engine=BUILT_IN_ENGINE)

    def for_claim(self) -> DocumentQuerySet:
        """With their rows locked until the transaction ends."""
        # Never `skip_locked`: it would let later documents overtake a head that is being read.
        # SQLite ignores it without a word, so tests would pass; on PostgreSQL, 4 of 400 overtook.
        return self.select_for_update(no_key=True)

    def running(self) -> DocumentQuerySet:
        return self.filter(status__in=_LITERALLY_RUNNING)

    def trashed(self) -> DocumentQuerySet:
        return self.filter(status=TRASHED)

    def finished_before(self, moment: datetime) -> DocumentQuerySet:
        """Longest finished first; by `with_trashed`, also what was finished when it was trashed."""
        found = self.filter(status__in=[*FINISHED, TRASHED], finished_at__lt=moment)
        return found.order_by("finished_at")

    def in_queue_order(self) -> DocumentQuerySet:
        return self.order_by("turn", "queue_number")

    def newest_first(self) -> DocumentQuerySet:
        return self.order_by("-created_at", "-queue_number")  # Unique: no row is on two pages.

    def held_by(self, worker: str) -> DocumentQuerySet:
        return self.running().filter(claimed_by=worker)

    def lease_expired(self, *, since: timedelta = timedelta(0)) -> DocumentQuerySet:
        """Running documents whose worker has not renewed its lease: it died, hangs or is cut off.

        With `since`, those whose lease expired at least that long ago. A lease more than two
        leases ahead was taken before the clock was set back.
        """
        now = clock.now()
        too_far = now + 2 * settings.LEASE
        # Without any lease, nobody would ever renew it, nor miss it.
        return self.running().filter(
            Q(lease_expires_at=None)
            | Q(lease_expires_at__lt=now - since)
            | Q(lease_expires_at__gt=too_far)
        )

    def at_version(self, document: Document) -> DocumentQuerySet:
        """The row, if nobody has moved it since `document` was read: the optimistic lock.

        Status and `attempts` are its version. `attempts`, the fencing token, grows with each
        claim, so a worker that lost its claim never matches.
        """
        return self.filter(pk=document.pk, status=document.status, attempts=document.attempts)


_AnyDocuments = models.Manager.from_queryset(DocumentQuerySet)


class DocumentManager(_AnyDocuments["Document"]):
    """All documents but those in the trash, so that nobody has to think of it who lists them.

    Who counts bytes, looks after files or deletes people asks `Document.with_trashed`. What comes
    to documents by a join (`analysis__document`) passes this by: begin with `visible_to`.
    """

    def get_queryset(self) -> DocumentQuerySet:
        every = DocumentQuerySet(self.model, using=self._db)
        return every.exclude(status=_LITERALLY_TRASHED)


class Document(models.Model):
    """One file somebody handed in. The row is also its place in the queue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # `document_owner_newest` begins with it: an index of its own would be written for nothing.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="documents",
        db_index=False,
    )
    filename = models.CharField(max_length=500)  # As given, without control characters.
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    stored_bytes = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="bytes with text and analyses; empty: not counted yet"
    )
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=500)
    output_language = models.CharField(
        max_length=35, blank=True, help_text="Language the owner wants the analysis in"
    )
    # NULL, not blank: such a column is added without a copy, and its index holds the named alone.
    external_id = models.CharField(  # noqa: DJ001
        max_length=LONGEST_EXTERNAL_ID,
        null=True,
        blank=True,
        help_text="its owner's own name for it; several documents may share one",
    )
    wants_fresh = models.BooleanField(
        default=False, help_text="analyze it, even where an identical file has been"
    )
    chosen_engine = models.CharField(
        max_length=200,
        blank=True,
        help_text="its owner's choice: `offline` or a model; blank: as the settings say",
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    queue_number = models.BigIntegerField(unique=True)
    turn = models.BigIntegerField(
        default=0, help_text="comes before the number in the order of the queue; see `turns`"
    )
    queued_at = clock.Moment(default=timezone.now)
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="claims pass over it while this is set; see BudgetHold"
    )
    attempts = models.PositiveIntegerField(default=0, help_text="claims so far; the fencing token")
    lease_expirations = models.PositiveIntegerField(default=0, help_text="leases run out in a row")
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.JSONField(null=True, blank=True)
    warning = models.CharField(
        max_length=20, blank=True, help_text="of the analysis it was completed with"
    )
    request_id = models.CharField(
        max_length=64, blank=True, editable=False, help_text="that queued it last, in the logs"
    )
    traceparent = models.CharField(
        max_length=55, blank=True, editable=False, help_text="the span of that request, if traced"
    )

    page_count = models.PositiveIntegerField(null=True, blank=True)
    encoding = models.CharField(max_length=40, blank=True, help_text="of a text file")
    encoding_is_unsure = models.BooleanField(
        default=False, help_text="another encoding fits about as well"
    )
    chosen_encoding = models.CharField(
        max_length=40, blank=True, help_text="its owner's choice; blank: found out by itself"
    )
    unread = models.JSONField(default=list, blank=True, help_text="what was not read, and why")
    language = models.CharField(max_length=35, blank=True)
    progress = models.JSONField(null=True, blank=True)
    created_at = clock.Moment(default=timezone.now)
    updated_at = clock.Moment(default=timezone.now)

    objects = DocumentManager()
    with_trashed = DocumentQuerySet.as_manager()

    # Not a column: told by a claim, see `hot_sql`.
    may_have_twin = True

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                # Only what may be claimed: the head is found by one probe, however many are held.
                # With what the condition names, positions are counted without a look at the rows.
                fields=["turn", "queue_number", "status", "held_until"],
                name="document_line",
                condition=Q(status="pending", held_until=None),
            ),
            models.Index(
                # Those that go on while a circuit holds all others, however long that line is.
                fields=["turn", "queue_number", "status", "held_until", "chosen_engine"],
                name="document_line_built_in",
                condition=Q(status="pending", held_until=None, chosen_engine=BUILT_IN_ENGINE),
            ),
            models.Index(
                # The last turn of an owner, for fair queueing; few rows, however many are kept.
                fields=["owner", "turn"],
                name="document_owner_turns",
                condition=Q(status="pending"),
            ),
            models.Index(
                # Who waits longest, for `statistics`: in fair turns that need not be the head.
                fields=["queued_at"],
                name="document_waits",
                condition=Q(status="pending", held_until=None),
            ),
            models.Index(
                fields=["lease_expires_at"],
                name="document_leases",
                condition=Q(status__in=["processing", "analyzing"]),
            ),
            models.Index(
                fields=["owner", "-created_at", "-queue_number"], name="document_owner_newest"
            ),
            models.Index(
                fields=["owner", "status", "-created_at", "-queue_number"],
                name="document_owner_status",
            ),
            models.Index(fields=["owner", "filename", "queue_number"], name="document_owner_name"),
            models.Index(
                fields=["owner", "-updated_at", "-queue_number"], name="document_owner_updated"
            ),
            NullsLastIndex(
                fields=["owner", "-finished_at", "-queue_number"], name="document_owner_finished"
            ),
            models.Index(
                # Only those that have one; both databases see that an equal one is not NULL.
                fields=["owner", "external_id"],
                name="document_external_id",
                condition=Q(external_id__isnull=False),
            ),
            models.Index(fields=["owner", "sha256"], name="document_owner_bytes"),  # for `reuse`
            models.Index(fields=["finished_at"], name="document_finished"),  # for `statistics`
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[*Status.values, TRASHED]), name="document_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of the queue."""
        return self.turn, self.queue_number

    @property
    def is_queued(self) -> bool:
        return self.status == Status.PENDING

    @property
    def is_held(self) -> bool:
        return self.is_queued and self.held_until is not None

    @property
    def is_ready(self) -> bool:
        return self.is_queued and self.held_until is None

    @property
    def needs_model(self) -> bool:
        """Whether the engine of the settings is to analyze it, or another model."""
        return self.chosen_engine != BUILT_IN_ENGINE

    @property
    def is_processing(self) -> bool:
        return self.status in RUNNING

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    @property
    def is_trashed(self) -> bool:
        return self.status == TRASHED

    @property
    def was_tried_before(self) -> bool:
        """Of a claimed one: an earlier attempt may have left pages, calls or an analysis."""
        return self.attempts > 1

    @property
    def is_extracted(self) -> bool:
        return self.page_count is not None

    @property
    def trail(self) -> dict[str, Any]:
        """What leads from a log line to the request that queued the document; see `logs.about`."""
        return {
            "request_id": self.request_id,
            "document": str(self.pk),
            "attempt": self.attempts,
            "trace_id": self.traceparent[3:35],
        }

    @property
    def kept_until(self) -> datetime | None:
        """When housekeeping deletes it; None while it is unfinished, or if it is kept for ever."""
        if not (settings.ATOM_KEEP_DAYS and self.finished_at and self.is_finished):
            return None
        return self.finished_at + timedelta(days=settings.ATOM_KEEP_DAYS)

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def current_analysis(self) -> Analysis | None:
        return self.analyses.newest_first().first()
