"""`clients/atom.py` against a running server, which is killed in the middle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.conftest import TEXT, Desk
from tests.processes import Running

pytestmark = pytest.mark.long


def test_files_are_handed_in_waited_for_and_read(desk: Desk, server: Running) -> None:
    odd = desk.file('said "so", größer.txt')
    sent = desk.run("upload", "--wait", desk.file("minutes.txt"), odd)
    assert sent.returncode == 0, sent.stderr
    assert sent.stdout.count("completed") == 2
    assert 'said "so", größer.txt' in sent.stdout
    document_id = sent.stdout.split()[0]
    shown = desk.run("show", document_id).stdout
    assert "Maria Lopez" in shown
    assert "page 1: “" in shown
    listed = desk.run("list", "--json", "--status", "completed", "--search", "quay").stdout
    names = [json.loads(line)["filename"] for line in listed.splitlines()]
    assert {"minutes.txt", odd.name} <= set(names)
    assert desk.run("export", document_id, "--as", "md").stdout.startswith("# minutes")


def test_what_is_refused_or_fails_is_said_and_ends_with_1(desk: Desk, server: Running) -> None:
    empty = desk.run("upload", "--wait", desk.file("empty.txt", ""), desk.file("good.txt"))
    assert empty.returncode == 1
    assert "[empty]" in empty.stderr
    assert "completed" in empty.stdout
    broken = desk.run("upload", "--wait", desk.file("broken.pdf", "%PDF-1.7 nothing"))
    assert broken.returncode == 1
    assert "failed" in broken.stdout


def test_a_wrong_key_or_address_is_said_and_ends_with_2(desk: Desk, server: Running) -> None:
    wrong = desk.run("list", ATOM_KEY="atom_" + "a" * 40)
    assert (wrong.returncode, "[token_invalid]" in wrong.stderr) == (2, True)
    assert desk.run("list", ATOM_KEY="").returncode == 2
    assert "begins with http" in desk.run("--url", "localhost:8000", "list").stderr


def test_a_server_that_is_killed_meanwhile_costs_nothing(desk: Desk) -> None:
    waiting = desk.installation.up("--no-worker")
    try:
        waiting.wait_for("ready")
        client = desk.start("upload", "--wait", desk.file("one.txt"), desk.file("two.txt"))
        client.wait_for("two.txt")
    finally:
        waiting.end()
    again = desk.installation.up()
    try:
        again.wait_for("ready")
        client.wait_for("completed")
        client.wait_for("completed")
        assert client.wait() == 0
    finally:
        client.end()
        again.interrupt()
        again.end()


def test_a_watched_folder_is_handed_in_once_also_when_the_server_comes_late(
    desk: Desk, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.TXT", ".hidden.txt", "picture.xyz"):
        (tmp_path / name).write_text(f"{name}: {TEXT}")
    client = desk.start("watch", tmp_path, "--once")
    server = desk.installation.up()
    try:
        server.wait_for("ready")
        assert client.wait() == 0
        first = desk.run("watch", tmp_path, "--once")
        assert (first.returncode, first.stdout) == (0, "")
        (tmp_path / "a.txt").write_text("Another text, longer than the one before it was.")
        second = desk.run("watch", tmp_path, "--once")
        assert second.stdout.count("a.txt") == 1
        names = [line.split("  ")[2] for line in desk.run("list").stdout.splitlines()]
        assert (names.count("a.txt"), names.count("b.TXT")) == (2, 1)
        assert not {".hidden.txt", "picture.xyz"} & set(names)
    finally:
        client.end()
        server.interrupt()
        server.end()
