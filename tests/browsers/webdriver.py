"""Firefox and WebKit driven by their own protocols, without a client library.

WebKit speaks WebDriver over HTTP, Firefox the same commands as Marionette over a socket (Debian
has no geckodriver). What the smoke suite needs of either is a dozen commands, fewer lines than a
dependency that is locked, updated and brings drivers of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests import leftovers
from tests.processes import free_port

PATIENCE = 30  # seconds
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # As the standard names references to elements.


class Refused(Exception):
    """The browser could not do it."""


class Browser:
    """One window of a browser; `command` sends what the standard calls by these names."""

    name = ""

    def command(self, name: str, **parameters: Any) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def go(self, address: str) -> None:
        self.command("navigate", url=address)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.command("run", script=script, args=list(arguments))

    def find(self, selector: str) -> str:
        """The first element, as soon as it is there and shown."""
        self.wait_until(
            "const found = document.querySelector(arguments[0]);"
            "return Boolean(found?.getClientRects().length)",
            selector,
        )
        return str(self.command("find", using="css selector", value=selector)[ELEMENT])

    def click(self, selector: str) -> None:
        self.command("click", element=self.find(selector))

    def role(self, selector: str) -> str:
        """What the browser tells assistive programs that it is."""
        return str(self.command("role", element=self.find(selector)))

    def type(self, selector: str, text: str) -> None:
        self.command("type", element=self.find(selector), text=text)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0])?.textContent", selector))

    def wait_until(self, script: str, *arguments: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._is_so(script, *arguments):
            shown = self.run("return `${location}\n${document.body?.innerText}`")
            assert time.monotonic() < deadline, f"{script} {arguments}\n{shown[:2000]}"
            time.sleep(0.1)

    def _is_so(self, script: str, *arguments: Any) -> bool:
        with contextlib.suppress(Refused):  # Between two pages there is nothing to ask.
            return bool(self.run(script, *arguments))
        return False


class Firefox(Browser):
    name = "firefox"
    COMMANDS = {
        "navigate": "WebDriver:Navigate",
        "run": "WebDriver:ExecuteScript",
        "find": "WebDriver:FindElement",
        "click": "WebDriver:ElementClick",
        "type": "WebDriver:ElementSendKeys",
        "role": "WebDriver:GetComputedRole",
    }

    def __init__(self, folder: Path) -> None:
        port = free_port()
        profile = folder / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        self._process = leftovers.start(
            ["firefox-esr", "--marionette", "--headless", "--no-remote", "--profile", str(profile)],
            env={**os.environ, "HOME": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = _connected(port)
        self._received()  # It introduces itself.
        self._sent = 0
        self._ask("WebDriver:NewSession", {"acceptInsecureCerts": False})

    def command(self, name: str, **parameters: Any) -> Any:
        if "element" in parameters:
            parameters["id"] = parameters.pop("element")
        answer = self._ask(self.COMMANDS[name], parameters)
        return answer["value"] if name in {"run", "find", "role"} else answer

    def close(self) -> None:
        with contextlib.suppress(OSError, Refused):
            self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def _ask(self, name: str, parameters: dict[str, Any]) -> Any:
        self._sent += 1
        body = json.dumps([0, self._sent, name, parameters]).encode()
        self._socket.sendall(str(len(body)).encode() + b":" + body)
        _, _, error, value = self._received()
        if error:
            raise Refused(f"{name}: {error['error']}: {error['message']}")
        return value

    def _received(self) -> Any:
        """A message is its length, a colon, and JSON."""
        length = b""
        while not length.endswith(b":"):
            length += self._read(1)
        return json.loads(self._read(int(length[:-1])))

    def _read(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            part = self._socket.recv(count - len(read))
            if not part:
                raise Refused("the browser is gone")
            read += part
        return read


class WebKit(Browser):
    name = "webkit"
    MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self._screen, display = _screen()
        self._process = leftovers.start(
            ["WebKitWebDriver", f"--port={port}"],
            env={**os.environ, "HOME": str(folder), "DISPLAY": f":{display}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _connected(port).close()
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)
        program = str(next(iter(sorted(Path("/").glob(self.MINI_BROWSERS[1:]))), ""))
        options = {"binary": program, "args": ["--automation"]}
        wanted = {"webkitgtk:browserOptions": options, "browserName": "MiniBrowser"}
        session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{session['sessionId']}"

    def command(self, name: str, **parameters: Any) -> Any:
        element = parameters.pop("element", "")
        path = {
            "navigate": "/url",
            "run": "/execute/sync",
            "find": "/element",
            "click": f"/element/{element}/click",
            "type": f"/element/{element}/value",
            "role": f"/element/{element}/computedrole",
        }[name]
        if name == "role":
            return self._send("GET", self._session + path)
        return self._send("POST", self._session + path, parameters)

    def close(self) -> None:
        with contextlib.suppress(httpx.HTTPError, Refused):
            self._send("DELETE", self._session)
        self._client.close()
        for process in (self._process, self._screen):
            process.terminate()
            process.wait()

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._client.request(method, path, json=body)
        value = answer.json()["value"]
        if not answer.is_success:
            raise Refused(f"{path}: {value['error']}: {value.get('message', '')}")
        return value


def _screen() -> tuple[subprocess.Popen[Any], str]:
    """An X server that draws in memory, and the display it chose."""
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1280x900x24",
        "-nolisten",
        "tcp",
    ]
    process = leftovers.start(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        return process, told.readline().strip()


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        assert time.monotonic() < deadline, "the browser never listened"
        time.sleep(0.1)


BROWSERS: dict[str, tuple[Callable[[Path], Browser], list[str]]] = {
    "firefox": (Firefox, ["firefox-esr"]),
    "webkit": (WebKit, ["WebKitWebDriver", "Xvfb"]),
}


def missing_programs(name: str) -> list[str]:
    return [program for program in BROWSERS[name][1] if not shutil.which(program)]
