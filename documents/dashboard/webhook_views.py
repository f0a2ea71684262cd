"""The pages of somebody's webhooks: made, paused, tried, and what was sent to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from documents.dashboard import access
from documents.dashboard.webhook_forms import WebhookForm
from documents.models import Webhook
from documents.webhooks import signatures, subscriptions
from documents.webhooks.codes import FAILURES
from documents.webhooks.messages import NoSuchEvent
from documents.webhooks.subscriptions import HeldByStaff, TooManyWaiting, TooManyWebhooks

PAGE_SIZE = 50
HELD = "Staff have paused the webhook to this host; ask them."

Act = Callable[[SignedInRequest, Webhook], str]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def webhooks(request: SignedInRequest) -> HttpResponse:
    """All of them, and the form for a new one."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = subscriptions.make(request.user, **form.wanted, request=request)
        except TooManyWebhooks:
            form.add_error(None, f"You have {subscriptions.MOST} webhooks. Delete one first.")
        except HeldByStaff:
            form.add_error("url", HELD)
        else:
            messages.success(request, "The webhook is made. Its secret is on this page.")
            return redirect("dashboard:webhook", made.pk)
    context = {"form": form, "webhooks": Webhook.objects.visible_to(request.user)}
    return render(request, "documents/webhooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def webhook(request: SignedInRequest, webhook_id: UUID) -> HttpResponse:
    """One of them: what it is, what was sent, and what can be done with it."""
    found = get_object_or_404(Webhook.objects.visible_to(request.user), pk=webhook_id)
    if request.method != "POST":
        return _page(request, found)
    try:
        return _act(request, found, request.POST.get("act", ""))
    except Webhook.DoesNotExist:
        raise Http404 from None  # Deleted since it was looked up.
    except HeldByStaff:
        messages.error(request, HELD)
        return redirect("dashboard:webhook", found.pk)


def _act(request: SignedInRequest, found: Webhook, asked: str) -> HttpResponse:
    if asked == "change":
        return _change(request, found)
    if asked == "show":
        return _page(request, found, secret=signatures.secret_of(found))
    if asked == "delete":
        subscriptions.delete(found, request=request)
        messages.success(request, f"The webhook to {found.host} is deleted.")
        return redirect("dashboard:webhooks")
    if act := ACTS.get(asked):
        _do(request, lambda: act(request, found))
    return redirect("dashboard:webhook", found.pk)


@access.change
def resend(request: SignedInRequest, webhook_id: UUID, delivery_id: int) -> HttpResponse:
    found = get_object_or_404(Webhook.objects.visible_to(request.user), pk=webhook_id)
    delivery = get_object_or_404(found.deliveries.select_related("webhook"), pk=delivery_id)

    def act() -> str:
        subscriptions.resend(delivery)
        return "The message is sent once more, in a moment."

    _do(request, act)
    return redirect("dashboard:webhook", found.pk)


def _change(request: SignedInRequest, found: Webhook) -> HttpResponse:
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    subscriptions.change(found, **form.wanted, request=request)
    messages.success(request, "The webhook is changed.")
    return redirect("dashboard:webhook", found.pk)


def _do(request: SignedInRequest, act: Callable[[], str]) -> None:
    """Do it and say so, or say why not."""
    try:
        messages.success(request, act())
    except HeldByStaff:
        messages.error(request, HELD)
    except TooManyWaiting:
        messages.error(request, "Enough messages wait to be sent; see the log below.")
    except NoSuchEvent:
        messages.error(request, "The event or its document is gone; nothing can be sent again.")


def _pause(request: SignedInRequest, found: Webhook) -> str:
    subscriptions.pause(found, request=request)
    return "The webhook is paused. What happens meanwhile is sent when you let it go on."


def _resume(request: SignedInRequest, found: Webhook) -> str:
    subscriptions.resume(found, request=request)
    return "The webhook goes on; what it has missed is sent first."


def _skip(request: SignedInRequest, found: Webhook) -> str:
    subscriptions.resume(found, skip_missed=True, request=request)
    return "The webhook goes on; what it has missed is not sent."


def _rotate(request: SignedInRequest, found: Webhook) -> str:
    subscriptions.rotate(found, request=request)
    return "Another secret is made; show it, and give it to the receiver."


def _test(request: SignedInRequest, found: Webhook) -> str:
    subscriptions.send_test(found)
    return "A test is sent in a moment; look at this page again."


ACTS: dict[str, Act] = {
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "rotate": _rotate,
    "test": _test,
}


def _page(
    request: SignedInRequest, found: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    log = found.deliveries.newest_first()
    page = Paginator(log, PAGE_SIZE).get_page(request.GET.get("page"))
    entries = [(entry, FAILURES.get(entry.code, "")) for entry in page.object_list]
    given = {"url": found.url, "event_types": found.event_types}
    context: dict[str, Any] = {
        "webhook": found,
        "form": form or WebhookForm(initial=given),
        "secret": secret,
        "page": page,
        "entries": entries,
    }
    return render(request, "documents/webhook.html", context)
