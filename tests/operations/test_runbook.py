"""What the runbook tells somebody to type, set or look at at night is there."""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, resolve

from atom_project.problem_codes import ProblemCode
from documents.failures import FailureCode
from tests.operations.test_deployment import command_lines, settings_read
from tests.operations.test_metric_families import RULES, names_told
from tests.operations.test_metrics import scrape as scrape
from tests.processes import ROOT

PAGE = (ROOT / "docs/runbook.md").read_text()
INCIDENTS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]


def test_there_are_ten_incidents_and_each_says_what_is_seen_what_to_look_at_and_what_to_do():
    assert len(INCIDENTS) == 10
    for incident in INCIDENTS:
        for part in ("**Seen:**", "**Look at:**", "**Do:**"):
            assert incident.count(part) == 1, incident.splitlines()[0]


def test_every_command_is_among_those_that_are_tried():
    told = set(re.findall(r"python manage\.py (\w+)", PAGE))
    assert told >= {"doctor", "backup", "restore", "resume", "migrate", "move"}
    assert told <= {line[0] for line in command_lines()}


def test_every_setting_is_one_that_is_read():
    named = set(re.findall(r"`((?:ATOM|OPENAI|DATABASE)_[A-Z_]+)`", PAGE))
    assert len(named) > 5
    assert named - settings_read() == set()


def test_every_unit_is_one_that_is_shipped():
    named = set(re.findall(r"\batom-(?:web|worker|backup)[@\d]*\.(?:service|timer)", PAGE))
    shipped = {path.name for path in (ROOT / "deploy").iterdir()}
    assert named
    assert {re.sub(r"@\d", "@", name) for name in named} - shipped == set()


def test_every_alert_is_one_that_is_shipped():
    assert set(re.findall(r"`(Atom\w+)`", PAGE)) == {rule["alert"] for rule in RULES}


def test_every_figure_is_told(scrape):
    told = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names_told()}
    assert set(re.findall(r"`(atom_\w+)`", PAGE)) - told == set()


def test_every_failure_code_exists():
    named = set(re.findall(r"`((?!atom_)[a-z]+(?:_[a-z]+)*)`", PAGE))
    assert "damaged" in named
    others = {"warning", "error", "pg_dump", "analyzing"}
    known = {code.value for codes in (FailureCode, ProblemCode) for code in codes}
    assert named - known - others == set()


@pytest.mark.parametrize("address", sorted(set(re.findall(r"`(/[a-z/]+)`", PAGE))))
def test_every_address_leads_somewhere(address):
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(f"{address} is nowhere")
