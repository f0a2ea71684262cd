"""What somebody's documents add up to, and what they cost."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from documents.dashboard import overview_page, usage_page


@require_safe
@never_cache
def overview(request: SignedInRequest) -> HttpResponse:
    return render(request, "documents/overview.html", overview_page.read(request.user))


@require_safe
@never_cache
def my_usage(request: SignedInRequest) -> HttpResponse:
    return render(request, "documents/my_usage.html", usage_page.read(request.user))
