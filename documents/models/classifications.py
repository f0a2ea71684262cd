"""Classifications: what an overview counts, a narrow row for each document beside its analysis."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import User

LONGEST_LABEL = 100  # characters; indexes take no text without end


class ClassificationQuerySet(models.QuerySet["Classification"]):
    def visible_to(self, user: User) -> ClassificationQuerySet:
        return self.filter(owner=user)


class Classification(models.Model):
    """What the newest analysis of a document says of it in single words; see `pipeline.current`."""

    document = models.OneToOneField(
        "documents.Document",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="classification",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, blank=True, help_text="blank: nobody told")
    tone = models.CharField(max_length=20)
    analyzed_at = models.DateTimeField()

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "kind"], name="document_kind"),
            models.Index(fields=["owner", "analyzed_at", "tone"], name="document_tone"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DocumentTopicQuerySet(models.QuerySet["DocumentTopic"]):
    def visible_to(self, user: User) -> DocumentTopicQuerySet:
        return self.filter(owner=user)


class DocumentTopic(models.Model):
    """One topic of a document by its newest analysis."""

    classification = models.ForeignKey(
        Classification, on_delete=models.CASCADE, related_name="topics"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=LONGEST_LABEL, help_text="the label as it is compared")
    label = models.CharField(max_length=LONGEST_LABEL)

    objects = DocumentTopicQuerySet.as_manager()

    class Meta:
        indexes = [
            # With the label, so that topics are counted without a look at the rows.
            models.Index(fields=["owner", "key", "label"], name="document_topic"),
        ]

    def __str__(self) -> str:
        # Not the label, which is words of a document.
        return f"topic of {self.classification_id}"
