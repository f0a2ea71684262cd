"""People sign in, sign out and change their password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from accounts import audit, demo, throttles
from accounts.oidc import sign_out
from accounts.requests import SignedInRequest
from accounts.throttles import Throttled


class SignInView(auth_views.LoginView):
    template_name = "accounts/login.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Where only this machine comes, how to look around is said on the page."""
        known = {"username": demo.USERNAME, "password": demo.PASSWORD}
        shown = known if demo.may_be_told(self.request) else None
        return {**super().get_context_data(**more), "demo": shown, "oidc": settings.ATOM_OIDC}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Throttled as refusal:
            return too_many(self, self.form_class(request), refusal)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """A new session, also for somebody who was signed in; Django would keep that one."""
        self.request.session.flush()
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class SignOutView(auth_views.LogoutView):
    """By POST only: a picture on another site must not sign anybody out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The next person at this browser finds nothing of this one's, by no button either."""
        # Before it is done: nobody is signed in afterwards.
        if request.user.is_authenticated:
            audit.record(audit.Action.SIGNED_OUT, request=request)
        elsewhere = sign_out.address(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        if elsewhere:
            # As a page: answered to a form, a redirect to another site is blocked.
            response = render(request, "accounts/onward.html", {"address": elsewhere})
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@method_decorator(never_cache, name="dispatch")
class ChangePasswordView(auth_views.PasswordChangeView):
    """A new password ends every other login: the session hash is counted into each."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("password_change")
    request: SignedInRequest

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """The page has the other way in as well, where there is one."""
        context = {**super().get_context_data(**more), "oidc": settings.ATOM_OIDC}
        # A link to an earlier provider must not hide that there is none to this one.
        issuer = settings.ATOM_OIDC.issuer if settings.ATOM_OIDC else ""
        return {**context, "identities": self.request.user.identities.filter(issuer=issuer)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Somebody at an unlocked screen may not guess the old password at leisure either."""
        try:
            throttles.take_password_change(request)
        except Throttled as refusal:
            return too_many(self, self.form_class(request.user), refusal)  # type: ignore[arg-type]
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        audit.record(audit.Action.PASSWORD_CHANGED, request=self.request)
        messages.success(
            self.request,
            "Your password is changed. Other browsers and programs have been signed out.",
        )
        return super().form_valid(form)


def too_many(
    view: SignInView | ChangePasswordView, empty_form: Any, refusal: Throttled
) -> HttpResponse:
    """The form again with the wait; nothing of what was typed is looked at."""
    context = view.get_context_data(form=empty_form, refusal=refusal)
    return view.render_to_response(context, status=429, headers=refusal.headers)


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own."""
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('login')}?{urlencode({'next': wanted})}")
