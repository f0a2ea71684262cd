"""How Django REST framework and drf-spectacular behave here, on every machine alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from atom_project import __version__

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # The only gate: `LoginRequiredMiddleware` lets DRF's views pass.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "atom_project.browsable_api.ApiPage",
    ],
    "DEFAULT_PARSER_CLASSES": ["atom_project.parsers.SafeJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttles.RequestThrottle"],
    "EXCEPTION_HANDLER": "atom_project.exception_table.problem_response",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "ATOM",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["documents.api.schema.without_slash"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "documents.api.openapi.complete",
    ],
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # As JavaScript, which a plugin is; see `static/js/swagger-plugin.js`.
    "SWAGGER_UI_SETTINGS": "{deepLinking: true, persistAuthorization: false,"
    " plugins: [window.swaggerPlugin]}",
    "ENUM_NAME_OVERRIDES": {
        "StatusEnum": "documents.models.Status",
        "CredentialKindEnum": "documents.api.describe_me.CREDENTIALS",
        "PauseReasonEnum": "documents.api.webhook_serializers.REASONS",
        "ReasonEnum": "documents.api.result_serializers.FLAG_REASONS",
        "ToneEnum": "documents.api.result_serializers.TONES",
    },
}


def simple_jwt(key: str, access: timedelta, refresh: timedelta) -> dict[str, Any]:
    """A key, issuer and audience of its own, so that nothing else signed is taken for a token."""
    return {
        "ALGORITHM": "HS256",
        "SIGNING_KEY": key,
        "ISSUER": "atom",
        "AUDIENCE": "atom",
        "USER_ID_CLAIM": "sub",
        "ACCESS_TOKEN_LIFETIME": access,
        "REFRESH_TOKEN_LIFETIME": refresh,
    }
