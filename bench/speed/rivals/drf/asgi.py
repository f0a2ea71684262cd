"""The application, as `django-admin startproject` writes it."""

import os

from django.core.asgi import get_asgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.speed.rivals.drf.settings"
application = get_asgi_application()
