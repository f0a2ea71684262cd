"""Two hosts with nothing in common but a network share one line (`make two-hosts`, as root).

Three network namespaces: `hub` runs PostgreSQL and an object store, `a` a web server, `b` a
worker. Each host has a data folder, a host name and a loopback of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import PATIENCE, ROOT, Running
from tests.services import missing

HUB, MASK = "10.213.0.1", 24
ADDRESSES = {"a": "10.213.0.2", "b": "10.213.0.3"}
DATABASE = f"postgres://postgres@{HUB}:5432/atom"
BUCKET = f"s3://key:secret@{HUB}:9000/atom?scheme=http"
PASSWORD = secrets.token_urlsafe(16)
TEXT = "The quay wall is safe. Maria Lopez must send the survey to the insurer by 20 March 2026."

MAKE_BUCKET = f"""
import boto3
boto3.client("s3", endpoint_url="http://{HUB}:9000", aws_access_key_id="key",
    aws_secret_access_key="secret", region_name="us-east-1").create_bucket(Bucket="atom")
"""


def run(*command, **options):
    ended = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        **options,
    )
    assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
    return ended.stdout


def until(ask):
    """What `ask` gives once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return answer


@pytest.fixture(scope="module")
def network():
    """Names of the namespaces, joined by a bridge in the hub and by nothing else."""
    if os.geteuid() != 0:
        missing("network namespaces need root")
    if not shutil.which("ip"):
        missing("ip (iproute2) is not installed")
    mark = secrets.token_hex(2)
    spaces = {name: f"atom-{mark}-{name}" for name in ("hub", "a", "b")}
    try:
        for space in spaces.values():
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "-n", spaces["hub"], "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", spaces["hub"], "addr", "add", f"{HUB}/{MASK}", "dev", "bridge")
        run("ip", "-n", spaces["hub"], "link", "set", "bridge", "up")
        for name, address in ADDRESSES.items():
            join(spaces["hub"], spaces[name], f"to-{name}", address)
        yield spaces
    finally:
        for space in spaces.values():
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)


def join(hub, space, port, address):
    pair = ("type", "veth", "peer", "name", "eth0", "netns", space)
    run("ip", "-n", hub, "link", "add", port, *pair)
    run("ip", "-n", hub, "link", "set", port, "master", "bridge", "up")
    run("ip", "-n", space, "addr", "add", f"{address}/{MASK}", "dev", "eth0")
    run("ip", "-n", space, "link", "set", "eth0", "up")


@pytest.fixture(scope="module")
def inside(network):
    """A command's words, to be run on one of the hosts under a host name of its own."""

    def words(name, *command):
        named = ("unshare", "--uts", "sh", "-c", f'hostname host-{name}; exec "$@"', "sh")
        return ["ip", "netns", "exec", network[name], *named, *map(str, command)]

    return words


@pytest.fixture(scope="module")
def postgres(inside, tmp_path_factory):
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        missing("no PostgreSQL server is installed")
    bin_folder = found[-1].parent
    folder = Path(f"/tmp/atom-two-hosts-{os.getpid()}")
    folder.mkdir()
    shutil.chown(folder, "postgres")
    as_postgres = ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups")
    data = folder / "data"
    initdb = ("--username", "postgres", "--auth", "trust", "--no-sync")
    run(*as_postgres, bin_folder / "initdb", "--pgdata", data, *initdb)
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {HUB}/{MASK} trust\n")
    options = ("-h", HUB, "-k", folder, "-c", "fsync=off")
    server = Running(
        inside("hub", *as_postgres, bin_folder / "postgres", "-D", data, *options), cwd=folder
    )
    server.wait_for("ready to accept connections")
    run(*inside("hub", bin_folder / "createdb", "-h", HUB, "-U", "postgres", "atom"))
    yield
    server.end()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def object_store(inside):
    command = (sys.executable, "-W", "ignore", "-m", "moto.server", "-H", HUB, "-p", "9000")
    server = Running(inside("hub", *command))
    server.wait_for("Running on")
    run(*inside("hub", sys.executable, "-c", MAKE_BUCKET))
    yield
    server.end()


@pytest.fixture(scope="module")
def hosts(inside, postgres, object_store, tmp_path_factory):
    """`manage.py` on each host, as words and surroundings for a process."""
    shared = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "JWT_SECRET_KEY")}

    def manage(name, *arguments):
        folder = tmp_path_factory.getbasetemp() / f"host-{name}"
        folder.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_DATA_DIR": str(folder),
            "ATOM_ENGINE": "offline",
            "ATOM_LOG": "json",
            "DATABASE_URL": DATABASE,
            "ATOM_MEDIA_URL": BUCKET,
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "PYTHONUNBUFFERED": "1",
            **shared,
        }
        command = inside(name, sys.executable, ROOT / "manage.py", *arguments)
        return command, {"env": environment, "cwd": folder}

    return manage


