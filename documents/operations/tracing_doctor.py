"""Health check of tracing: whether somebody takes the spans."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from atom_project import tracing
from documents.operations.checks import CheckResult, good, warning

SECONDS = 2.0


def examine() -> Iterator[CheckResult]:
    """Nothing where nothing is traced; that the extra is missing is a note of the settings."""
    if not settings.OTEL_ENDPOINT or not tracing.is_installed():
        return
    address = urlsplit(settings.OTEL_ENDPOINT)
    where = f"{address.hostname}:{address.port or _usual(address.scheme)}"
    try:
        status = _send_nothing()
    except (OSError, http.client.HTTPException) as error:
        yield warning(
            f"Nobody takes the traces at {where}: {error}.",
            "Start the receiver, or set OTEL_EXPORTER_OTLP_ENDPOINT to where it listens for HTTP.",
        )
        return
    if status == 200:
        yield good(f"Traces go to {where}.")
    else:
        yield warning(
            f"The receiver of traces at {where} answers {status}.",
            "Name its address for OTLP over HTTP (port 4318, not 4317), and the key it wants in "
            "OTEL_EXPORTER_OTLP_HEADERS.",
        )


def _send_nothing() -> int:
    """The status that a message without spans, which is none of bytes, is answered with."""
    address = urlsplit(settings.OTEL_ENDPOINT)
    https = address.scheme == "https"
    kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=SECONDS)
    headers = {"Content-Type": "application/x-protobuf", **tracing.headers(settings.OTEL_HEADERS)}
    try:
        connection.request("POST", f"{address.path.rstrip('/')}/v1/traces", b"", headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80
