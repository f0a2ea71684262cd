"""The application that servers run."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")

django_application = get_asgi_application()

# Only now are the models there that it asks about tokens and sessions.
from atom_project.body_limit import BodyLimit  # noqa: E402
from atom_project.request_log import RequestLog  # noqa: E402
from atom_project.serving import allow_many_connections  # noqa: E402
from atom_project.stream_threads import StreamThreads  # noqa: E402

allow_many_connections()
application = RequestLog(BodyLimit(StreamThreads(django_application)))
