"""`/auth/…`, with and without a trailing slash."""

from django.urls import re_path

from accounts.api import schema, views

__all__ = ["schema", "urlpatterns"]  # Reading the module registers the token scheme.

urlpatterns = [
    re_path(r"^login/?$", views.LoginView.as_view(), name="auth_login"),
    re_path(r"^refresh/?$", views.RefreshView.as_view(), name="auth_refresh"),
    re_path(r"^logout/?$", views.LogoutView.as_view(), name="auth_logout"),
]
