"""Who may ask: signed-in people, about their own documents, in answers nobody keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from atom_project.browsable_views import BrowsableView
from documents.models import Document, DocumentQuerySet


class NoFields(serializers.Serializer[Any]):
    """What the views take that take nothing; the framework insists on asking."""


class OwnersView(BrowsableView, GenericAPIView[Any]):
    """Answers its owner only; others learn nothing, not even that there is something."""

    serializer_class: Any = NoFields

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store, private"
        return answer

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
