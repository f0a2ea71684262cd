"""The application that servers run."""

import os

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")

try:
    django_application = get_asgi_application()
except ImproperlyConfigured as wrong:
    # One sentence for whoever started the server, instead of what led to it.
    raise SystemExit(str(wrong)) from None

# Only now are the models there that it asks about tokens and sessions.
from atom_project import presence
from atom_project.body_limit import BodyLimit
from atom_project.browser_headers import BrowserHeaders
from atom_project.forwarded_scheme import ForwardedScheme
from atom_project.hardening import hide_memory
from atom_project.request_log import RequestLog
from atom_project.serving import allow_many_connections, tune_garbage_collection
from atom_project.stream_threads import StreamThreads

hide_memory()
try:
    presence.hold()
except ImproperlyConfigured as wrong:
    raise SystemExit(str(wrong)) from None
allow_many_connections()
application = BrowserHeaders(
    RequestLog(ForwardedScheme(BodyLimit(StreamThreads(django_application))))
)
tune_garbage_collection()
