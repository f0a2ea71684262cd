"""Requests of somebody who has signed in, for the type checker."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """What a page gets behind `LoginRequiredMiddleware`: its user is somebody."""

    user: User
