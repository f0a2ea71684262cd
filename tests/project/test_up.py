"""`manage.py up` as real processes: the first minutes of everybody who tries this service."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import resource
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Installation, children_of, free_port, gone, is_alive

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Migrated, with the demo user."""
    return Installation.prepared(tmp_path_factory.mktemp("installation"))


@pytest.fixture(scope="module")
def running(installation: Any) -> Any:
    """One for all tests that leave it running."""
    started = wait_until_ready(installation.up())
    yield started
    started.end()


def wait_until_ready(started: Any) -> Any:
    started.port = int(started.wait_for("ATOM is ready at").rsplit(":", 1)[1].strip("/"))
    started.wait_for("Press Ctrl-C")
    return started


@pytest.fixture
def up(installation: Any) -> Any:
    """Start it, with these options and settings, and wait until it is ready."""
    started = []

    def start(*arguments: Any, **environment: Any) -> Any:
        # The one that runs for all tests has the port of the installation.
        given = {"ATOM_PORT": str(free_port()), **environment}
        started.append(installation.up(*arguments, **given))
        return wait_until_ready(started[-1])

    yield start
    for running in started:
        running.end()


def health(port: Any) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/healthz")
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def web_command(running: Any) -> Any:
    pid = children_of(running.process.pid)["web"]
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def test_the_first_lines_say_where_who_and_what(running: Any, installation: Any) -> None:
    said = "\n".join(running.lines)
    assert f"http://127.0.0.1:{installation.environment['ATOM_PORT']}/" in said
    assert "Sign in as user1 with the password password123." in said
    assert "No OPENAI_API_KEY: using the built-in engine; no text leaves this machine." in said
    assert "No worker runs" not in said
    assert health(running.port).status == 200


def test_the_worker_ends_itself_and_is_watched_if_it_hangs(running: Any) -> None:
    worker = children_of(running.process.pid)["worker"]
    environment = Path(f"/proc/{worker}/environ").read_text().split("\0")
    assert any(line.startswith("NOTIFY_SOCKET=@atom-") for line in environment)
    bit = 1 << (signal.SIGPROF - 1)
    deadline = time.monotonic() + 60
    while not bit & int(_status(worker, "SigCgt"), 16):  # It is still being started.
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))


def test_the_model_server_that_will_read_the_texts_is_named(up: Any) -> None:
    running = up(
        "--no-worker", OPENAI_BASE_URL="http://127.0.0.1:11434/v1", ATOM_MODEL="small-model"
    )
    assert "analyzed by the model small-model at 127.0.0.1:11434" in "\n".join(running.lines)


def test_without_a_worker_it_says_that_documents_will_wait(up: Any) -> None:
    running = up("--no-worker")
    assert "No worker runs: documents will wait" in "\n".join(running.lines)
    assert set(children_of(running.process.pid)) == {"web"}


def test_placeholders_of_the_example_file_count_as_blank(up: Any, tmp_path: Path) -> None:
    (tmp_path / "env").write_text("OPENAI_API_KEY=your_openai_key\n")
    running = up("--no-worker", ATOM_ENV_FILE=str(tmp_path / "env"))
    said = "\n".join(running.lines)
    assert "No OPENAI_API_KEY: using the built-in engine" in said
    assert "Note:" not in said


