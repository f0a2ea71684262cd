"""Apps and middleware, on every machine alike."""

from __future__ import annotations

# Not django-eventstream: parts of it are used as a library, its addresses answer anybody.
INSTALLED_APPS = [
    "atom_project.admin_app.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "accounts",
    "documents",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "atom_project.middleware.KnownMethods",
    "atom_project.middleware.NoNulInAdmin",
    "atom_project.middleware.ProblemsOfPages",
    "atom_project.file_responses.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.sessions.NoteVisits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "atom_project.request_log.note_user",
    "accounts.throttles.CountPages",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
