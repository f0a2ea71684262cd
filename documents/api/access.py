"""Who may ask: signed-in people, about their own documents, in answers nobody keeps."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import set_response_etag
from django.utils.http import parse_etags
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rate_limits
from accounts.models import User
from atom_project import __version__
from atom_project.browsable_views import BrowsableView
from documents.models import Document, DocumentQuerySet

OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Disposition"}


class NoFields(serializers.Serializer[Any]):
    """What the views take that take nothing; the framework insists on asking."""


def told(request: Request) -> dict[str, str]:
    """Header fields of every answer to a call: for those who are signed in, also which release."""
    # Not `request.user`, which would ask who it is where that was refused a moment ago.
    user = getattr(request, "_user", None)
    release = {"X-Atom-Version": __version__} if isinstance(user, User) else {}
    return release | rate_limits.fields(request)


def _conditional(request: Request, answer: Response) -> Response:
    """With an entity tag, and 304 where `If-None-Match` names it (RFC 9110, 13.1.2).

    Of the bytes themselves: a version of the row would miss ticks, places in line and costs.
    """
    renderer = getattr(answer, "accepted_renderer", None)
    if request.method not in ("GET", "HEAD") or answer.status_code != 200:
        return answer
    # A page of the browsable API is never the same twice: it holds a CSRF token.
    if isinstance(answer, Response) and getattr(renderer, "format", "") == "json":
        answer.add_post_render_callback(partial(unless_known, request))
    return answer


def unless_known(request: Request, answer: HttpResponse) -> HttpResponse:
    """The answer with its entity tag; 304 without a body, if the client has just that."""
    set_response_etag(answer)
    given = parse_etags(request.headers.get("If-None-Match", ""))
    # What has no body, such as the HEAD of a resumable upload, has no tag either.
    tag = answer.get("ETag")
    if not tag or not {each.removeprefix("W/") for each in given} & {tag, "*"}:
        return answer
    kept = {name: answer[name] for name in answer.headers if name not in OF_THE_BODY}
    return HttpResponseNotModified(headers=kept)


class OwnersView(BrowsableView, GenericAPIView[Any]):
    """Answers its owner only; others learn nothing, not even that there is something."""

    serializer_class: Any = NoFields

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store, private"
        for name, value in told(request).items():
            answer[name] = value
        return _conditional(request, answer)

    @property
    def owner(self) -> User:
        """Who asks. Raises `NotAuthenticated` where a view lets strangers in."""
        user = self.request.user
        if not isinstance(user, User):
            raise NotAuthenticated
        return user

    def get_queryset(self) -> DocumentQuerySet:
        return Document.objects.visible_to(self.owner)

    def own_document(self) -> Document:
        """The document of the address. Raises `Http404`, the same for every other id."""
        document = self.get_queryset().filter(pk=self._document_id()).first()
        if document is None:
            raise Http404
        return document

    def _document_id(self) -> UUID:
        try:
            return UUID(self.kwargs["id"])
        except ValueError:
            raise Http404 from None


class OneForm(BaseContentNegotiation):
    """For bytes that have one form only: whatever the client says it accepts, it gets that."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self,
        request: HttpRequest | Request,
        renderers: Any,
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
