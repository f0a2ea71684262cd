"""Schemathesis against a real server with two people: `make fuzz`.

It reads the OpenAPI description and sends what the description allows and what it forbids. It
looks for server errors, answers the description does not know, inputs that should have been
refused, addresses that answer without a credential, deleted things that still answer, and
documents of one person that the other can read.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.security.served import PEOPLE, Served, served

CONFIGURATION = """\
base-url = "{url}"
request-timeout = 20.0
# Two workers parse source at once, which Python 3.11 does not survive.
workers = 1
seed = 20261123

[parameters]
# Calls that wait would do so for up to a minute each.
"query.wait" = 0

[generation]
max-examples = 50  # of each operation; `ARGS="--max-examples 1000"` looks longer.

[warnings]
enabled = false

[checks]
# A body that fits the description may still be refused by what a description cannot say:
# that a file named .pdf must be one, that a document must be finished to be tried again.
positive_data_acceptance.enabled = false

[auth.wfc]
path = "people.json"
peers = {people}
"""
# The stream never ends, a logout would end the very login that is used to test, and tus has
# media types and statuses of its own (tests/resumable).
LEFT_OUT = ("/documents/stream", "/auth/logout", "/uploads", "/uploads/{id}")


def main(schemathesis: str, *more: str) -> int:
    with served() as attacked, tempfile.TemporaryDirectory(prefix="atom-fuzz-") as folder:
        _configure(attacked, Path(folder))
        command = [
            str(Path(schemathesis).absolute()),
            "run",
            f"{attacked.url}/schema",
            "--mode",
            "all",
            *more,
        ]
        for path in LEFT_OUT:
            command += ["--exclude-path", path]
        return subprocess.run(command, cwd=folder, check=False).returncode


def _configure(attacked: Served, folder: Path) -> None:
    people = [
        {
            "name": name,
            "fixedHeaders": [{"name": key, "value": value}],
        }
        for name in PEOPLE
        for key, value in attacked.headers(name).items()
    ]
    (folder / "people.json").write_text(json.dumps({"auth": people}))
    text = CONFIGURATION.format(url=attacked.url, people=json.dumps(PEOPLE))
    (folder / "schemathesis.toml").write_text(text)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
