"""A web process on a port of its own, which it prints, with other times for streams.

At `/-/inside` it tells what streams cost: listeners, requests still held, threads, memory in KB,
descriptors.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import socket
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from atom_project.asgi import application  # isort: skip  (Sets Django up.)
from django.conf import settings
from django.http import HttpRequest
from django_eventstream.views import get_listener_manager


def inside() -> dict[str, Any]:
    gc.collect()
    listeners = get_listener_manager().listeners_by_channel.values()
    status = Path("/proc/self/status").read_text()
    return {
        "listeners": sum(len(some) for some in listeners),
        "requests": sum(issubclass(type(one), HttpRequest) for one in gc.get_objects()),
        "threads": threading.active_count(),
        "relays": sum(thread.name == "relay" for thread in threading.enumerate()),
        "memory": int(status.split("VmRSS:")[1].split()[0]),
        "descriptors": len(os.listdir("/proc/self/fd")),
    }


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope.get("path") != "/-/inside":
        await application(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(inside()).encode()})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--age", type=float, default=900)
    parser.add_argument("--heartbeat", type=float, default=1)
    parser.add_argument("--sweep", type=float, default=0.5)
    options = parser.parse_args()
    settings.FILE_UPLOAD_TEMP_DIR = os.environ.get("TMPDIR")  # Which tests look into.
    settings.STREAM_MAX_AGE = timedelta(seconds=options.age)
    settings.STREAM_HEARTBEAT = timedelta(seconds=options.heartbeat)
    settings.STREAM_SWEEP = timedelta(seconds=options.sweep)
    listener = socket.create_server(("127.0.0.1", options.port), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
