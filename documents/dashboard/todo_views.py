"""The tasks of all documents: the list, and its ticks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from documents import events
from documents.dashboard import freshness, todo_list
from documents.dashboard.access import change
from documents.models import ActionItem
from documents.pipeline import ticks


@require_safe
@never_cache
def todo(request: SignedInRequest) -> HttpResponse:
    return render(request, "documents/todo.html", _shown(request))


@require_safe
@never_cache
def todo_parts(request: SignedInRequest) -> HttpResponse:
    """The part of the page that can change, to be read again while the page is looked at."""
    return render(request, "documents/_todo.html", _shown(request))


def _shown(request: SignedInRequest) -> dict[str, Any]:
    # The cursor first: what happens after it is told by the stream, so nothing falls between.
    cursor = events.latest_id()
    items = ActionItem.objects.listed_for(request.user)
    return {
        "cursor": cursor,
        "page_state": freshness.page_state(request.user),
        "todo": todo_list.read(items, request.GET),
    }


@change
def tick(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Set a task to what the button said, and go back to the list it stood on."""
    item = get_object_or_404(ActionItem.objects.visible_to(request.user), pk=item_id)
    done = request.POST.get("done") == "yes"
    ticks.tick(item, done=done)
    _tell(request, item, done=done)
    return redirect(f"{reverse('dashboard:todo')}?{request.GET.urlencode()}#tick-{item.pk}")


def _tell(request: SignedInRequest, item: ActionItem, *, done: bool) -> None:
    """It may have left the list: say where it is, so that a slip can be taken back."""
    place = reverse("dashboard:document", args=[item.analysis.document_id])
    said = format_html(
        "{}: “{}”. <a href='{}#tick-{}'>Show it in its document</a>",
        "Done" if done else "Open again",
        Truncator(item.task).chars(80),
        place,
        item.pk,
    )
    messages.success(request, said)
