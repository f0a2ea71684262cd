"""Django settings. Everything that differs between machines comes from the environment."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from atom_project import (
    cross_origin,
    default_model,
    logs,
    oidc_settings,
    paths,
    static_version,
    tracing,
)
from atom_project.addresses import database, is_local, object_store, sqlite_in
from atom_project.api_settings import REST_FRAMEWORK as REST_FRAMEWORK
from atom_project.api_settings import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from atom_project.api_settings import simple_jwt
from atom_project.app_settings import INSTALLED_APPS as INSTALLED_APPS
from atom_project.app_settings import MIDDLEWARE as MIDDLEWARE
from atom_project.content_policy import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from atom_project.data_folder import folder_for_incoming
from atom_project.environment import Environment
from atom_project.signing_keys import signing_keys

BASE_DIR = paths.CODE
ENV_FILE = paths.env_file()
env = Environment(ENV_FILE)

# Where it listens and what people type to reach it.
ATOM_HOST = env.text("ATOM_HOST", "127.0.0.1")
ATOM_PORT = env.integer("ATOM_PORT", 8000, at_most=65535)
ATOM_PUBLIC_URL = env.http_url("ATOM_PUBLIC_URL")
ATOM_TRUSTED_PROXY = env.text("ATOM_TRUSTED_PROXY")
# Seconds; 0: never. Long enough for a machine under load, short enough for people who wait.
ATOM_HEALTH_TIMEOUT = env.integer("ATOM_HEALTH_TIMEOUT", 60, at_most=3600)
ATOM_WEB_PROCESSES = env.integer("ATOM_WEB_PROCESSES", 1, at_least=1, at_most=64)
ATOM_WEB_THREADS = env.integer("ATOM_WEB_THREADS", 8, at_least=2, at_most=64)  # of each
ATOM_DEMO = env.flag("ATOM_DEMO", default=False)
ATOM_DATA_DIR = Path(env.text("ATOM_DATA_DIR") or paths.data_folder()).absolute()
VAR_DIR = ATOM_DATA_DIR / "var"

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
IS_HTTPS = urlsplit(ATOM_PUBLIC_URL).scheme == "https"
# A proxy, or an address that others may type, says that others come, whatever the scheme.
IS_LOCAL_ONLY = (
    is_local(ATOM_HOST)
    and not ATOM_TRUSTED_PROXY
    and (not ATOM_PUBLIC_URL or is_local(urlsplit(ATOM_PUBLIC_URL).hostname))
)

if IS_HTTPS and not ATOM_TRUSTED_PROXY:
    env.notes.append(
        "ATOM_PUBLIC_URL is https, but ATOM_TRUSTED_PROXY names no proxy: all visitors count as "
        "one address. Set it to the address that the proxy connects from."
    )

# For whoever changes the code. It shows too much for anybody else.
DEBUG = env.flag("ATOM_DEBUG", default=False)
if DEBUG and (not IS_LOCAL_ONLY or ATOM_PUBLIC_URL):
    raise ImproperlyConfigured(
        "ATOM_DEBUG shows code and data wherever something goes wrong, so it works on this "
        "machine only. Switch it off, or leave out ATOM_HOST, ATOM_PUBLIC_URL and "
        "ATOM_TRUSTED_PROXY."
    )

# Secrets.
_secrets = signing_keys(
    {"SECRET_KEY": env.text("SECRET_KEY"), "JWT_SECRET_KEY": env.text("JWT_SECRET_KEY")},
    VAR_DIR / "secrets.json",
    notes=env.notes,
    is_local_only=IS_LOCAL_ONLY,
)
SECRET_KEY = _secrets["SECRET_KEY"]
JWT_SECRET_KEY = _secrets["JWT_SECRET_KEY"]
# A year, and ten, at most: far beyond that, dates overflow.
JWT_EXPIRY = timedelta(minutes=env.integer("JWT_EXPIRY", 60, at_least=1, at_most=525_600))
JWT_REFRESH_LIFETIME = timedelta(days=env.integer("JWT_REFRESH_DAYS", 7, at_least=1, at_most=3650))
# However often it is refreshed, a login ends then.
JWT_LOGIN_LIFETIME = timedelta(days=env.integer("JWT_LOGIN_DAYS", 90, at_least=1, at_most=3650))
if max(JWT_REFRESH_LIFETIME, JWT_EXPIRY) > JWT_LOGIN_LIFETIME:
    env.notes.append(
        "JWT_LOGIN_DAYS ends logins before JWT_REFRESH_DAYS or JWT_EXPIRY would. Raise it if "
        "tokens are to live so long."
    )

# Reading and analysis.
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
OPENAI_BASE_URL = env.http_url("OPENAI_BASE_URL")
ATOM_MODEL = env.text("ATOM_MODEL", default_model.on(default_model.today()))
# Of the same server: an owner may have a document analyzed again by one of them.
ATOM_OTHER_MODELS = env.texts("ATOM_OTHER_MODELS")
ATOM_CHECK_CLAIMS = env.choice("ATOM_CHECK_CLAIMS", "auto", ["auto", "on", "off"])
ATOM_ENGINE = env.choice("ATOM_ENGINE", "auto", ["auto", "openai", "offline"])
ATOM_PDF_ENGINE = env.choice("ATOM_PDF_ENGINE", "auto", ["auto", "pdfminer"])
# Text recognition (OCR) of scanned pages; no language named: those installed, if they are few.
ATOM_OCR = env.choice("ATOM_OCR", "auto", ["auto", "off"])
ATOM_OCR_LANGUAGES = env.names("ATOM_OCR_LANGUAGES")
ATOM_OCR_MINUTES = env.integer("ATOM_OCR_MINUTES", 10, at_least=1, at_most=1440)
ATOM_MODEL_DEADLINE = env.integer("ATOM_MODEL_DEADLINE", 180, at_least=1, at_most=86_400)
# In tokens, for both. None: learned from the server.
ATOM_MODEL_CONTEXT = env.integer_or_auto("ATOM_MODEL_CONTEXT", at_least=1_024, at_most=100_000_000)
ATOM_MODEL_ANSWER = env.integer_or_auto("ATOM_MODEL_ANSWER", at_least=128, at_most=1_000_000)
# Not sent where blank: most servers know neither.
ATOM_MODEL_REASONING_EFFORT = env.choice(
    "ATOM_MODEL_REASONING_EFFORT", "", ["", "none", "minimal", "low", "medium", "high", "xhigh"]
)
ATOM_MODEL_SERVICE_TIER = env.choice(
    "ATOM_MODEL_SERVICE_TIER", "", ["", "auto", "default", "flex", "priority"]
)
# USD per million tokens: input, cached input, output. None: as the table has it.
ATOM_MODEL_PRICE = env.prices("ATOM_MODEL_PRICE")
ATOM_MAX_COST_PER_DOCUMENT = env.money("ATOM_MAX_COST_PER_DOCUMENT", "1.00")
# None: no limit. 0: nothing may be spent.
ATOM_DAILY_BUDGET_USD = (
    env.money("ATOM_DAILY_BUDGET_USD", "0") if env.text("ATOM_DAILY_BUDGET_USD") else None
)
# Of each person beside it. None, or 0 in the environment: no limit.
ATOM_DAILY_BUDGET_USD_PER_USER = env.money("ATOM_DAILY_BUDGET_USD_PER_USER", "0") or None
if ATOM_ENGINE == "openai" and not (OPENAI_API_KEY or OPENAI_BASE_URL):
    raise ImproperlyConfigured(
        "ATOM_ENGINE is openai, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is set. "
        "Set one of them, or ATOM_ENGINE=offline for the built-in engine."
    )
# The engine really used: a key or a server of one's own chooses the model.
ANALYSIS_ENGINE = (
    ATOM_ENGINE
    if ATOM_ENGINE != "auto"
    else ("openai" if OPENAI_API_KEY or OPENAI_BASE_URL else "offline")
)

if ANALYSIS_ENGINE == "openai" and not (OPENAI_BASE_URL or env.text("ATOM_MODEL")):
    env.notes += filter(None, [default_model.in_words(default_model.today())])

# What a person may send: PDF and plain text, and what is named here.
ATOM_EXTRA_TYPES = env.names("ATOM_EXTRA_TYPES", ["images", "md"])
if "images" in ATOM_EXTRA_TYPES and ATOM_OCR == "off":
    env.notes.append(
        "ATOM_EXTRA_TYPES has images, but ATOM_OCR is off: nobody could read them, so they are "
        "refused."
    )
MAX_FILE_SIZE = 10 * 1024 * 1024
# Of a PDF that comes by resumable upload; all else is held in memory while it is read.
ATOM_MAX_FILE_SIZE = env.size_within("ATOM_MAX_FILE_SIZE", "10 MB", "2 GB")
MAX_FILES_PER_UPLOAD = 20
MAX_UPLOAD_BODY = MAX_FILES_PER_UPLOAD * MAX_FILE_SIZE + 1024 * 1024
# Django writes whole bodies to disk before it asks who sends them; `BodyLimit` asks first.
MAX_SMALL_BODY = 1024 * 1024  # from anybody, and wherever no file is uploaded
ATOM_MAX_BODIES_PER_USER = env.integer("ATOM_MAX_BODIES_PER_USER", 4, at_least=1)
# Asked with a user's id, the bytes announced and the idempotency key; raises a `Problem`.
UPLOAD_ADMISSION = "documents.uploads.admission.require_room"
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # More than 20 are judged, and refused, one by one.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# How slow a client may be, in seconds without progress, and how many connections it may hold.
ATOM_HEAD_SECONDS = env.integer("ATOM_HEAD_SECONDS", 10, at_least=1)
ATOM_BODY_SECONDS = env.integer("ATOM_BODY_SECONDS", 15, at_least=1)
ATOM_ANSWER_SECONDS = env.integer("ATOM_ANSWER_SECONDS", 30, at_least=1)
ATOM_MAX_CONNECTIONS_PER_ADDRESS = env.integer("ATOM_MAX_CONNECTIONS_PER_ADDRESS", 200)

# How much of one person may wait and be kept; 0 means no limit.
ATOM_MAX_QUEUED_PER_USER = env.integer("ATOM_MAX_QUEUED_PER_USER", 1000)
ATOM_MAX_DOCUMENTS_PER_USER = env.integer("ATOM_MAX_DOCUMENTS_PER_USER", 100_000)
ATOM_MAX_BYTES_PER_USER = env.size("ATOM_MAX_BYTES_PER_USER", "10 GB")
# Of everybody, beside the quotas: pages drawn to be looked at, which can be made again.
ATOM_PAGE_IMAGES_BYTES = env.size("ATOM_PAGE_IMAGES_BYTES", "1 GB")

# For how many days documents that are finished are kept, and what was done is known; 0: for ever.
ATOM_KEEP_DAYS = env.integer("ATOM_KEEP_DAYS", 0, at_most=36_500)
# For how many days the trash keeps what was deleted on a page; 0: it is gone at once.
ATOM_TRASH_DAYS = env.integer("ATOM_TRASH_DAYS", 7, at_most=36_500)
ATOM_AUDIT_DAYS = env.integer("ATOM_AUDIT_DAYS", 365, at_least=1, at_most=36_500)
ATOM_SEARCH_SECONDS = env.integer("ATOM_SEARCH_SECONDS", 10, at_least=1)

# The line.
WORKER_SLOTS = env.integer("ATOM_WORKER_SLOTS", 4, at_least=1)
# Fair: whoever brings one document does not wait for a thousand of somebody else's.
ATOM_QUEUE_ORDER = env.choice("ATOM_QUEUE_ORDER", "fifo", ["fifo", "fair"])
# Three renewals fit into a lease: one may fail, and no document is lost.
LEASE = timedelta(seconds=30)
LEASE_RENEWAL = timedelta(seconds=10)
# Once is mostly a restart; three times in a row, it may be the document that kills workers.
MAX_LEASE_EXPIRATIONS = 3

# Streams.
ATOM_MAX_STREAMS_PER_USER = env.integer("ATOM_MAX_STREAMS_PER_USER", 10, at_least=1)
ATOM_MAX_WAITS_PER_USER = env.integer("ATOM_MAX_WAITS_PER_USER", 50, at_least=1)
STREAM_MAX_AGE = timedelta(minutes=15)
# Proxies cut off what is silent, nginx after 60 seconds.
STREAM_HEARTBEAT = timedelta(seconds=15)
STREAM_SWEEP = timedelta(seconds=15)  # How often it is asked who may still listen.
# Whatever asks the library itself gets our answers: own channel only, our event log.
EVENTSTREAM_STORAGE_CLASS = "documents.live.channels.EventLog"
EVENTSTREAM_CHANNELMANAGER_CLASS = "documents.live.channels.OwnChannel"

# Webhooks go to public addresses by https, but for what is named here.
ATOM_WEBHOOK_ALLOW_HTTP = env.flag("ATOM_WEBHOOK_ALLOW_HTTP", default=False)
ATOM_WEBHOOK_ALLOWED_NETWORKS = env.networks("ATOM_WEBHOOK_ALLOWED_NETWORKS")
ATOM_WEBHOOK_LOG_DAYS = env.integer("ATOM_WEBHOOK_LOG_DAYS", 7, at_least=1, at_most=365)

ALLOWED_HOSTS = [
    *LOCAL_HOSTS,
    *([ATOM_HOST] if ATOM_HOST not in {"0.0.0.0", "::", *LOCAL_HOSTS} else []),  # noqa: S104
    *([urlsplit(ATOM_PUBLIC_URL).hostname or ""] if ATOM_PUBLIC_URL else []),
]
CSRF_TRUSTED_ORIGINS = [cross_origin.origin(ATOM_PUBLIC_URL)] if ATOM_PUBLIC_URL else []
ATOM_CORS_ORIGINS = cross_origin.allowed(env.texts("ATOM_CORS_ORIGINS"))

ROOT_URLCONF = "atom_project.urls"
ASGI_APPLICATION = "atom_project.asgi.application"
WSGI_APPLICATION = "atom_project.wsgi.application"
APPEND_SLASH = False  # Every path is routed with and without a trailing slash.

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [paths.FILES / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "atom_project.theme.theme",
                "atom_project.paths.for_templates",
            ],
        },
    },
]

# Data. ATOMIC_REQUESTS stays off: the queue lock is held for one short transaction only.
DATABASE_URL = env.text("DATABASE_URL")
DATABASES = {"default": database(DATABASE_URL) if DATABASE_URL else sqlite_in(VAR_DIR)}
# Past a pooler in transaction mode, which carries no notifications; see `documents.wakeup`.
ATOM_LISTEN_URL = env.postgres_url("ATOM_LISTEN_URL")
# Wakes Celery nodes; `manage.py worker` needs none. See `atom_project.kicks`.
ATOM_BROKER_URL = env.broker_url("ATOM_BROKER_URL", DATABASES["default"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = ATOM_DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "documents.storage.DurableFileSystemStorage"},
    # Served from where they are, see `static_version`: a first start needs no `collectstatic`.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# None: 100 MB, or a twentieth of a smaller disk. Uploads leave it for all the rest.
ATOM_DISK_RESERVE = env.size("ATOM_DISK_RESERVE", "0") if env.text("ATOM_DISK_RESERVE") else None
FILE_UPLOAD_TEMP_DIR = folder_for_incoming(VAR_DIR / "incoming")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

STATICFILES_DIRS = [paths.FILES / "static"]
STATIC_URL = f"{static_version.ROOT}{static_version.of(STATICFILES_DIRS[0])}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = None if DEBUG else f"^/{STATIC_URL}"  # Debugging edits them.
WHITENOISE_ALLOW_ALL_ORIGINS = False  # No other site needs these files.

# Uploads beside the database, or in an object store that all hosts reach.
ATOM_MEDIA_URL = env.text("ATOM_MEDIA_URL")
if ATOM_MEDIA_URL:
    STORAGES["default"] = object_store(ATOM_MEDIA_URL)

# What the database does not know is moved aside, and removed for good after this time.
ATOM_QUARANTINE_DAYS = env.integer("ATOM_QUARANTINE_DAYS", 30, at_least=1, at_most=3650)

# Throttles of several hosts need a store all of them see; one host needs none.
REDIS_URL = env.redis_url("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "throttle": {
        "BACKEND": "accounts.throttle_cache.ThrottleCache",
        "LOCATION": REDIS_URL,
    },
}
ATOM_METRICS_TOKEN = env.text("ATOM_METRICS_TOKEN")
ATOM_THROTTLE = env.flag("ATOM_THROTTLE", default=True)

# People.
AUTH_USER_MODEL = "accounts.User"
ATOM_OIDC = oidc_settings.read(env)
AUTHENTICATION_BACKENDS = ["accounts.backends.PasswordBackend"]
if ATOM_OIDC:
    AUTHENTICATION_BACKENDS.append(oidc_settings.BACKEND)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.password_validators.GuessingValidator"},
]

# Cookies and headers, strict with https. `__Host-`: over https only, from no other subdomain.
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # seconds from signing in
SESSION_IDLE = timedelta(hours=8)
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.refused_forms.csrf_failure"
SECURE_SSL_REDIRECT = False  # The proxy that ends TLS redirects; health checks come over http.
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # It wants that redirect here.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = None  # `ForwardedScheme` believes the named proxy, not anybody.
X_FRAME_OPTIONS = "DENY"

# Django's own default is Chicago: times would leave as `-06:00`.
TIME_ZONE = "UTC"

SIMPLE_JWT = simple_jwt(JWT_SECRET_KEY, JWT_EXPIRY, JWT_REFRESH_LIFETIME)

# JSON wherever no person watches; text at a terminal.
ATOM_LOG = env.choice("ATOM_LOG", "text" if sys.stderr.isatty() else "json", ["json", "text"])
LOGGING = logs.configuration(ATOM_LOG)

# Traces go to a receiver of OTLP over HTTP, where one is named.
OTEL_ENDPOINT = env.http_url("OTEL_EXPORTER_OTLP_ENDPOINT")
OTEL_HEADERS = env.text("OTEL_EXPORTER_OTLP_HEADERS")
env.notes += tracing.notes(OTEL_ENDPOINT)

# What the operator should know; shown by the system checks and by `manage.py up`.
SETTING_NOTES = env.notes
