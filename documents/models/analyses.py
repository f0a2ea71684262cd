"""What was found in documents: analyses, and the action items among it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import User
from documents.models.trash import TRASHED

LONGEST_NAME = 100  # characters of a name that are compared; indexes take no text without end


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    def newest_first(self) -> AnalysisQuerySet:
        return self.order_by("-id")


class Analysis(models.Model):
    """What one finished run found. Earlier versions are kept; the newest is current."""

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="analyses"
    )
    engine = models.CharField(max_length=10)
    model = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=40)
    summary = models.TextField(blank=True)
    result = models.JSONField()
    coverage = models.JSONField()
    language = models.CharField(max_length=35, blank=True)
    calls = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "analyses"
        permissions = (
            ("read_findings", "Can read what was found in everybody's documents, in the admin"),
        )

    def __str__(self) -> str:
        return f"{self.engine} {self.model}".strip()


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, user: User) -> ActionItemQuerySet:
        """Those of somebody's documents, but for those in the trash."""
        own = self.select_related("analysis").filter(analysis__document__owner=user)
        return own.exclude(analysis__document__status=TRASHED)

    def listed_for(self, user: User) -> ActionItemQuerySet:
        """Those of the newest analysis of each of this person's documents, done or not."""
        return self.filter(listed_for=user)

    def open(self) -> ActionItemQuerySet:
        return self.filter(done=False)

    def by_due_date(self) -> ActionItemQuerySet:
        """Soonest first, those without a date last; then by document, in the order of its text.

        Unique, so that no row is on two pages. Analyses stand for their documents: a list holds
        one of each, and an index orders by its own columns only.
        """
        soonest = models.F("due_date").asc(nulls_last=True)
        # Not "analysis", which would be ordered as analyses are.
        return self.order_by(soonest, "analysis_id", "position")

    def undated(self) -> ActionItemQuerySet:
        """Those without a date in the same order, which needs no sorting so."""
        return self.filter(due_date=None).order_by("analysis_id", "position")

    def in_this_order(self, ids: list[int]) -> list[ActionItem]:
        found = self.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def told(self) -> ActionItemQuerySet:
        """With the document, and without what an analysis holds besides, which can be large."""
        wide = ("summary", "result", "coverage")
        together = self.select_related("analysis__document")
        return together.defer(*(f"analysis__{column}" for column in wide))


class ActionItem(models.Model):
    """Something to do. The row is the truth for `done`; results show it."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="action_items")
    position = models.PositiveIntegerField()
    task = models.TextField()
    assignee = models.TextField(blank=True)
    due_text = models.TextField(blank=True)
    due_date = models.DateField(null=True, blank=True)
    priority = models.CharField(max_length=11, default="unspecified")
    done = models.BooleanField(default=False)
    evidence = models.JSONField(default=list)
    # NULL, not blank: such columns are added without a copy of the table.
    doubt = models.TextField(  # noqa: DJ001
        null=True,
        blank=True,
        help_text="what its reader has to know, in words; empty where there is nothing",
    )
    due_from = models.DateField(
        null=True, blank=True, help_text="the day from which its deadline was counted"
    )
    # What a list over all documents is filtered and ordered by stands in this table: no index
    # reaches into another one. See `pipeline.current`, which writes them.
    listed_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="whose to-do list it stands on; empty once a newer analysis has replaced its own",
    )
    assignee_key = models.CharField(
        max_length=LONGEST_NAME, blank=True, help_text="the assignee as compared; see `name_key`"
    )
    first_id = models.BigIntegerField(
        null=True, blank=True, help_text="of the same task where it was found first; empty: here"
    )

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [
            # `done` at the end: what is filtered by it needs no look at the row.
            models.Index(
                fields=["listed_for", "due_date", "analysis", "position", "done"],
                name="item_listed",
            ),
            models.Index(
                fields=["listed_for", "assignee_key", "due_date", "analysis", "position", "done"],
                name="item_assignee",
            ),
        ]

    def __str__(self) -> str:
        # Not the task, which is words of a document: this stands in titles of the admin.
        return f"action item {self.position}"

    @property
    def lasting_id(self) -> int:
        """The same for one task through all analyses of its document."""
        return self.first_id or self.pk


def name_key(name: str) -> str:
    """A name as it is compared: however it is written in capitals and spaced."""
    return " ".join(name.split()).casefold()[:LONGEST_NAME]
