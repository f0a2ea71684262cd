"""For servers that speak WSGI. Streams need ASGI; see `atom_project/asgi.py`."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from atom_project.hardening import hide_memory

hide_memory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as wrong:
    raise SystemExit(str(wrong)) from None
