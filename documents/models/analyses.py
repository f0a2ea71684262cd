"""What was found in documents: analyses, and the action items among it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User


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
        return self.select_related("analysis").filter(analysis__document__owner=user)


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

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        # Not the task, which is words of a document: this stands in titles of the admin.
        return f"action item {self.position}"
