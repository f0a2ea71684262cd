"""What an operator sets, what the doctor says of it, and that nothing is loaded without it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.oidc import provider
from atom_project import oidc_settings
from atom_project.environment import Environment
from documents.operations import oidc_doctor
from documents.operations.checks import Verdict
from tests.oidc.provider import StandIn
from tests.processes import ROOT

ISSUER = "https://id.example.org/realms/harbor/"
LOADED = """
import sys, django
django.setup()
from django.urls import resolve
resolve("/login")
print([name for name in ("mozilla_django_oidc", "accounts.oidc.views") if name in sys.modules])
"""


def read(**given: str) -> Any:
    return oidc_settings.read(Environment(None, given))


def test_without_an_issuer_nobody_signs_in_elsewhere(db: None) -> None:
    assert not read()
    assert Client().get("/oidc/login").status_code == 404
    assert "oidc" not in Client().get("/login").content.decode()


def test_without_an_issuer_nothing_of_it_is_loaded() -> None:
    command = [sys.executable, "-c", LOADED]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.stdout == "[]\n", ended.stderr


def test_the_issuer_is_kept_to_the_letter() -> None:
    found = read(ATOM_OIDC_ISSUER=ISSUER, ATOM_OIDC_CLIENT_ID="atom")
    assert (found.issuer, found.client_id, found.client_secret) == (ISSUER, "atom", "")
    assert found.creates_users is False
    assert "hush" not in repr(
        read(ATOM_OIDC_ISSUER=ISSUER, ATOM_OIDC_CLIENT_ID="a", ATOM_OIDC_CLIENT_SECRET="hush")
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ATOM_OIDC_ISSUER": ISSUER}, "ATOM_OIDC_CLIENT_ID"),
        ({"ATOM_OIDC_ISSUER": "http://id.example.org", "ATOM_OIDC_CLIENT_ID": "a"}, "https://"),
        ({"ATOM_OIDC_ISSUER": "id.example.org", "ATOM_OIDC_CLIENT_ID": "a"}, "http"),
    ],
)
def test_what_cannot_work_stops_the_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        read(**given)


def test_a_missing_extra_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_settings, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements/oidc\.txt"):
        read(ATOM_OIDC_ISSUER=ISSUER, ATOM_OIDC_CLIENT_ID="atom")


def test_a_client_without_an_issuer_is_noted() -> None:
    environment = Environment(None, {"ATOM_OIDC_CLIENT_ID": "atom"})
    assert not oidc_settings.read(environment)
    assert "no use" in environment.notes[0]


# The doctor.


def test_the_doctor_says_nothing_where_nobody_signs_in_elsewhere() -> None:
    assert list(oidc_doctor.examine()) == []


def test_the_doctor_finds_the_provider(stand_in: StandIn, settings: Any) -> None:
    settings.ATOM_PUBLIC_URL = "https://atom.example.org"
    found, address = oidc_doctor.examine()
    assert found.verdict is address.verdict is Verdict.GOOD
    assert "2 keys" in found.text
    assert "https://atom.example.org/oidc/callback" in address.text


def test_the_doctor_wants_an_address_to_come_back_to(stand_in: StandIn) -> None:
    assert list(oidc_doctor.examine())[1].verdict is Verdict.WARNING


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"issuer": "https://evil.example"}, "calls itself"),
        ({"jwks_uri": None}, "jwks_uri"),
        ({"code_challenge_methods_supported": []}, "PKCE"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_it(
    stand_in: StandIn, said: dict[str, Any], words: str
) -> None:
    stand_in.says = said
    [finding] = oidc_doctor.examine()
    assert finding.verdict is Verdict.BROKEN
    assert words in finding.text


def test_the_doctor_says_that_no_key_is_usable(stand_in: StandIn) -> None:
    stand_in.listed = []
    provider.forget()
    [finding] = oidc_doctor.examine()
    assert "none of its keys" in finding.text
