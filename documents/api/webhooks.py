"""Webhooks over HTTP: made, changed, paused and tried by their owner; keys need the scope `all`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.keys.model import Scope
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from atom_project.public_address import absolute
from documents.api import describe_webhooks, lists, paging
from documents.api.access import OwnersView
from documents.api.webhook_serializers import (
    MakeWebhookSerializer,
    WebhookChangeSerializer,
    WebhookDeliverySerializer,
    WebhookSerializer,
)
from documents.models import Webhook, WebhookDelivery
from documents.models.webhooks import WebhookQuerySet
from documents.webhooks import signatures, subscriptions
from documents.webhooks.addresses import ForbiddenAddress
from documents.webhooks.messages import NoSuchEvent


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be done, as problems."""
    try:
        yield
    except Webhook.DoesNotExist:
        raise Http404 from None  # Deleted since it was looked up.
    except ForbiddenAddress as why:
        raise Problem(400, ProblemCode.BAD_WEBHOOK_URL, str(why)) from None
    except subscriptions.TooManyWebhooks:
        detail = f"You have {subscriptions.MOST} webhooks. Delete one first."
        raise Problem(409, ProblemCode.TOO_MANY_WEBHOOKS, detail) from None
    except subscriptions.TooManyWaiting:
        detail = f"{subscriptions.MOST_WAITING} messages wait to be sent already."
        raise Problem(409, ProblemCode.TOO_MANY_WAITING, detail) from None
    except subscriptions.HeldByStaff:
        detail = "Staff have paused the webhook to this host; ask them."
        raise Problem(409, ProblemCode.WEBHOOK_HELD, detail) from None
    except NoSuchEvent:
        detail = "The event or its document is gone, so the message cannot be made again."
        raise Problem(409, ProblemCode.EVENT_GONE, detail) from None


class WebhookBase(OwnersView):
    key_scope_to_look = Scope.ALL

    def get_queryset(self) -> WebhookQuerySet:  # type: ignore[override]
        return Webhook.objects.visible_to(self.owner)

    def require_target(self) -> None:
        self.own()

    def own(self) -> Webhook:
        """The webhook of the address. Raises `Http404`, the same for every other id."""
        try:
            webhook = self.get_queryset().filter(pk=UUID(self.kwargs["id"])).first()
        except ValueError:
            raise Http404 from None
        if webhook is None:
            raise Http404
        return webhook

    def shown(self, webhook: Webhook, status: int = 200, **more: Any) -> Response:
        return Response({**WebhookSerializer(webhook).data, **more}, status=status)


class WebhooksView(WebhookBase):
    """Your webhooks, newest first."""

    many = "Webhooks"
    pagination_class = paging.NumberedPages
    serializer_class = MakeWebhookSerializer

    @describe_webhooks.webhook_list
    def get(self, request: Request) -> Response:
        lists.refuse_unknown(request.query_params, lists.PAGES)
        page: Any = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(WebhookSerializer(page, many=True).data)

    @describe_webhooks.making
    def post(self, request: Request) -> Response:
        """Make a webhook: it is told of what happens from now on."""
        wanted = _given(MakeWebhookSerializer, request)
        with refusals():
            webhook = subscriptions.make(
                self.owner,
                wanted["url"],
                **{key: wanted[key] for key in ("event_types",) if key in wanted},
                is_paused=not wanted.get("enabled", True),
                request=request._request,
            )
        answer = self.shown(webhook, 201, secret=signatures.secret_of(webhook))
        path = reverse("api-webhook", args=[webhook.pk])
        answer["Location"] = absolute(path, request)
        return answer


class WebhookView(WebhookBase):
    """One of your webhooks."""

    many = "Webhook"
    serializer_class = WebhookChangeSerializer

    @describe_webhooks.webhook
    def get(self, request: Request, id: str) -> Response:
        return self.shown(self.own())

    @describe_webhooks.change
    def patch(self, request: Request, id: str) -> Response:
        """Change its address or its types, pause it, or let it go on."""
        webhook, wanted = self.own(), _given(WebhookChangeSerializer, request)
        # All of it or nothing: what is refused last would leave what was changed first.
        with refusals(), transaction.atomic():
            subscriptions.change(
                webhook,
                url=wanted.get("url"),
                event_types=wanted.get("event_types"),
                request=request._request,
            )
            if wanted.get("enabled") is False:
                subscriptions.pause(webhook, request=request._request)
            elif wanted.get("enabled"):
                skip = wanted.get("skip_missed", False)
                subscriptions.resume(webhook, skip_missed=skip, request=request._request)
        return self.shown(webhook)

    @describe_webhooks.deletion
    def delete(self, request: Request, id: str) -> Response:
        """End it, with its log."""
        webhook = self.own()
        with refusals():
            subscriptions.delete(webhook, request=request._request)
        return Response(status=204)


class SecretView(WebhookBase):
    """What signs the messages of a webhook."""

    @describe_webhooks.secret
    def get(self, request: Request, id: str) -> Response:
        return self._shown(self.own())

    @describe_webhooks.rotation
    def post(self, request: Request, id: str) -> Response:
        """Make another one. For a day both sign."""
        webhook = self.own()
        with refusals():
            subscriptions.rotate(webhook, request=request._request)
        return self._shown(webhook)

    @staticmethod
    def _shown(webhook: Webhook) -> Response:
        secret = signatures.secret_of(webhook)
        return Response({"secret": secret, "former_until": webhook.former_until})


class TrialView(WebhookBase):
    """Tries of a webhook."""

    @describe_webhooks.test
    def post(self, request: Request, id: str) -> Response:
        """Send a message that says nothing; a worker does, so ask for the log a moment later."""
        return _asked(subscriptions.send_test, self.own())


class DeliveriesView(WebhookBase):
    """What was sent to a webhook, newest first."""

    pagination_class = paging.NumberedPages

    @describe_webhooks.delivery_list
    def get(self, request: Request, id: str) -> Response:
        lists.refuse_unknown(request.query_params, lists.PAGES)
        page: Any = self.paginate_queryset(self.own().deliveries.newest_first())
        return self.get_paginated_response(WebhookDeliverySerializer(page, many=True).data)


class ResendView(WebhookBase):
    """A message once more."""

    @describe_webhooks.resending
    def post(self, request: Request, id: str, delivery: str) -> Response:
        """Send the same message again, under its id."""
        return _asked(subscriptions.resend, self._own_delivery())

    def require_target(self) -> None:
        self._own_delivery()

    def _own_delivery(self) -> WebhookDelivery:
        given, rows = self.kwargs["delivery"], self.own().deliveries.select_related("webhook")
        found = rows.filter(pk=int(given[:18])).first() if given.isdecimal() else None
        if found is None:
            raise Http404
        return found


def _asked(ask: Callable[[Any], WebhookDelivery], subject: Any) -> Response:
    with refusals():
        waiting = ask(subject)
    return Response(WebhookDeliverySerializer(waiting).data, status=202)


def _given(kind: type[Any], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