def test_a_taken_port_is_stepped_over_and_said(up: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = up("--no-worker", at_terminal=True, ATOM_PORT=str(port))
    assert running.port > port
    assert f"Port {port} is taken, so this is port {running.port}." in running.lines
    assert health(running.port).status == 200


def test_nothing_is_imported_from_the_folder_in_which_it_was_typed(
    installation: Any, up: Any
) -> None:
    """There may lie what somebody downloaded, under the name of a package."""
    (trap := installation.folder / "csp.py").write_text("raise SystemExit('imported from here')")
    try:
        assert health(up().port).status == 200
    finally:
        trap.unlink()


def test_a_second_start_in_the_same_folder_says_where_the_first_one_is(
    running: Any, installation: Any
) -> None:
    ended = installation.manage("up")
    assert ended.returncode == 0, ended.stderr
    assert f"Already running at http://127.0.0.1:{running.port}/" in ended.stdout
    assert health(running.port).status == 200


@pytest.mark.parametrize("at_terminal", [True, False])
def test_a_service_does_not_move_to_another_port(installation: Any, at_terminal: bool) -> None:
    public = {"ATOM_PUBLIC_URL": "https://atom.example.com", "ATOM_DEMO": "1"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = {"ATOM_PORT": port, **(public if at_terminal else {})}
        running = installation.up("--no-worker", at_terminal=at_terminal, **given)
        try:
            running.wait_for(f"Port {port} is taken. Stop what listens there")
            assert running.wait() == 1
        finally:
            running.end()


def test_an_address_of_another_machine_is_refused_in_a_sentence(installation: Any) -> None:
    ended = installation.manage("up", "--no-worker", ATOM_HOST="192.0.2.1", ATOM_DEMO="1")
    assert ended.returncode == 1
    assert "Cannot listen on 192.0.2.1" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_server_does_not_name_itself_and_believes_no_stranger_about_addresses(
    running: Any,
) -> None:
    command = web_command(running)
    assert "--no-proxy-headers" in command
    assert health(running.port).getheader("Server") is None


def test_a_named_proxy_is_believed(up: Any) -> None:
    running = up("--no-worker", ATOM_TRUSTED_PROXY="127.0.0.1", ATOM_DEMO="1")
    command = web_command(running)
    assert command[command.index("--forwarded-allow-ips") + 1] == "127.0.0.1"
    assert "--no-proxy-headers" not in command


def test_small_writes_are_sent_at_once(running: Any) -> None:
    """Events of a stream would otherwise wait for 40 ms."""
    command = web_command(running)
    descriptor = int(command[command.index("--fd") + 1])
    assert nodelay(running.process.pid, descriptor)


def nodelay(pid: Any, descriptor: Any) -> Any:
    """Read the option of a socket that another process holds (pidfd_getfd)."""
    libc = ctypes.CDLL(None, use_errno=True)
    copy = libc.syscall(438, os.pidfd_open(pid), descriptor, 0)
    if copy < 0:
        pytest.skip("this system does not let one look into another process")
    with socket.socket(fileno=copy) as listener:
        return listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_proxy_header_of_a_stranger_changes_nothing(running: Any) -> None:
    for attempt in range(12):
        status = login(running.port, "nobody", {"X-Forwarded-For": f"198.51.100.{attempt}"})
    assert status == 429


def login(port: Any, username: Any, headers: Any) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = f'{{"username": "{username}", "password": "wrong"}}'
    connection.request("POST", "/auth/login", body, {"Content-Type": "application/json", **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def test_ctrl_c_ends_everything_with_exit_code_zero(up: Any) -> None:
    running = up()
    children = children_of(running.process.pid)
    assert set(children) == {"web", "worker"}
    assert running.interrupt() == 0
    assert not any(is_alive(pid) for pid in children.values())


def test_ctrl_c_ends_everything_although_somebody_is_in_the_middle_of_a_request(up: Any) -> None:
    running = up()
    with socket.create_connection(("127.0.0.1", running.port)) as visitor:
        visitor.sendall(
            b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
        )
        assert running.interrupt() == 0


def test_kill_9_of_the_supervisor_takes_its_children_along(up: Any) -> None:
    running = up()
    children = children_of(running.process.pid)
    assert set(children) == {"web", "worker"}
    running.process.kill()
    running.wait()
    assert all(gone(pid) for pid in children.values())


def test_a_killed_web_server_comes_back_and_visitors_only_wait(running: Any) -> None:
    web = children_of(running.process.pid)["web"]
    os.kill(web, signal.SIGKILL)
    assert health(running.port).status == 200
    assert children_of(running.process.pid)["web"] != web


def test_a_killed_worker_comes_back(running: Any) -> None:
    worker = children_of(running.process.pid)["worker"]
    os.kill(worker, signal.SIGKILL)
    running.wait_for("The worker ended (SIGKILL); next start in 0.5 s.")
    running.wait_for("is ready with")
    assert children_of(running.process.pid)["worker"] != worker


@pytest.mark.parametrize(
    "environment", [{"ATOM_HOST": "0.0.0.0"}, {"ATOM_PUBLIC_URL": "http://atom.example.com"}]
)
def test_the_known_password_is_not_served_where_others_can_reach_it(
    installation: Any, environment: Any
) -> None:
    ended = installation.manage("up", "--no-worker", **environment)
    assert ended.returncode == 1
    assert "password everybody knows" in ended.stderr
    assert "changepassword user1" in ended.stderr


def test_a_throw_away_installation_serves_it_anyway(up: Any) -> None:
    running = up("--no-worker", ATOM_PUBLIC_URL="https://atom.example.com", ATOM_DEMO="1")
    assert "Its public address is https://atom.example.com" in running.lines
    assert health(running.port).status == 200


def test_a_database_that_is_not_up_to_date_is_named(tmp_path: Path) -> None:
    ended = Installation(tmp_path).manage("up")
    assert ended.returncode == 1
    assert "manage.py migrate" in ended.stderr


def test_a_wrong_setting_stops_the_start_with_a_sentence(installation: Any) -> None:
    ended = installation.manage("up", ATOM_TRUSTED_PROXY="somewhere")
    assert ended.returncode == 1
    assert "ATOM_TRUSTED_PROXY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_debug_run_says_that_it_is_one(up: Any) -> None:
    running = up("--no-worker", ATOM_DEBUG="on")
    assert any(line.startswith("ATOM_DEBUG is on") for line in running.lines)


def test_one_command_prepares_and_starts_a_new_installation_in_a_folder_with_spaces(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    running = Installation(folder).up("--prepare")
    try:
        running.wait_for("Made the user user1")
        running.wait_for("ATOM is ready at")
    finally:
        running.end()
    assert (folder / "var" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_as_many_connections_as_the_system_allows_can_be_open(running: Any) -> None:
    soft, hard = resource.prlimit(children_of(running.process.pid)["web"], resource.RLIMIT_NOFILE)
    assert soft == hard


def take_twenty_ports(taken: Any) -> Any:
    """Listen on twenty ports in a row, none of them somebody else's; returns the first."""
    while True:
        port = min(free_port(), 65_000)
        with contextlib.ExitStack() as some, contextlib.suppress(OSError):
            for number in range(port, port + 20):
                some.enter_context(socket.create_server(("127.0.0.1", number)))
            taken.enter_context(some.pop_all())
            return port


def test_the_address_of_a_port_range_that_is_all_taken_is_refused(installation: Any) -> None:
    with contextlib.ExitStack() as taken:
        port = take_twenty_ports(taken)
        running = installation.up("--no-worker", at_terminal=True, ATOM_PORT=str(port))
        try:
            running.wait_for("are all taken. Set ATOM_PORT to a free one")
            assert running.wait() == 1
        finally:
            running.end()
