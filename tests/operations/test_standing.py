"""Each command that touches data says on which, without a password and beside what it prints."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.management import call_command, get_commands, load_command_class

from atom_project import addresses
from documents.operations import standing
from documents.operations.standing import DataCommand

OWN = sorted(name for name, app in get_commands().items() if app == "documents")


@pytest.mark.parametrize("name", OWN)
def test_every_command_of_ours_says_on_which_data_it_stands(name):
    assert isinstance(load_command_class("documents", name), DataCommand)


def test_the_line_stands_on_stderr_and_is_left_out_for_programs(db, capsys):
    call_command("resume")
    said = capsys.readouterr()
    assert said.err == standing.in_one_line() + "\n"
    assert said.out == "The line is not paused.\n"
    call_command("resume", verbosity=0)
    assert capsys.readouterr().err == ""


def test_no_password_is_in_it(monkeypatch):
    facts = {"NAME": "atom", "USER": "ada", "PASSWORD": "geheim", "HOST": "db", "PORT": "5433"}
    stand_in = SimpleNamespace(vendor="postgresql", settings_dict=facts)
    monkeypatch.setattr(addresses, "connection", stand_in)
    said = addresses.database_in_words()
    assert said == "the PostgreSQL database atom as ada at db:5433"
