"""The application that servers run: all that stands between a socket and a view."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")

try:
    django.setup(set_prefix=False)
except ImproperlyConfigured as wrong:
    # One sentence for whoever started the server, instead of what led to it.
    raise SystemExit(str(wrong)) from None

# Only now are the models there that it asks about tokens and sessions.
from django.conf import settings

from atom_project import kicks, presence, tracing
from atom_project.appended_bodies import AppendedBodies
from atom_project.body_limit import BodyLimit
from atom_project.browser_headers import BrowserHeaders
from atom_project.cross_origin import CrossOrigin
from atom_project.forwarded_scheme import ForwardedScheme
from atom_project.hardening import hide_memory
from atom_project.request_log import RequestLog
from atom_project.serving import allow_many_connections, tune_garbage_collection
from atom_project.tracing.requests import traced
from atom_project.web.handler import RequestHandler
from atom_project.web.lifespan import Lifespan
from atom_project.web.mounts import Mounts

hide_memory()
try:
    presence.hold()
except ImproperlyConfigured as wrong:
    raise SystemExit(str(wrong)) from None
allow_many_connections()
kicks.prepare()
tracing.start("web", settings.OTEL_ENDPOINT, settings.OTEL_HEADERS)

# Before them all, `deadlines.DeadlineProtocol` has let the head of the request in.
handler = RequestHandler()
django_and_beside = Mounts({}, handler)
within_limits = AppendedBodies(BodyLimit(django_and_beside, handler.ask))
logged = traced(CrossOrigin(RequestLog(ForwardedScheme(within_limits))))
application = Lifespan(BrowserHeaders(logged))
tune_garbage_collection()
