"""Documents, each of them its own entry in the queue, and their pages."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from documents.models import clock
from documents.models.analyses import Analysis


class Status(models.TextChoices):
    PENDING = "pending"
    PROCESSING = "processing"
    ANALYZING = "analyzing"
    COMPLETED = "completed"
    FAILED = "failed"


RUNNING = (Status.PROCESSING, Status.ANALYZING)
FINISHED = (Status.COMPLETED, Status.FAILED)


class _Literal(models.Value):
    """A word of ours written into the statement, where SQLite uses a partial index for no other.

    A list of parameters matches no part of the condition of `document_leases`
    (https://www.sqlite.org/partialindex.html), and every row would be walked over.
    """

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()


_LITERALLY_RUNNING = [_Literal(str(status)) for status in RUNNING]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        return self.filter(owner=user)

    def pending(self) -> DocumentQuerySet:
        return self.filter(status=Status.PENDING)

    def ready(self) -> DocumentQuerySet:
        """Pending documents that nothing holds: those a worker may claim."""
        return self.pending().filter(held_until=None)

    def running(self) -> DocumentQuerySet:
        return self.filter(status__in=_LITERALLY_RUNNING)

    def finished_before(self, moment: datetime) -> DocumentQuerySet:
        """Longest finished first."""
        return self.filter(status__in=FINISHED, finished_at__lt=moment).order_by("finished_at")

    def in_queue_order(self) -> DocumentQuerySet:
        return self.order_by("queue_number")

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

    def matching(self, words: str) -> DocumentQuerySet:
        """Documents with these words in their name, summary or text."""
        in_text = Page.objects.filter(document=models.OuterRef("pk"), text__icontains=words)
        in_summary = Analysis.objects.filter(
            document=models.OuterRef("pk"), summary__icontains=words
        )
        return self.filter(
            Q(filename__icontains=words) | models.Exists(in_summary) | models.Exists(in_text)
        )


class Document(models.Model):
    """One file somebody handed in. The row is also its place in the queue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents"
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
    wants_fresh = models.BooleanField(
        default=False, help_text="analyze it, even where an identical file has been"
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    queue_number = models.BigIntegerField(unique=True)
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
    request_id = models.CharField(
        max_length=64, blank=True, editable=False, help_text="that queued it last, in the logs"
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

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                # Only what may be claimed: the head is found by one probe, however many are held.
                # With what the condition names, positions are counted without a look at the rows.
                fields=["queue_number", "status", "held_until"],
                name="document_line",
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
            models.Index(fields=["owner", "sha256"], name="document_owner_bytes"),  # for `reuse`
            models.Index(fields=["finished_at"], name="document_finished"),  # for `statistics`
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="document_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.filename

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
    def is_processing(self) -> bool:
        return self.status in RUNNING

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

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


class Page(models.Model):
    class Condition(models.TextChoices):
        READ = "read"
        READ_BY_OCR = "read_by_ocr"
        EMPTY = "empty"
        GARBLED = "garbled"
        HIDDEN_TEXT = "hidden_text"
        FAILED = "failed"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    condition = models.CharField(max_length=11, choices=Condition)
    engine = models.CharField(max_length=20)
    lost_letters = models.PositiveIntegerField(default=0, help_text="U+FFFD stands for each")
    ocr_confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="mean of its words in percent"
    )
    ocr_poor_share = models.FloatField(
        null=True, blank=True, help_text="of words, from 0 to 1, with a confidence below 60"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="page_once"),
        ]

    def __str__(self) -> str:
        return f"page {self.number}"

    @property
    def is_poorly_recognized(self) -> bool:
        """Read by OCR, and so unsure that whoever needs its words should look at the page."""
        if self.ocr_confidence is None:
            return False
        return self.ocr_confidence < 75 or (self.ocr_poor_share or 0) > 0.2
