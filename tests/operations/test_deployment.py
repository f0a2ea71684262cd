"""What the deployment page, units, image and compose file promise holds for this version."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from atom_project import settings as settings_module
from atom_project.admission import LARGE_BODIES
from documents.api.following import LONGEST_WAIT
from tests.processes import PATIENCE, ROOT, Installation, Running

UNITS = sorted([*ROOT.glob("deploy/*.service"), *ROOT.glob("deploy/*.timer")])
PAGE = (ROOT / "docs/deployment.md").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OWN_SERVICES = ("migrate", "web", "worker")


def unit(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(path)
    return parser


def command_lines():
    """Every `manage.py` line with its arguments, wherever it stands."""
    paths = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *UNITS, ROOT / "compose.yaml"]
    pages = [path.read_text() for path in paths]
    words = re.compile(r"(?:python manage\.py|\batom-manage|^atom) ([a-z][^\n`|&]*)", re.MULTILINE)
    found = words.findall("\n".join(pages))
    lists = [service["command"] for service in map(COMPOSE["services"].get, OWN_SERVICES)]
    lists.append(re.findall(r'"([^"]+)"', DOCKERFILE.partition("CMD ")[2]))
    return {*(tuple(shlex.split(line)) for line in found), *(tuple(line[2:]) for line in lists)}


@pytest.mark.parametrize("line", sorted(command_lines()), ids=" ".join)
def test_every_command_line_is_one_that_this_version_understands(line):
    name, *arguments = line
    command = load_command_class(get_commands()[name], name)
    arguments = ["somebody" if word == "NAME" else word for word in arguments]
    command.create_parser("manage.py", name).parse_args(arguments)


def test_the_command_lines_were_found():
    names = {line[0] for line in command_lines()}
    assert {"migrate", "up", "worker", "backup", "restore", "doctor", "createsuperuser"} <= names


def settings_read():
    source = (ROOT / settings_module.__file__).read_text()
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))


def test_every_variable_given_is_one_that_the_settings_read():
    given = set(COMPOSE["x-atom"]["environment"])
    given |= set(re.findall(r"\b(ATOM_[A-Z_]+|DATABASE_URL|REDIS_URL)=", DOCKERFILE + PAGE))
    for path in UNITS:
        given |= set(
            re.findall(r"\b([A-Z_]+)=", unit(path).get("Service", "Environment", fallback=""))
        )
    assert given - settings_read() == set()


def test_the_proxy_keeps_the_promises_of_the_service():
    """Where bodies are large, how large, and how slow a client may be."""
    block = PAGE.partition("```nginx")[2].partition("```")[0]
    outside, *locations = re.split(r"^    location ", block, flags=re.MULTILINE)
    sizes = re.findall(r"client_max_body_size (\d+)m;", outside)
    assert [int(size) * 1024**2 for size in sizes] == [settings.MAX_SMALL_BODY]
    seconds = dict(re.findall(r"(\w+_timeout) (\d+)s;", outside))
    assert int(seconds["client_header_timeout"]) == settings.ATOM_HEAD_SECONDS
    assert int(seconds["client_body_timeout"]) == settings.ATOM_BODY_SECONDS
    assert int(seconds["send_timeout"]) == settings.ATOM_ANSWER_SECONDS
    most = re.findall(r"limit_conn atom (\d+);", outside)
    assert most == [str(settings.ATOM_MAX_CONNECTIONS_PER_ADDRESS)]
    large = {
        re.match(r"~ (\S+) ", text)[1].strip("^$"): int(found[1]) * 1024**2
        for text in locations
        if (found := re.search(r"client_max_body_size (\d+)m;", text))
    }
    assert set(large) == {pattern.pattern for pattern, _ in LARGE_BODIES}
    assert all(size >= settings.MAX_UPLOAD_BODY for size in large.values())
    assert all("proxy_request_buffering off;" in text for text in locations if "body_size" in text)


def read_timeout(path):
    """What nginx waits for an answer of this address, by its rules: exact, regex, prefix."""
    block = PAGE.partition("```nginx")[2].partition("```")[0]
    outside, *rest = re.split(r"^    location ", block, flags=re.MULTILINE)
    locations = [(*re.match(r"(?:(=|~) )?(\S+) \{", text).groups(), text) for text in rest]
    exact = [text for sign, where, text in locations if sign == "=" and where == path]
    regex = [text for sign, where, text in locations if sign == "~" and re.search(where, path)]
    prefixes = [(len(w), text) for sign, w, text in locations if not sign and path.startswith(w)]
    text = (exact or regex or [max(prefixes)[1]])[0]
    found = re.search(r"proxy_read_timeout (\d+)s;", text.partition("\n    }")[0])
    found = found or re.search(r"proxy_read_timeout (\d+)s;", outside)
    return int(found[1]) if found else 60


def test_the_proxy_waits_for_every_call_that_waits():
    schema = json.loads((ROOT / "tests/api/schema_of_release.json").read_text())
    waiting = [
        path
        for path, operations in schema["paths"].items()
        for one in operations.get("get", {}).get("parameters", [])
        if (one["in"], one["name"]) == ("query", "wait")
    ]
    assert {"/events", "/documents/{id}/status"} <= set(waiting)
    for path in waiting:
        assert read_timeout(path.replace("{id}", "1")) > LONGEST_WAIT, path


def test_compose_starts_what_is_needed_in_order_and_gives_no_secret_away():
    services = COMPOSE["services"]
    assert set(services) == {*OWN_SERVICES, "backup", "postgres", "redis"}
    for name in ("web", "worker"):
        needs = services[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
    for name, service in services.items():
        for needed in service.get("depends_on", {}):
            assert needed in services
        published = service.get("ports", [])
        assert all(port.startswith("127.0.0.1:") for port in published), name
        assert "privileged" not in service
    for name in (*OWN_SERVICES, "backup"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        for secret in ("SECRET_KEY", "JWT_SECRET_KEY"):
            assert services[name]["environment"][secret].startswith("${" + secret + ":?")
    volumes = {
        volume.partition(":")[0] for one in services.values() for volume in one.get("volumes", [])
    }
    assert volumes == set(COMPOSE["volumes"])


def test_every_setting_reaches_the_containers_but_for_what_this_file_rests_on():
    for name in (*OWN_SERVICES, "backup"):
        assert COMPOSE["services"][name]["env_file"] == [".env"]
    given = COMPOSE["x-atom"]["environment"]
    fixed = {name for name, value in given.items() if f"${{{name}" not in value}
    assert fixed == {"DATABASE_URL", "REDIS_URL", "ATOM_HOST", "ATOM_PORT", "ATOM_DATA_DIR"}


def test_the_setting_says_how_many_documents_a_worker_reads():
    """An option of the command wins over it."""
    unit_line = unit(ROOT / "deploy/atom-worker@.service")["Service"]["ExecStart"]
    for line in (shlex.split(unit_line), COMPOSE["services"]["worker"]["command"]):
        assert line[-2:] == ["manage.py", "worker"]


def test_image_and_database_server_are_of_one_major_version():
    """An older pg_dump refuses a newer server: every backup would fail."""
    [major] = re.findall(r"^ARG PG_MAJOR=(\d+)$", DOCKERFILE, re.MULTILINE)
    default = "${PG_MAJOR:-" + major + "}"
    assert COMPOSE["services"]["postgres"]["image"] == f"postgres:{default}-bookworm"
    assert COMPOSE["x-atom"]["build"]["args"] == {"PG_MAJOR": default}
    assert "ARG POSTGRESQL=postgres:${PG_MAJOR}-bookworm\n" in DOCKERFILE
    assert "FROM ${POSTGRESQL} AS postgresql" in DOCKERFILE
    assert "postgresql-client-${PG_MAJOR} " in DOCKERFILE
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert final.index("ARG PG_MAJOR\n") < final.index("postgresql-client-")


@pytest.mark.parametrize(("now", "then"), [(0, 12_000), (11_999, 12_000), (12_000, 98_400)])
def test_the_backup_of_the_containers_waits_for_the_next_night(now, then, tmp_path):
    """By the very lines of the service, with a clock and a command of the test."""
    script = COMPOSE["services"]["backup"]["command"][2].replace("$$", "$")
    for number in range(20):
        (tmp_path / f"atom-{number:02}.tar").touch()
        os.utime(tmp_path / f"atom-{number:02}.tar", (number, number))
    own = f"""
        date() {{ echo {now}; }}
        sleep() {{ [ -z "$slept" ] && slept=$1; }}
        python() {{ echo "$*"; }}
        {script.replace("/backups", shlex.quote(str(tmp_path)))}
        echo $slept"""
    ended = subprocess.run(["sh", "-c", own], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == [f"manage.py backup {tmp_path}", str(then - now)]
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [f"atom-{number:02}.tar" for number in range(6, 20)]


def test_the_image_follows_the_usual_rules():
    lines = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
    given = dict(re.findall(r"^ARG (\w+)=(\S+)$", DOCKERFILE, re.MULTILINE))
    names = [line.split()[1].strip("${}") for line in lines if line.startswith("FROM")]
    sources = [given[name] for name in names]
    assert all(":" in source and not source.endswith(":latest") for source in sources)
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users[-1] not in {"root", "0"}
    assert "--no-install-recommends" in DOCKERFILE
    assert "rm -rf /var/lib/apt/lists/*" in DOCKERFILE
    assert "--no-cache-dir --require-hashes" in DOCKERFILE
    assert not any(line.startswith(("ADD ", "MAINTAINER ")) for line in lines)
    assert not re.search(r"(SECRET|KEY|PASSWORD|TOKEN)=", DOCKERFILE)
    assert re.search(r'^CMD \["', DOCKERFILE, re.MULTILINE)


def test_the_image_holds_what_it_copies_and_nothing_it_should_not():
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(copied) == sorted(allowed)
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_units_are_understood_by_systemd(path, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for one in UNITS:
        text = one.read_text().replace("/opt/atom/.venv/bin/python", f'"{sys.executable}"')
        (tmp_path / one.name).write_text(text.replace("/opt/atom", str(ROOT)))
    name = path.name.replace("@.", "@1.")
    if name != path.name:
        shutil.copy(tmp_path / path.name, tmp_path / name)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_LOG_LEVEL": "warning"},
        timeout=PATIENCE,
    )
    said = [line for line in ended.stderr.splitlines() if str(tmp_path) in line or name in line]
    assert (ended.returncode, said) == (0, []), ended.stderr


def test_the_units_run_as_somebody_without_rights():
    for path in UNITS:
        if path.suffix == ".service":
            service = unit(path)["Service"]
            assert service["User"] == "atom"
            assert service["NoNewPrivileges"] == "yes"
            assert service["ProtectSystem"] == "strict"


@pytest.mark.slow
def test_web_server_worker_and_backup_start_by_the_lines_of_the_units(tmp_path):
    """Migrate, web server and worker apart, a backup, and a polite end of both."""
    installation = Installation(tmp_path, ATOM_ENGINE="offline", PYTHONUNBUFFERED="1")
    web, worker = (unit(ROOT / "deploy" / name)["Service"] for name in WEB_AND_WORKER)
    migrated = run(installation, web["ExecStartPre"])
    assert migrated.wait() == 0
    migrated.end()
    running = [run(installation, web["ExecStart"]), run(installation, worker["ExecStart"])]
    try:
        running[0].wait_for("ATOM is ready at")
        running[1].wait_for("is ready with 4 slots")
        backup = unit(ROOT / "deploy/atom-backup.service")["Service"]["ExecStart"]
        made = run(installation, backup.replace("/var/backups/atom", f"'{tmp_path}'"))
        made.wait_for("0 documents, 0 files.")
        made.end()
        for one in running:
            one.process.send_signal(signal.SIGTERM)
        assert [one.wait() for one in running] == [0, 0]
    finally:
        for one in running:
            one.end()


WEB_AND_WORKER = ("atom-web.service", "atom-worker@.service")


def run(installation, line):
    program, *arguments = shlex.split(line)
    assert program == "/opt/atom/.venv/bin/python"
    return Running([sys.executable, *arguments], cwd=ROOT, env=installation.environment)
