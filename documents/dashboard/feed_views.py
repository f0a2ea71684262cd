"""The feed of a to-do list: its secret address, and what a calendar fetches there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttles
from accounts.requests import SignedInRequest
from accounts.throttles import Throttled
from atom_project.file_responses import saved_as
from atom_project.problems import answer
from atom_project.public_address import absolute
from documents.models import ActionItem, TaskFeed
from documents.todo import exports, feeds, icalendar


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def settings_page(request: SignedInRequest) -> HttpResponse:
    """Make, renew or end the feed. The new address is in the answer, and nowhere afterwards."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        if request.POST.get("act") == "end":
            feeds.end(request.user, request=request)
            messages.success(request, "The feed has ended: its address leads nowhere now.")
            return redirect("dashboard:feed_settings")
        secret = feeds.make(request.user, request=request)
        path = reverse("dashboard:feed", args=[secret])
        context["address"] = absolute(path, request)
    context["feed"] = TaskFeed.objects.filter(owner=request.user).first()
    return render(request, "documents/feed.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The open tasks as a calendar, for whoever has the secret; `?only=todos` or `events`."""
    try:
        throttles.take_feed(request)
    except Throttled as refusal:
        return answer(request, refusal)
    owner = feeds.owner_of(secret)
    if owner is None:
        raise Http404
    only = request.GET.get("only")
    kinds = [only] if only in icalendar.KINDS else icalendar.KINDS
    items = ActionItem.objects.listed_for(owner).open().by_due_date()
    content = exports.as_calendar(items, address=exports.page_of(request), kinds=kinds)
    headers = saved_as("todo.ics", exports.CONTENT_TYPES["ics"])
    return HttpResponse(content.encode(), headers={**headers, "Cache-Control": "private, no-store"})
