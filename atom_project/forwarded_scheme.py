"""Whether a request came by https: the word of the named proxy, and of nobody else."""

from __future__ import annotations

from atom_project import peers
from atom_project.web.protocol import Application, Receive, Scope, Send


class ForwardedScheme:
    """Wraps an application, and takes `X-Forwarded-Proto` from `ATOM_TRUSTED_PROXY` only.

    Django's `SECURE_PROXY_SSL_HEADER` would take it from anybody. Where the server has looked at
    the header already, the client is no longer the proxy, and its scheme stays.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host, *_ = scope.get("client") or ("",)
        if scope["type"] == "http" and peers.is_trusted(host):
            # Not in a copy: what is noted in it further in, such as who asked, is logged outside.
            scope["scheme"] = _forwarded(scope) or scope["scheme"]
        await self.application(scope, receive, send)


def _forwarded(scope: Scope) -> str:
    """The word of the last hop; blank without one that is a scheme."""
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    last = values[-1].decode("latin-1").rpartition(",")[2].strip().lower() if values else ""
    return last if last in {"http", "https"} else ""
