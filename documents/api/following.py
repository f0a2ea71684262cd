"""Calls that wait for a document, or for what comes after a cursor (long polling)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import auth_snapshot
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from atom_project.web import long_polling
from atom_project.web.long_polling import DeferredResponse
from documents.api import describe_following as describe
from documents.api import lists
from documents.api.access import OwnersView
from documents.api.describe_following import LONGEST_WAIT, MOST_EVENTS, USUAL_EVENTS
from documents.live import following, relay, waits
from documents.live.channels import LiveEvent
from documents.models import FINISHED, Document

LONGEST_CURSOR = 18  # digits; fits the column of every database
PARAMETERS = ("after", "wait", "limit", "document")


class EventsView(OwnersView):
    """Your events after a cursor: what the stream tells, by single calls."""

    name = "Events"

    @describe.event_list
    def get(self, request: Request) -> HttpResponseBase:
        lists.refuse_unknown(request.query_params, PARAMETERS)
        after, limit, wait = _after(request), _limit(request), wait_seconds(request)
        document_id = self._document_id_asked_for()
        poll = long_polling.of(request)
        mark = poll.mark if poll else None
        read = partial(following.read, self.owner.pk, document_id=document_id)
        page = read(after if mark is None else mark, limit, replayed_upto=mark)
        if wait and page.is_empty and mark is None:
            return deferred(
                request,
                wait,
                mark=page.next,
                is_meant=waits.is_about(document_id) if document_id else waits.says_something,
                is_due=lambda: not read(page.next, 1).is_empty,
            )
        return Response(
            {
                "events": page.events,
                "next": page.next,
                "reset": bool(page.reset),
                "reason": page.reset or None,
            }
        )

    def _document_id_asked_for(self) -> UUID | None:
        """None: all. Raises `Http404`, the same for every id but those of one's own documents."""
        given = self.request.query_params.get("document")
        if given is None:
            return None
        try:
            document_id = UUID(given)
        except ValueError:
            raise Problem(400, *lists.TASK_REFUSALS["document"]) from None
        if not self.get_queryset().filter(pk=document_id).exists():
            raise Http404
        return document_id


def until_finished(
    request: Request, document: Document, wait: int, *, mark: int
) -> DeferredResponse | None:
    """In place of its status, where that is to come later; `mark` was read before the document."""
    if not wait or document.is_finished or long_polling.has_waited(request):
        return None
    unfinished = Document.objects.filter(pk=document.pk).exclude(status__in=FINISHED)
    return deferred(
        request,
        wait,
        mark=mark,
        is_meant=waits.ends(document.pk),
        is_due=lambda: not unfinished.exists(),
    )


def deferred(
    request: Request,
    seconds: int,
    *,
    mark: int,
    is_meant: Callable[[LiveEvent], bool],
    is_due: Callable[[], bool],
) -> DeferredResponse:
    if long_polling.of(request) is None:
        raise Problem(
            503,
            ProblemCode.NEEDS_ASGI,
            "Waiting needs an ASGI server: start with `manage.py up`, or ask without `wait`.",
        )
    wait = waits.EventWait(
        auth_snapshot.take(request),
        relay.of_this_process,
        mark=mark,
        seconds=seconds,
        is_meant=is_meant,
        is_due=is_due,
    )
    wait.require_room()
    return DeferredResponse(wait)


# Parameters.


def wait_seconds(request: Request) -> int:
    detail = f"`wait` must be a whole number of seconds from 0 to {LONGEST_WAIT}."
    return _number(request, "wait", 0, LONGEST_WAIT, 0, (ProblemCode.BAD_WAIT, detail))


def _limit(request: Request) -> int:
    detail = f"`limit` must be a number from 1 to {MOST_EVENTS}."
    return _number(request, "limit", 1, MOST_EVENTS, USUAL_EVENTS, (ProblemCode.BAD_LIMIT, detail))


def _after(request: Request) -> int | None:
    if "after" not in request.query_params:
        return None
    most = 10**LONGEST_CURSOR - 1
    detail = "`after` must be the `next` of an answer, or the id of an event; 0 for all."
    return _number(request, "after", 0, most, 0, (ProblemCode.BAD_CURSOR, detail))


def _number(
    request: Request, name: str, least: int, most: int, usual: int, refusal: tuple[Any, str]
) -> int:
    given = request.query_params.get(name)
    if given is None:
        return usual
    # Python refuses to read numbers without end.
    if given.isascii() and given.isdigit() and len(given) <= len(str(most)):
        number = int(given)
        if least <= number <= most:
            return number
    raise Problem(400, *refusal)
