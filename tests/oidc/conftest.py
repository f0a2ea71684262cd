"""An installation that knows a provider, and browsers that go there and come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client

# The usual addresses, read before a test names a provider: they would have its doors for good.
import atom_project.urls  # noqa: F401
from accounts.oidc import provider
from atom_project.oidc_settings import BACKEND, OidcSettings
from tests.oidc.provider import CLIENT_ID, CLIENT_SECRET, StandIn
from tests.services import missing

try:
    import mozilla_django_oidc  # noqa: F401
except ImportError:  # pragma: no cover - the dev requirements bring it
    missing("mozilla-django-oidc is not installed")

PASSWORDS = "accounts.backends.PasswordBackend"


@pytest.fixture(scope="session")
def one_stand_in() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def stand_in(one_stand_in: StandIn, settings: Any, db: None) -> Iterator[StandIn]:
    one_stand_in.reset()
    provider.forget()
    settings.ROOT_URLCONF = "tests.oidc.urls"
    settings.AUTHENTICATION_BACKENDS = [PASSWORDS, BACKEND]
    settings.ATOM_OIDC = OidcSettings(
        one_stand_in.issuer, CLIENT_ID, CLIENT_SECRET, name="Harbor ID", creates_users=True
    )
    yield one_stand_in
    provider.forget()


@pytest.fixture
def closed(stand_in: StandIn, settings: Any) -> StandIn:
    """Where nobody gets an account by signing in."""
    settings.ATOM_OIDC = replace(settings.ATOM_OIDC, creates_users=False)
    return stand_in


@pytest.fixture
def visitor(stand_in: StandIn) -> Client:
    return Client()


def there(client: Client, address: str = "/oidc/login") -> str:
    """Begin, go to the provider, and the path by which it sends back."""
    return at_provider(client.get(address)["Location"])


def at_provider(address: str) -> str:
    answer = httpx.get(address)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(client: Client, address: str = "/oidc/login") -> Any:
    return client.get(there(client, address))


def signed_in(client: Client) -> str:
    """The name of whoever is; blank for nobody."""
    user = client.get("/login").context["user"]
    return str(user.get_username())


Refused = Callable[..., str]


@pytest.fixture
def refused(visitor: Client) -> Refused:
    """Sign in and be refused; what the page says."""

    def sign_in_and_fail(status: int = 403) -> str:
        answer = sign_in(visitor)
        assert answer.status_code == status
        assert signed_in(visitor) == ""
        text: str = answer.content.decode()
        return text

    return sign_in_and_fail
