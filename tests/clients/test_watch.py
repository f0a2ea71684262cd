"""What `clients/atom.py` makes of refusals: one file, one moment or one document ends no watch."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT

_spec = importlib.util.spec_from_file_location("atom_client", ROOT / "clients" / "atom.py")
assert _spec
assert _spec.loader
client = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(client)

FULL = {"code": "quota_queue", "detail": "As many are waiting as may.", "retryable": True}
EMPTY = {"code": "empty", "detail": "The file is empty.", "retryable": False}
REUSED = {"code": "idempotency_key_reused", "detail": "Use a new one.", "retryable": False}


def taken(name: str) -> dict[str, Any]:
    document = {"id": f"id of {name}", "filename": name, "status": "pending"}
    return {"uploaded": [document], "errors": [], "stream_cursor": 1}


class Server:
    """Answers uploads of a name with what is said of it, one after the other, then takes it."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = {f"{name}.txt": list(said) for name, said in answers.items()}
        self.sent: list[str] = []
        self.keys: list[str] = []

    def upload(self, name: str, content: bytes, language: str, key: str, *_: str) -> Any:
        self.sent.append(name)
        self.keys.append(key)
        said = self.answers.get(name) or []
        answer = said.pop(0) if said else taken(name)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Stopped(Exception):
    """By whoever watches the watch."""


Watch = Callable[..., int]


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Look into the folder so many times, a minute apart."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    now = [1000.0]

    def watch_(server: Any, looks: int = 0) -> int:
        left = [looks or 100]

        def sleep(_: float) -> None:
            now[0] += client.REFUSED_PAUSE
            left[0] -= 1
            if not left[0]:
                raise Stopped

        monkeypatch.setattr(client.time, "sleep", sleep)
        monkeypatch.setattr(client.time, "monotonic", lambda: now[0])
        asked = argparse.Namespace(folder=tmp_path, language="", once=not looks)
        try:
            return int(client.watch(server, asked))
        except Stopped:
            return -1

    return watch_


def noted(folder: Path) -> dict[str, Any]:
    kept = folder / client.SEEN
    return json.loads(kept.read_text()) if kept.exists() else {}


@pytest.mark.parametrize("answer", [{"errors": [FULL]}, client.AtomError("Full.", "", 413, True)])
def test_a_file_refused_for_now_is_sent_again(watch: Watch, tmp_path: Path, answer: Any) -> None:
    server = Server(a=[answer])
    assert watch(server) == 1
    assert list(noted(tmp_path)) == ["b.txt"]
    assert watch(server) == 0
    assert noted(tmp_path)["a.txt"][2] == "id of a.txt"


@pytest.mark.parametrize(
    "answer", [{"errors": [EMPTY]}, REUSED, client.AtomError("Too large.", "", 413, False)]
)
def test_a_file_refused_for_good_is_told_once(
    watch: Watch, tmp_path: Path, answer: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(a=[answer])
    assert watch(server) == 1
    assert "a.txt: " in capsys.readouterr().err
    assert noted(tmp_path)["a.txt"][2] == ""
    assert watch(server) == 0
    assert server.sent == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    "accident",
    [
        client.AtomError("http://127.0.0.1 does not answer."),
        client.AtomError("No room.", "storage_full", 507),
        FileNotFoundError(2, "No such file or directory"),
        client.HTTPException("cut"),
    ],
)
def test_a_watch_goes_on_after_an_accident(
    watch: Watch, tmp_path: Path, accident: Exception
) -> None:
    server = Server(a=[accident])
    watch(server, looks=4)
    assert server.sent == ["a.txt", "b.txt", "a.txt"]
    assert set(noted(tmp_path)) == {"a.txt", "b.txt"}
    assert server.keys[0] == server.keys[2], "what was stored without an answer is stored once"


def test_a_key_that_is_none_ends_the_watch(watch: Watch) -> None:
    with pytest.raises(client.AtomError):
        watch(Server(a=[client.AtomError("Wrong.", "token_invalid", 401, False)]), looks=4)


def test_a_server_that_is_away_ends_what_runs_once(watch: Watch, tmp_path: Path) -> None:
    with pytest.raises(client.AtomError):
        watch(Server(a=[client.AtomError("It does not answer.")]))
    assert not noted(tmp_path)


def test_a_file_that_vanishes_between_two_looks_is_no_accident(
    watch: Watch, tmp_path: Path
) -> None:
    class Other(Server):
        def upload(self, name: str, *rest: Any) -> Any:
            (tmp_path / "b.txt").unlink(missing_ok=True)
            return super().upload(name, *rest)

    assert watch(Other()) == 0
    assert list(noted(tmp_path)) == ["a.txt"]
