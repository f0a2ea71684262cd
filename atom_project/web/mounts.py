"""Mounts: ASGI applications that stand beside Django under paths of their own."""

from __future__ import annotations

from collections.abc import Mapping

from atom_project.web.protocol import Application, Receive, Scope, Send


class Mounts:
    """Hands a request to the application whose path it begins with, all others to `otherwise`.

    What is mounted has the log line, headers and limits of bodies that all requests have
    (`admission.LARGE_BODIES` names the paths that take large ones), and no threads: it asks the
    database by `RequestHandler.ask`. The path stays whole.
    """

    def __init__(self, mounted: Mapping[str, Application], otherwise: Application) -> None:
        self._mounted = mounted
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope)(scope, receive, send)

    def _application(self, scope: Scope) -> Application:
        path = scope.get("path", "")
        for prefix, application in self._mounted.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return application
        return self._otherwise
