"""Open circuits: why the queue stands still for an account, in words."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class OpenCircuit(models.Model):
    """The circuit breaker of one account at a model server, while open; see `circuit_breaker`.

    One for each account, because a worker with another key or server is not concerned.
    """

    class Reason(models.TextChoices):
        KEY_REJECTED = "key_rejected"
        QUOTA_EXHAUSTED = "quota_exhausted"
        BUDGET = "budget"

    # A fingerprint of server, key and model; the key cannot be read from it.
    account = models.CharField(max_length=64, primary_key=True)
    reason = models.CharField(max_length=15, choices=Reason)
    opened_at = models.DateTimeField(default=timezone.now)
    refused_at = models.DateTimeField(default=timezone.now, help_text="last time it was refused")
    probe_at = models.DateTimeField()
    probes = models.PositiveIntegerField(default=0)
    probed_with = models.UUIDField(null=True, blank=True, help_text="the document let through last")

    class Meta:
        ordering = ["opened_at"]

    def __str__(self) -> str:
        return self.reason

    def in_words(self) -> str:
        return in_words(self.reason)


def in_words(reason: str) -> str:
    return _IN_WORDS[reason]


_GOES_ON = "One document a minute tries again, and all go on by themselves"
_IN_WORDS: dict[str, str] = {
    OpenCircuit.Reason.KEY_REJECTED: (
        "The model server rejects the API key, so the line is paused. "
        f"{_GOES_ON} once the operator has put OPENAI_API_KEY right."
    ),
    OpenCircuit.Reason.QUOTA_EXHAUSTED: (
        "The account at the model server has no quota left, so the line is paused. "
        f"{_GOES_ON} once the operator has topped it up."
    ),
    OpenCircuit.Reason.BUDGET: (
        "The budget of today is used up, so the line is paused. "
        "It goes on at midnight UTC, or once the operator has raised ATOM_DAILY_BUDGET_USD."
    ),
}
