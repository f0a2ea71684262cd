"""The ledger: each paid call, written down before it is sent, closed when its end is known."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter as Tally
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, TextField, Value, When
from django.utils.crypto import salted_hmac

from atom_project.persistent_connections import reconnecting
from documents import circuit_breaker
from documents.events import StaleDocument
from documents.models import Counter, Document, ModelCall, Status, clock
from documents.pipeline.analysis import Engine, ModelServer

logger = logging.getLogger(__name__)


def account_of(engine: Engine) -> str:
    """Which account pays for the engine's calls; blank for the built-in engine, which has none.

    A fingerprint: it changes with the server, the key and the model, and betrays none of them.
    """
    if engine.name == "offline":
        return ""
    server = getattr(engine, "server", None)
    paid = (server.base_url, server.api_key) if isinstance(server, ModelServer) else ()
    secret = json.dumps([engine.name, engine.model, *paid])
    return salted_hmac("documents.account", secret, algorithm="sha256").hexdigest()


class DocumentLedger:
    """The calls made for one claimed document; the `Ledger` that engines are given."""

    def __init__(self, document: Document, account: str = "") -> None:
        self._document = document
        self._account = account
        self._sent: dict[int, tuple[float, str]] = {}  # when (monotonic) and to which model
        self._ended: Tally[str] = Tally()
        self._asked: set[str] = set()  # the hashes of its own calls

    def recall(self, request_hash: str) -> str | None:
        """The answer to the same request, if an earlier attempt has paid for it already."""
        if not (self._document.was_tried_before or request_hash in self._asked):
            return None
        answered = ModelCall.objects.filter(
            document=self._document, request_hash=request_hash, state=ModelCall.State.ANSWERED
        ).exclude(answer="")
        # Asked after a backoff, too, which may last for minutes.
        return reconnecting(answered.values_list("answer", flat=True).last)

    def intend(self, *, request_hash: str, chunk: int, model: str) -> int:
        """Write down a call about to be sent. Raises `StaleDocument`: nothing is bought then."""
        return reconnecting(lambda: self._intend(request_hash, chunk, model))

    @transaction.atomic
    def _intend(self, request_hash: str, chunk: int, model: str) -> int:
        # Locked until the call is entered: a cancel or a new claim comes before the look, or after
        # the entry, which the next attempt finds.
        held = Document.objects.at_version(self._document).select_for_update(no_key=True)
        if not held.exists():
            raise StaleDocument(self._document.pk)
        call = ModelCall.objects.create(
            document=self._document,
            owner_id=self._document.owner_id,
            attempt=self._document.attempts,
            request_hash=request_hash,
            chunk=chunk,
            model=model,
            sent_at=clock.now(),
        )
        self._sent[call.pk] = time.monotonic(), model
        self._asked.add(request_hash)
        return call.pk

    def answered(
        self,
        call: int,
        *,
        answer: str,
        input_tokens: int,
        output_tokens: int,
        cost_usd: Decimal | None,
    ) -> None:
        """Keep what was paid for, whoever holds the document now."""
        figures = {
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "cost_usd": cost_usd,
        }
        # The connection may have broken while the model thought; the answer is worth a new one.
        reconnecting(lambda: self._keep_answer(call, answer, figures), worth_a_wait=True)
        self._tell(call, "answered", input_tokens=input_tokens, output_tokens=output_tokens)

    @transaction.atomic
    def _keep_answer(self, call: int, answer: str, figures: dict[str, Any]) -> None:
        # Its text only where it may be needed: not for a deleted document, nor a completed one.
        # One in the trash may be restored, and would have to pay for it again.
        is_needed = Document.with_trashed.filter(pk=OuterRef("document")).exclude(
            status=Status.COMPLETED
        )
        kept = Case(When(Exists(is_needed), then=Value(answer, TextField())), default="answer")
        _close(call, ModelCall.State.ANSWERED, answer=kept, **figures)
        circuit_breaker.close(self._account, call)
        _, model = self._sent.get(call, (0.0, ""))
        for name in ("input_tokens", "output_tokens"):
            Counter.objects.add(name, model, figures[name])

    def failed(self, call: int, *, code: str) -> None:
        _close(call, ModelCall.State.FAILED, code=code)
        self._tell(call, "failed", code=code)

    def unknown(self, call: int) -> None:
        """The call may have been billed: nobody heard how it ended."""
        _close(call, ModelCall.State.UNKNOWN)
        self._tell(call, "unknown")

    def unanswered(self) -> dict[str, int]:
        """As `unanswered`, which need not be asked where no other attempt has made calls."""
        if self._document.was_tried_before:
            return unanswered(self._document)
        return {"calls_failed": self._ended["failed"], "calls_unknown": self._ended["unknown"]}

    def _tell(self, call: int, state: str, **facts: Any) -> None:
        self._ended[state] += 1
        sent_at, _ = self._sent.pop(call, (None, ""))
        if sent_at is not None:
            facts["seconds"] = round(time.monotonic() - sent_at, 3)
        logger.info("Model call %s is %s", call, state, extra={"facts": facts})


def _close(call: int, state: ModelCall.State, **facts: object) -> None:
    # Whatever its state: an answer may still come for a call that was given up as unknown.
    calls = ModelCall.objects.filter(pk=call)
    reconnecting(lambda: calls.update(state=state, closed_at=clock.now(), **facts))


def close_abandoned(document: Document) -> None:
    """Calls that an earlier attempt left open were cut off: how they ended is unknown."""
    ModelCall.objects.filter(
        document=document, state=ModelCall.State.INTENDED, attempt__lt=document.attempts
    ).update(state=ModelCall.State.UNKNOWN, closed_at=clock.now())


def close_overdue(*, within: timedelta | None = None) -> int:
    """Calls nobody can be waiting for any more: how they ended is unknown, they may be billed.

    Of a document deleted or canceled in mid-call, or of a worker that died; no next claim may ever
    come to close them. `within`: only those sent so recently, so that a look costs little.
    """
    longest = timedelta(seconds=settings.ATOM_MODEL_DEADLINE) + settings.LEASE
    overdue = ModelCall.objects.filter(
        state=ModelCall.State.INTENDED, sent_at__lt=clock.now() - longest
    )
    if within:
        overdue = overdue.filter(sent_at__gte=clock.now() - longest - within)
    return overdue.update(state=ModelCall.State.UNKNOWN, closed_at=clock.now())


def unanswered(document: Document) -> dict[str, int]:
    """How many calls came to nothing since the last analysis of the document, and how."""
    if not document.was_tried_before:
        return {"calls_failed": 0, "calls_unknown": 0}
    calls = document.model_calls.all()
    if earlier := document.current_analysis:
        calls = calls.filter(sent_at__gt=earlier.created_at)
    figures = calls.figures()
    return {"calls_failed": figures["failed"], "calls_unknown": figures["unknown"]}


def forget_answers(document: Document) -> None:
    """The analysis is stored: its answers are no longer needed, their figures are."""
    ModelCall.objects.filter(document=document).exclude(answer="").update(answer="")
