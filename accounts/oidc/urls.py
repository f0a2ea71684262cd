"""The addresses of single sign-on, which are there where the settings name a provider."""

from django.urls import re_path

from accounts.oidc import views

urlpatterns = [
    re_path(r"^oidc/login/?$", views.begin, name="oidc_login"),
    re_path(
        r"^oidc/callback/?$", views.CallbackView.as_view(), name="oidc_authentication_callback"
    ),
    re_path(r"^account/identity/?$", views.begin_link, name="oidc_link"),
    re_path(r"^account/identity/(?P<pk>[0-9]{1,18})/end/?$", views.unlink, name="oidc_unlink"),
]
