"""The page of somebody's API keys: made, shown once, and ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.keys import api_keys
from accounts.keys.forms import KeyForm
from accounts.models import ApiKey
from accounts.requests import SignedInRequest


@method_decorator(never_cache, name="dispatch")
class KeysView(FormView):  # type: ignore[type-arg]
    """The new key is in the answer to the form that made it, and nowhere afterwards."""

    template_name = "accounts/keys.html"
    form_class = KeyForm
    request: SignedInRequest

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        keys = self.request.user.api_keys.unended()
        return {**super().get_context_data(**more), "keys": keys}

    def form_valid(self, form: KeyForm) -> HttpResponse:
        wanted = form.cleaned_data
        try:
            key, raw = api_keys.make(
                self.request.user,
                wanted["name"],
                wanted["scopes"],
                days=wanted["days"],
                request=self.request,
            )
        except api_keys.TooManyKeys:
            form.add_error(None, f"You have {api_keys.MOST} keys. End one that nobody needs first.")
            return self.form_invalid(form)
        empty = KeyForm(auto_id=form.auto_id)
        return self.render_to_response(self.get_context_data(form=empty, made=key, raw=raw))


@require_POST
def end(request: SignedInRequest, pk: str) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk, owner=request.user)
    api_keys.end(key, request=request)
    messages.success(request, f"The key “{key.name}” opens nothing any more.")
    return redirect("api_keys")
