"""sqlmap against every parameter that reaches a query: `make sqlmap`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from tests.security.served import Served, served

LISTS = "status=pending&search=harbor&ordering=filename&page=1&page_size=5"


def main(sqlmap: str, *more: str) -> int:
    with served() as attacked, tempfile.TemporaryDirectory(prefix="atom-sqlmap-") as folder:
        told = [_attack(sqlmap, attacked, target, folder, more) for target in _targets(attacked)]
    print("\n".join(told))
    return 1 if any(not line.startswith("not injectable") for line in told) else 0


def _targets(attacked: Served) -> list[list[str]]:
    documents = httpx.get(f"{attacked.url}/documents", headers=attacked.headers()).json()
    document = documents["results"][0]["id"]
    return [
        ["-u", f"{attacked.url}/documents?{LISTS}"],
        ["-u", f"{attacked.url}/documents/{document}*/status"],
        ["-u", f"{attacked.url}/documents/{document}/pages?page=1&page_size=5"],
        ["-u", f"{attacked.url}/action-items/1*"],
        ["-u", f"{attacked.url}/auth/login", "--data", '{"username":"a","password":"b"}'],
    ]


def _attack(
    sqlmap: str, attacked: Served, target: list[str], folder: str, more: tuple[str, ...]
) -> str:
    bearer = f"Authorization: {attacked.headers()['Authorization']}"
    command = [
        str(Path(sqlmap).absolute()),
        *target,
        "-H",
        bearer,
        "--batch",
        "--level",
        "2",
        "--risk",
        "2",
    ]
    command += ["--dbms", "sqlite", "--flush-session", "--output-dir", folder, "--disable-coloring"]
    command += ["--ignore-code", "400,401,404", *more]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(folder))
    is_safe = "do not appear to be injectable" in ended.stdout
    return f"{'not injectable' if is_safe else 'LOOK AT THIS'}: {target[1]}" + (
        "" if is_safe else "\n" + ended.stdout[-1500:]
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
