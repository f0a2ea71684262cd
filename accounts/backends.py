"""The one place where passwords are checked, whichever door somebody comes to."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts import audit, demo, throttles
from accounts.models import User

logger = logging.getLogger(__name__)


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
        if user and demo.is_refused(request, password):
            logger.warning(
                "The password everybody knows was refused to %s", throttles.address(request)
            )
            return None
        if user is None:
            # Not the name: a password typed into the wrong field would be kept.
            logger.warning("Wrong login from %s", throttles.address(request))
            return None
        throttles.login_succeeded(request, username, receipts)
        audit.record(audit.Action.SIGNED_IN, request=request, actor=user.pk)
        logger.info("User %s logged in from %s", user.pk, throttles.address(request))
        return user
