"""Page freshness: what a page compares itself with to learn that it is out of date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from documents import events, queue
from documents.dashboard import engine_description
from documents.dashboard.engine_description import EngineDescription
from documents.models import BudgetHold, OpenCircuit, StatusEvent, budget_holds
from documents.pipeline import engines


def of(user: User) -> dict[str, Any]:
    """Cheap enough to be asked every few seconds by each browser.

    `newest` is the newest event of this person's documents: a page rendered before it is old.
    `latest` is the newest of all: a page rendered after it is of a database that is gone.
    """
    newest = StatusEvent.objects.visible_to(user).order_by("-id").first()
    return {
        "newest": newest.pk if newest else 0,
        "latest": events.latest_id(),
        "circumstances": page_state(user).version,
        "person": user.pk,
    }


@dataclass(frozen=True)
class PageState:
    """All that pages say and no event tells."""

    has_worker: bool
    open_circuit: OpenCircuit | None
    held_until: datetime | None  # this person's documents, by the budget of the day
    engine: EngineDescription
    model_end: str  # for those who can do something about it

    @property
    def hold_in_words(self) -> str:
        return budget_holds.IN_WORDS if self.held_until else ""

    @property
    def version(self) -> str:
        """Changes when any of it does."""
        circuit = self.open_circuit and self.open_circuit.in_words()
        said = (self.has_worker, circuit, self.held_until, self.engine, self.model_end)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def page_state(user: User) -> PageState:
    return PageState(
        queue.worker_available(),
        queue.open_circuit(),
        BudgetHold.objects.until(user.pk),
        engine_description.configured(),
        engines.end_in_words() if user.is_staff else "",
    )
