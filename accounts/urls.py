"""The pages of an account, with and without a trailing slash."""

from typing import Any

from django.conf import settings
from django.urls import include, path, re_path
from django.urls.converters import UUIDConverter

from accounts import views
from accounts.keys import views as keys

UUID = UUIDConverter.regex  # `path` would want two lines: with a trailing slash, and without.

urlpatterns: list[Any] = [
    re_path(r"^login/?$", views.SignInView.as_view(), name="login"),
    re_path(r"^logout/?$", views.SignOutView.as_view(), name="logout"),
    re_path(r"^password/?$", views.ChangePasswordView.as_view(), name="password_change"),
    re_path(r"^account/keys/?$", keys.KeysView.as_view(), name="api_keys"),
    re_path(rf"^account/keys/(?P<pk>{UUID})/end/?$", keys.end, name="api_key_end"),
    # The admin's own forms would count no wrong passwords.
    re_path(r"^admin/login/?$", views.admin_sign_in),
    re_path(r"^admin/password_change(/done)?/?$", views.ChangePasswordView.as_view()),
]

# Whose views need an extra.
if settings.ATOM_OIDC:
    urlpatterns.append(path("", include("accounts.oidc.urls")))
