"""What can be done with a finished or unfinished document, and the problem where it cannot.

Each move raises a `Problem`, or one of `GONE` where the document was deleted meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents import events, queue, quotas
from documents.models import Document
from documents.pipeline import engines

Move = Callable[[Document], None]
GONE = (Document.DoesNotExist, events.StaleDocument)


def retry(engine: str = "") -> Move:
    """To the end of the line, by an engine that can be chosen; blank: as the settings say."""
    try:
        engines.require_choice(engine)
    except engines.UnknownEngine:
        known = ", ".join(engines.choices())
        raise Problem(
            400, ProblemCode.UNKNOWN_ENGINE, f"`engine` must be one of {known}."
        ) from None
    return requeued(lambda document: queue.requeue(document, within_quota=True, engine=engine))


def requeued(requeue: Move) -> Move:
    """A move to the end of the line, with the problems that all of these have."""

    def move(document: Document) -> None:
        try:
            requeue(document)
        except quotas.OverQuota as over:
            raise Problem(
                429,
                over.failure.code,
                over.failure.detail,
                headers={"Retry-After": str(quotas.RETRY_SECONDS)},
                **over.failure.what_to_do,
            ) from None
        except queue.NotFinished:
            raise Problem(
                409,
                ProblemCode.NOT_FINISHED,
                "Only a completed or failed document can be tried again.",
            ) from None

    return move


def cancel(document: Document) -> None:
    try:
        queue.cancel(document)
    except queue.AlreadyFinished:
        raise Problem(
            409, ProblemCode.ALREADY_FINISHED, "The document is completed or failed already."
        ) from None