@pytest.fixture(scope="module")
def web_and_worker(hosts):
    for arguments in (
        ("migrate", "--verbosity", "0"),
        ("createsuperuser", "--no-input", "--username", "alice", "--email", "alice@example.com"),
    ):
        command, options = hosts("a", *arguments)
        run(*command, **options)
    running = []
    for name, arguments in (("a", ("up", "--no-worker")), ("b", ("worker",))):
        command, options = hosts(name, *arguments)
        running.append(Running(command, **options))
    running[0].wait_for("ATOM is ready at")
    running[1].wait_for("is ready with")
    yield running
    for one in running:
        one.process.terminate()
        one.wait()
        one.end()


@pytest.fixture
def curl(inside, web_and_worker):
    def ask(path, *options):
        return json.loads(
            run(*inside("a", "curl", "-sS", *options, f"http://127.0.0.1:8000{path}"))
        )

    login = json.dumps({"username": "alice", "password": PASSWORD})
    given = ask("/auth/login", "-H", "Content-Type: application/json", "-d", login)
    bearer = ("-H", f"Authorization: Bearer {given['access']}")
    return lambda path, *options: ask(path, *bearer, *options), bearer


def test_the_hosts_do_not_reach_each_others_servers(inside, web_and_worker):
    command = ("curl", "-sS", "--max-time", "2", "http://127.0.0.1:8000/healthz")
    assert subprocess.run(inside("a", *command), capture_output=True, check=False).returncode == 0
    assert subprocess.run(inside("b", *command), capture_output=True, check=False).returncode != 0


def test_what_is_uploaded_on_one_host_is_read_on_the_other_and_told_on_the_first(
    curl, inside, web_and_worker, tmp_path, tmp_path_factory
):
    ask, bearer = curl
    (tmp_path / "minutes.txt").write_text(TEXT)
    address = "http://127.0.0.1:8000/documents/stream"
    stream = Running(inside("a", "curl", "-sSN", *bearer, address))
    try:
        stream.wait_for("stream-open")
        answer = run(
            *inside("a", "curl", "-sS", "-D", "-", *bearer),
            *("-F", f"files=@{tmp_path / 'minutes.txt'}", "http://127.0.0.1:8000/upload"),
        )
        # As text, the line ends of headers are plain.
        headers, _, body = answer.partition("\n\n")
        [document] = json.loads(body)["uploaded"]
        told = stream.wait_for("completed")
        assert document["id"] in told
    finally:
        stream.end()
    status = ask(f"/documents/{document['id']}/status")
    assert (status["status"], status["worker_available"]) == ("completed", True)
    assert "survey" in json.dumps(ask(f"/documents/{document['id']}")["analysis"])
    content = run(
        *inside("a", "curl", "-sS", *bearer),
        f"http://127.0.0.1:8000/documents/{document['id']}/file",
    )
    assert content == TEXT
    line = json.loads(web_and_worker[1].wait_for(f"Document {document['id']} is completed"))
    [request_id] = [
        header.partition(":")[2].strip()
        for header in headers.splitlines()
        if header.lower().startswith("x-request-id")
    ]
    assert line["request_id"] == request_id
    for name in ("a", "b"):
        folder = tmp_path_factory.getbasetemp() / f"host-{name}"
        assert list(folder.rglob("minutes*")) == [], "no file is kept on either host"


def test_the_worker_is_known_on_the_other_host_by_its_name(hosts, web_and_worker):
    script = "from documents.models import *; print(WorkerHeartbeat.objects.alive().get().host)"
    command, options = hosts("a", "shell", "--verbosity", "0", "--command", script)
    assert run(*command, **options).split() == ["host-b"]


def test_a_host_that_was_cut_off_goes_on_reading(network, curl, web_and_worker, tmp_path):
    ask, _ = curl
    port = ("ip", "-n", network["hub"], "link", "set", "to-b")
    run(*port, "down")
    (tmp_path / "later.txt").write_text(TEXT)
    sent = ask("/upload", "-F", f"files=@{tmp_path / 'later.txt'}")
    document = sent["uploaded"][0]["id"]
    assert ask(f"/documents/{document}/status")["status"] == "pending"
    run(*port, "up")
    until(lambda: ask(f"/documents/{document}/status")["is_finished"])
    assert ask(f"/documents/{document}/status")["status"] == "completed"
