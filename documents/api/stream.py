"""The stream of one's own events, for programs and browsers, and a page that shows it."""

from __future__ import annotations

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import auth_snapshot
from atom_project.browsable_api import ApiPage
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem, wants_page
from atom_project.public_address import moved
from atom_project.web.streams import StreamResponse
from documents.api import describe
from documents.api.access import told
from documents.live import relay
from documents.live.stream import EventStream

# What the library underneath would obey: other channels, and messages signed by a proxy.
REFUSED = ("channel", "channels", "es-meta", "link", "recover")
LONGEST_CURSOR = 18  # digits; fits the column of every database

HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # nginx would keep events back until its buffer is full.
    # Compressed one by one, events reach browsers late or not at all.
    "Content-Encoding": "identity",
}


class StreamPage(ApiPage):
    template = "rest_framework/stream.html"


class PageOrStream(BaseContentNegotiation):
    """Browsers that show an address get the page; everything else gets the stream."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: HttpRequest | Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        json, page = renderers
        chosen = page if wants_page(getattr(request, "_request", request)) else json
        return chosen, chosen.media_type


class StreamView(APIView):
    """Your events as they happen: Server-Sent Events.

    Resume with the header `Last-Event-ID`, or with `?lastEventId=` where none can be set.
    """

    # HEAD would open a stream that nobody reads.
    http_method_names = ["get", "options"]
    renderer_classes = [JSONRenderer, StreamPage]
    content_negotiation_class = PageOrStream
    # An EventSource gives up for good on 429; the number of open streams is limited instead.
    throttle_classes = []

    @describe.stream
    def get(self, request: Request) -> HttpResponseBase:
        cursor = _cursor(request)
        if isinstance(request.accepted_renderer, StreamPage):
            return Response({"stream": moved(request.build_absolute_uri())})
        if not isinstance(request._request, ASGIRequest):
            raise Problem(
                503,
                ProblemCode.NEEDS_ASGI,
                "Streams need an ASGI server: start with `manage.py up`.",
            )
        stream = EventStream(auth_snapshot.take(request), cursor, relay.of_this_process)
        stream.prepare()
        return StreamResponse(stream, content_type="text/event-stream", headers=HEADERS)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.setdefault("Cache-Control", "no-store")
        for name, value in told(request).items():
            answer[name] = value
        return answer


def _cursor(request: Request) -> int | None:
    """The id after which to begin. The header wins: a browser sets it when it comes back."""
    for name in REFUSED:
        if name in request.query_params:
            raise Problem(400, ProblemCode.UNKNOWN_PARAMETER, f"There is no parameter `{name}`.")
    given = request.headers.get("Last-Event-ID") or request.query_params.get("lastEventId", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_CURSOR):
        raise Problem(
            400, ProblemCode.BAD_CURSOR, "The last event id must be the number of an event."
        )
    return int(given)
