"""The one place where passwords are checked, whichever door somebody comes to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts import throttles
from accounts.models import User


class PasswordBackend(ModelBackend):
    """Checks a name and password, but not more often than allowed: raises `Throttled`.

    A name that does not exist and a deactivated user cost as much time as a wrong password.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **kwargs)
        username = User.normalize_username(username)
        receipts = throttles.take_login(request, username)
        user = super().authenticate(request, username, password, **kwargs)
        if user is not None:
            throttles.login_succeeded(request, username, receipts)
        return user
