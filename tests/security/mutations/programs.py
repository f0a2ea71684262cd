"""What the programs are made of and how they are started."""

from __future__ import annotations

from pathlib import Path

from tests.security.mutations.mutation import Added, Body, Condition, Fragment, Mutation

REQUIREMENTS = Path("requirements.txt")
SOURCE = "tests/security/test_injection.py::source_does_without"

PROGRAMS = [
    Mutation("nothing is unpickled", "results", Added("import pickle"), SOURCE),
    Mutation("no XML is read", "results", Added("import xml.dom"), SOURCE),
    Mutation("no weak hash", "results", Added("from hashlib import md5"), SOURCE),
    Mutation(
        "no shell",
        "sandbox._child",
        Fragment("start_new_session=True", "start_new_session=True, shell=True"),
        SOURCE,
    ),
    Mutation(
        "packages are locked with their hashes",
        REQUIREMENTS,
        Fragment("    --hash=sha256:", "    # sha256:"),
        "tests/project/test_version_floors.py::every_line_of_a_lock_file",
    ),
    Mutation(
        "no version with a known hole",
        REQUIREMENTS,
        Fragment("\ndjango==5", "\ndjango==4"),
        "tests/project/test_version_floors.py::goes_below_a_floor",
    ),
    Mutation(
        "the server believes no proxy either",
        "_proxy_options",
        Body("return ('--proxy-headers',)"),
        "tests/project/test_up.py::believes_no_stranger",
    ),
    Mutation(
        "the web server imports nothing from where it was typed",
        "serving.web_command",
        Fragment("'-P', ", ""),
        "tests/project/test_up.py::nothing_is_imported_from",
    ),
    Mutation(
        "the model server leads nowhere else",
        "client._client",
        Fragment("follow_redirects=False", "follow_redirects=True"),
        "tests/analysis/test_model_engine.py::leads_nowhere_else",
    ),
    Mutation(
        "the server does not name itself",
        "web_command",
        Fragment(", '--no-server-header'", ""),
        "tests/security/test_wire.py::shows_itself",
    ),
    Mutation(
        "settings and database are for their owner only",
        "examine_mode",
        Condition("OTHERS", always=False),
        "tests/operations/test_file_modes.py::owner_only or others_can_read",
    ),
    Mutation(
        "secrets are for their owner only",
        "examine_secrets",
        Condition("mode", always=False),
        "tests/operations/test_doctor.py::secrets_that_others",
    ),
]
