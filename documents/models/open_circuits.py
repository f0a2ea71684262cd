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
        MODEL_NOT_FOUND = "model_not_found"
        MODEL_TOO_SLOW = "model_too_slow"
        BUDGET = "budget"

    # A fingerprint of server, key and model; the key cannot be read from it.
    account = models.CharField(max_length=64, primary_key=True)
    reason = models.CharField(max_length=15, choices=Reason)
    detail = models.TextField(blank=True, help_text="what the refusal said in particular")
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
        return in_words(self.reason, self.detail)


def in_words(reason: str, detail: str = "") -> str:
    """`detail` names the model, what the server offers, or how slow it was."""
    happened, to_do = _IN_WORDS[reason]
    if detail and reason in _DETAILED:
        return f"{detail} So the line is paused. {to_do}"
    return f"{happened}, so the line is paused. {to_do}"


_GOES_ON = "One document a minute tries again, and all go on by themselves"
# Those whose failure says more than can be known beforehand.
_DETAILED = (OpenCircuit.Reason.MODEL_NOT_FOUND, OpenCircuit.Reason.MODEL_TOO_SLOW)
_IN_WORDS: dict[str, tuple[str, str]] = {
    OpenCircuit.Reason.KEY_REJECTED: (
        "The model server rejects the API key",
        f"{_GOES_ON} once the operator has put OPENAI_API_KEY right.",
    ),
    OpenCircuit.Reason.QUOTA_EXHAUSTED: (
        "The account at the model server has no quota left",
        f"{_GOES_ON} once the operator has topped it up.",
    ),
    OpenCircuit.Reason.MODEL_NOT_FOUND: (
        "The model server does not know the model that ATOM_MODEL names",
        f"{_GOES_ON} once the operator has set ATOM_MODEL to a model it offers, or put "
        "OPENAI_BASE_URL right.",
    ),
    OpenCircuit.Reason.MODEL_TOO_SLOW: (
        "The model server is too slow for any document",
        f"{_GOES_ON} once it answers in time. The operator can raise ATOM_MODEL_DEADLINE, set "
        "ATOM_WORKER_SLOTS to 1, or use a faster model or server.",
    ),
    OpenCircuit.Reason.BUDGET: (
        "The budget of today is used up",
        "It goes on at midnight UTC, or once the operator has raised ATOM_DAILY_BUDGET_USD.",
    ),
}
