"""Sign-in at a provider of OpenID Connect: what the environment says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from atom_project.addresses import is_local
from atom_project.environment import Environment

BACKEND = "accounts.oidc.backend.ProviderBackend"


@dataclass(frozen=True)
class OidcSettings:
    """False where no issuer is named: then nothing of it is imported."""

    issuer: str = ""  # as tokens name it, to the letter
    client_id: str = ""
    client_secret: str = field(default="", repr=False)  # blank: a public client, by PKCE alone
    name: str = "single sign-on"  # on the button
    creates_users: bool = False

    def __bool__(self) -> bool:
        return bool(self.issuer)


def read(env: Environment) -> OidcSettings:
    found = OidcSettings(
        issuer=env.http_url("ATOM_OIDC_ISSUER"),
        client_id=env.text("ATOM_OIDC_CLIENT_ID"),
        client_secret=env.text("ATOM_OIDC_CLIENT_SECRET"),
        name=env.text("ATOM_OIDC_NAME", OidcSettings.name),
        creates_users=env.flag("ATOM_OIDC_CREATE_USERS", default=False),
    )
    if not found:
        if found.client_id:
            env.notes.append("ATOM_OIDC_CLIENT_ID is set without ATOM_OIDC_ISSUER: it has no use.")
    else:
        _require(found)
    return found


def _require(found: OidcSettings) -> None:
    if not found.client_id:
        raise ImproperlyConfigured(
            "ATOM_OIDC_ISSUER needs ATOM_OIDC_CLIENT_ID: register ATOM with the provider as a web "
            "application, and give the id it gets there."
        )
    address = urlsplit(found.issuer)
    if address.scheme != "https" and not is_local(address.hostname):
        raise ImproperlyConfigured(
            "ATOM_OIDC_ISSUER must start with https://: over http anybody on the way could sign in "
            "as anybody."
        )
    if find_spec("mozilla_django_oidc") is None:
        raise ImproperlyConfigured(
            "ATOM_OIDC_ISSUER is set, but mozilla-django-oidc is not installed. Install it with "
            "`pip install --require-hashes -r requirements/oidc.txt`, or leave it out."
        )
