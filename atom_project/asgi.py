"""The application that servers run."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")

application = get_asgi_application()
