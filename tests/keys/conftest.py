"""Keys of alice, one for each scope."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.keys import api_keys
from accounts.models import User

Client = Callable[..., APIClient]


def client(raw: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {raw}")


@pytest.fixture
def keyed(alice: User) -> Client:
    """A client with a new key of alice's that has these scopes."""
    return lambda *scopes: client(api_keys.make(alice, "script", scopes)[1])
