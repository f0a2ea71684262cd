"""What model calls were made and what they cost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class ModelCall(models.Model):
    """One paid request: written before it is sent, closed when it is known how it ended."""

    class State(models.TextChoices):
        INTENDED = "intended"
        ANSWERED = "answered"
        FAILED = "failed"
        UNKNOWN = "unknown"

    # The figures stay when the document goes; the answer does not.
    document = models.ForeignKey(
        "documents.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="model_calls",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="model_calls"
    )
    attempt = models.PositiveIntegerField()
    request_hash = models.CharField(max_length=64)
    chunk = models.PositiveIntegerField()
    model = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.INTENDED)
    code = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)
    input_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    output_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["document", "request_hash"], name="call_of_document"),
        ]

    def __str__(self) -> str:
        return f"call {self.chunk} {self.state}"
