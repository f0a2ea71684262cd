"""Visits an installation in this process, breaks it by a command, and says what visitors get."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from documents.operations import readiness  # noqa: E402

DEMO = {"username": "user1", "password": "password123"}


def main(break_it: str) -> None:
    """Prints, as a line of JSON, status and code of each visit before and after the break."""
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    token = client.post("/auth/login", DEMO, "application/json").json()["access_token"]
    before = visits(client, token)
    connections.close_all()
    for remembered in (readiness.database_takes_changes, readiness.files_can_be_stored):
        remembered.forget()  # As if a minute had passed.
    subprocess.run(break_it, shell=True, check=True)
    print(json.dumps([before, visits(client, token)]))


def visits(client: Client, token: str) -> dict[str, list[object]]:
    headers = {"Authorization": f"Bearer {token}"}
    answers = {
        "readyz": client.get("/readyz"),
        "upload": client.post(
            "/upload",
            {"files": SimpleUploadedFile("a.txt", os.urandom(8).hex().encode())},
            headers=headers,
        ),
        "login": client.post("/auth/login", DEMO, "application/json"),
        "page": client.post("/login", DEMO),
        # Supervisors bring no cookie.
        "health": Client(SERVER_NAME="localhost").get("/healthz"),
    }
    return {name: [one.status_code, code(one)] for name, one in answers.items()}


def code(answer: object) -> str:
    try:
        return str(json.loads(answer.content).get("code", ""))  # type: ignore[attr-defined]
    except ValueError:
        return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
