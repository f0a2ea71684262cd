"""The flow of mozilla-django-oidc, with what it leaves open closed.

Version 5 checks neither issuer nor audience, nor that there is an expiry, matches accounts by
e-mail alone, asks for the keys at each sign-in and lets deactivated accounts go on. All of that is
done by modules of our own; the library's is the state, the challenge and the exchange of the code.
"""

from __future__ import annotations

import ssl
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from requests import RequestException

from accounts.models import User
from accounts.oidc import id_tokens, identities, provider
from accounts.oidc.identities import Claims
from accounts.oidc.refusals import ProviderUnavailable, TokenRefused

CALLBACK = "oidc_authentication_callback"
# In place of Django's settings, where the library would look.
OPTIONS: dict[str, Any] = {
    "OIDC_RP_SCOPES": "openid profile email",
    "OIDC_USE_PKCE": True,
    "OIDC_TIMEOUT": provider.TIMEOUT,
    # The system's certificates, as everywhere else; `requests` brings some of its own.
    "OIDC_VERIFY_SSL": ssl.get_default_verify_paths().cafile or True,
}
# What userinfo may add. Not who it is: that is signed, and this is not.
WORDS = ("preferred_username", "email", "email_verified", "name")


def option(name: str, *default: Any) -> Any:
    if name == "OIDC_TOKEN_USE_BASIC_AUTH":
        return settings.ATOM_OIDC.client_secret and not provider.current().takes_secret_in_form
    return OPTIONS.get(name, *default)


def callback_address(request: HttpRequest) -> str:
    """As it is registered with the provider."""
    path = reverse(CALLBACK)
    if settings.ATOM_PUBLIC_URL:
        return f"{settings.ATOM_PUBLIC_URL.rstrip('/')}{path}"
    return request.build_absolute_uri(path)


class ProviderBackend(OIDCAuthenticationBackend):  # type: ignore[misc]  # It has no types.
    get_settings = staticmethod(option)
    # The library's would hand out deactivated users.
    get_user = ModelBackend.get_user

    def __init__(self) -> None:
        """Asks nobody: one is made for each login by password, too."""
        self.OIDC_RP_CLIENT_ID = settings.ATOM_OIDC.client_id
        self.OIDC_RP_CLIENT_SECRET = settings.ATOM_OIDC.client_secret

    @property
    def OIDC_OP_TOKEN_ENDPOINT(self) -> str:  # noqa: N802
        return provider.current().token_endpoint

    @property
    def OIDC_OP_USER_ENDPOINT(self) -> str:  # noqa: N802
        return provider.current().userinfo_endpoint

    def authenticate(
        self, request: HttpRequest | None, *, nonce: str, code_verifier: str
    ) -> User | None:
        """By these names alone: the library's tries any login whose address has a `code`."""
        user: User | None = super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        return user

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        payload["redirect_uri"] = callback_address(self.request)
        if not payload["client_secret"]:
            del payload["client_secret"]
        try:
            said = super().get_token(payload)
        # Without its words: they hold what was answered.
        except RequestException as error:
            if error.response is not None and error.response.status_code in {400, 401, 403}:
                raise TokenRefused("code_refused") from None
            raise ProviderUnavailable("its token endpoint does not answer") from None
        if not isinstance(said, dict):
            raise ProviderUnavailable("its token endpoint answers no object")
        return said

    def verify_token(self, token: Any, **kwargs: Any) -> dict[str, Any]:
        return id_tokens.verify(token, nonce=kwargs.get("nonce", ""))

    def store_tokens(self, access_token: Any, id_token: str) -> None:
        """Kept for signing out there; the access token opens nothing that is needed here."""
        self.request.oidc_id_token = id_token

    def get_or_create_user(self, access_token: Any, id_token: str, payload: Claims) -> User:
        if linking := self.request.oidc_linking:
            identities.link(linking, payload, self.request)
            return linking  # type: ignore[no-any-return]
        return identities.sign_in(
            payload, self.request, lambda: self._with_words(access_token, id_token, payload)
        )

    def _with_words(self, access_token: Any, id_token: str, claims: Claims) -> Claims:
        """With name and address, which some providers do not put into the token."""
        if "preferred_username" in claims or not (access_token and self.OIDC_OP_USER_ENDPOINT):
            return claims
        try:
            said = self.get_userinfo(access_token, id_token, claims)
        except RequestException:
            raise ProviderUnavailable("its userinfo endpoint does not answer") from None
        if not isinstance(said, dict) or said.get("sub") != claims["sub"]:
            raise TokenRefused("wrong_userinfo")
        return {**{name: said[name] for name in WORDS if name in said}, **claims}
