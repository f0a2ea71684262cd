"""To the provider and back: sign in, link an account that is there, sign out there as well."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
)

from accounts import audit, throttles
from accounts.models import Identity, User
from accounts.oidc import identities, provider, refusals
from accounts.oidc.backend import callback_address, option
from accounts.oidc.refusals import ProviderUnavailable, SignInRefused
from accounts.oidc.sign_out import ADDRESS
from accounts.requests import SignedInRequest
from accounts.throttles import Throttled
from accounts.views import SignInView

logger = logging.getLogger(__name__)

STATES = "oidc_states"  # in the session: nonce and verifier of each sign-in that was begun
LINKS = "links"  # in one of them: whose account is to be linked


class _Request(OIDCAuthenticationRequestView):  # type: ignore[misc]  # It has no types.
    """The question to the provider, with a state, a nonce and a challenge (PKCE) of its own."""

    get_settings = staticmethod(option)

    def __init__(self) -> None:
        self.OIDC_RP_CLIENT_ID = settings.ATOM_OIDC.client_id

    @property
    def OIDC_OP_AUTH_ENDPOINT(self) -> str:  # noqa: N802
        return provider.current().authorization_endpoint

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        return {"redirect_uri": callback_address(request)}


def _address_to_ask(request: HttpRequest, *, links: User | None = None) -> str:
    endpoint = provider.current().authorization_endpoint
    query = _Request().get(request).url.removeprefix(f"{endpoint}?")
    if links:
        [state] = parse_qs(query)["state"]
        request.session[STATES][state][LINKS] = links.pk
    # The library writes a second question mark where the endpoint has one.
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"


@login_not_required
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """A link, not a form: where forms may lead to is said in the content security policy."""
    try:
        throttles.take_single_sign_on(request)
        return redirect(_address_to_ask(request))
    except Throttled as refusal:
        return _refused(request, refusal.detail, refusal.status_code)
    except SignInRefused as refusal:
        return _told(request, refusal)


@require_POST
@never_cache
def begin_link(request: SignedInRequest) -> HttpResponse:
    """By the password, where there is one: an unlocked screen must not become a lasting way in."""
    try:
        throttles.take_single_sign_on(request)
        if request.user.has_usable_password():
            throttles.take_password_change(request)
            if not request.user.check_password(request.POST.get("password", "")):
                messages.error(request, "That is not your password. The account is not linked.")
                return redirect("password_change")
        address = _address_to_ask(request, links=request.user)
    except (Throttled, SignInRefused) as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("password_change")
    return onward(request, address)


@require_POST
def unlink(request: SignedInRequest, pk: str) -> HttpResponse:
    identity = get_object_or_404(Identity, pk=pk, user=request.user)
    if request.user.has_usable_password():
        identities.unlink(identity, request)
        messages.success(request, "The link is ended. You sign in with your password from now on.")
    else:
        messages.error(request, "You have no password, so this is your only way in. It stays.")
    return redirect("password_change")


def onward(request: HttpRequest, address: str) -> HttpResponse:
    """A page that leads on by itself: answered to a form, a redirect elsewhere is blocked."""
    return render(request, "accounts/onward.html", {"address": address})


@method_decorator([login_not_required, never_cache], name="dispatch")
class CallbackView(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Where the provider sends people back to."""

    get_settings = staticmethod(option)

    def get(self, request: HttpRequest) -> HttpResponse:
        begun = request.session.get(STATES, {}).get(request.GET.get("state", ""), {})
        linked_to = begun.get(LINKS)
        try:
            throttles.take_single_sign_on(request)
            request.oidc_linking = _to_link(request, linked_to)  # type: ignore[attr-defined]
            _require_provider(request)
            if request.GET.get("error"):
                self._forget(request)
                raise refusals.cancelled()
            return super().get(request)  # type: ignore[no-any-return]
        except Throttled as refusal:
            return _refused(request, refusal.detail, refusal.status_code)
        except SuspiciousOperation:
            return _told(request, refusals.expired())
        except SignInRefused as refusal:
            return _told(request, refusal, is_link=linked_to is not None)

    def login_failure(self) -> HttpResponse:
        raise refusals.expired()

    def login_success(self) -> HttpResponse:
        request = self.request
        if request.oidc_linking:
            messages.success(request, f"Your account is linked to {settings.ATOM_OIDC.name}.")
            return redirect("password_change")
        wanted = self.success_url
        # A new session, also for somebody who was signed in; Django would keep that one.
        request.session.flush()
        auth.login(request, self.user)
        if address := _address_to_sign_out(request, request.oidc_id_token):
            request.session[ADDRESS] = address
        audit.record(audit.Action.SIGNED_IN, request=request)
        logger.info("User %s signed in by the provider", self.user.pk)
        return HttpResponseRedirect(wanted)  # `redirect` would take some paths for names.

    def _forget(self, request: HttpRequest) -> None:
        if request.session.get(STATES, {}).pop(request.GET.get("state", ""), None):
            request.session.modified = True


def _to_link(request: HttpRequest, user_id: int | None) -> User | None:
    if user_id is None:
        return None
    if not isinstance(request.user, User) or request.user.pk != user_id:
        raise refusals.signed_in_as_another()
    return request.user


def _require_provider(request: HttpRequest) -> None:
    """That it is this one who answers, where it says so (RFC 9207): no code goes to another."""
    named = request.GET.get("iss", "")
    if not named and not provider.current().names_itself:
        return
    if not constant_time_compare(named, settings.ATOM_OIDC.issuer):
        raise refusals.TokenRefused("wrong_issuer")


def _address_to_sign_out(request: HttpRequest, id_token: str) -> str:
    endpoint = provider.current().end_session_endpoint
    if not endpoint:
        return ""
    back = callback_address(request).removesuffix(reverse("oidc_authentication_callback"))
    query = {
        "id_token_hint": id_token,
        "client_id": settings.ATOM_OIDC.client_id,
        "post_logout_redirect_uri": f"{back}{reverse('login')}",
    }
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"


def _told(request: HttpRequest, refusal: SignInRefused, *, is_link: bool = False) -> HttpResponse:
    what = refusal.what if isinstance(refusal, ProviderUnavailable) else refusal.code
    logger.warning("Single sign-on refused: %s", what)
    if is_link and request.user.is_authenticated:
        messages.error(request, refusal.detail)
        return redirect("password_change")
    return _refused(request, refusal.detail, refusal.status)


def _refused(request: HttpRequest, detail: Any, status: int) -> HttpResponse:
    """The page to sign in, which has both ways in, with the reason."""
    view = SignInView()
    view.setup(request)
    context = view.get_context_data(form=view.form_class(request), refusal={"detail": detail})
    # On the way back it is in no address; the library has looked at it before it kept it.
    context["next"] = context["next"] or request.session.get("oidc_login_next") or ""
    response = view.render_to_response(context, status=status)
    add_never_cache_headers(response)
    return response
